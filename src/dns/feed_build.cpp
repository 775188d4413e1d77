#include "base/clock.h"
#include "dns/feed.h"

#include <malloc.h>

namespace emc::dns {

namespace {

constexpr size_t BATCH_NAMES = 4096;
constexpr int64_t PROGRESS_US = 5'000'000;

/// "enum:18009359935:" of "enum:18009359935:0".
std::string_view UpToLastColon(std::string_view name)
{
    return name.substr(0, name.rfind(':') + 1);
}

/// Names under a prefix in batches, read outside the callback. A batch never splits the slots of one number.
class BatchReader
{
public:
    BatchReader(const interfaces::NameReader& names, std::string prefix)
        : m_names(names), m_prefix(std::move(prefix)), m_from(m_prefix)
    {}

    /// Empty at the end.
    [[nodiscard]] std::vector<interfaces::NameInfo> Next()
    {
        std::vector<interfaces::NameInfo> out;
        if (m_done) return out;
        m_done = true;
        m_names.Scan(m_from, [&](const interfaces::NameInfo& info) {
            if (!std::string_view(info.name).starts_with(m_prefix)) return false;
            if (out.size() >= BATCH_NAMES && UpToLastColon(info.name) != UpToLastColon(out.back().name)) {
                m_from = info.name;
                m_done = false;
                return false;
            }
            out.push_back(info);
            return true;
        });
        return out;
    }

private:
    const interfaces::NameReader& m_names;
    const std::string m_prefix;
    std::string m_from;
    bool m_done = false;
};

} // namespace

void Feed::Progress(bool done)
{
    const int64_t now = base::SteadyMicros();
    if (!done && now - m_progress_us < PROGRESS_US) return;
    m_progress_us = now;
    const auto names = static_cast<unsigned long long>(m_seen);
    const auto kib = static_cast<unsigned long long>(m_parts.store->Bytes() / 1024);
    const double seconds = static_cast<double>(now - m_build_began_us) / 1e6;
    if (!done) {
        EMC_LOG(*m_parts.log, Info, Dns, "reading names into the DNS zone: %llu after %.0f s", names,
                seconds);
        return;
    }
    const bool whole = m_parts.store->HoldsAllNumbers() && m_parts.store->HoldsAllNames();
    EMC_LOG(*m_parts.log, Info, Dns, "DNS zone ready: %llu names read, %llu KiB, %.1f s%s", names, kib,
            seconds, whole ? "" : "; -dnscache is used up, the rest is read from disk when asked for");
}

void Feed::Build()
{
    m_build_began_us = m_progress_us = base::SteadyMicros();
    m_seen = 0;
    m_depends.clear();
    m_expired.clear();
    ZoneStore::Loader loader(*m_parts.store);
    bool numbers = true;
    for (const Zone& zone : m_parts.compiler->Config().zones) {
        if (zone.IsEnum() && numbers) numbers = BuildNumbers(zone, loader);
    }
    const bool domains = BuildDomains(loader);
    if (m_stop.Requested()) return;
    loader.Finish(numbers, domains);
    m_built = true;
    m_memo.clear();
    malloc_trim(0); // the loader's buffers, up to twice the zone, go back to the system
    Progress(true);
}

/// False when memory did not hold them all.
bool Feed::BuildNumbers(const Zone& zone, ZoneStore::Loader& loader)
{
    const Compiler& compiler = *m_parts.compiler;
    BatchReader reader(compiler.Names(), zone.label + ":");
    Compiler::Group group;
    const auto finish_group = [&] {
        if (group.empty()) return true;
        const auto target = TargetOf(group.front().name);
        base::Bytes entry;
        if (target && target->zone == &zone) {
            const auto number = enumrec::Number::FromValue(NumberOfKey(target->key));
            if (number) entry = Take(compiler.CompileNumber(zone, *number, group, Now(), m_memo));
        }
        group.clear();
        return entry.empty() || loader.Add(entry);
    };
    for (auto batch = reader.Next(); !batch.empty(); batch = reader.Next()) {
        for (interfaces::NameInfo& info : batch) {
            if (!group.empty() && UpToLastColon(group.back().name) != UpToLastColon(info.name) &&
                !finish_group()) {
                return false;
            }
            group.push_back(std::move(info));
        }
        m_seen += batch.size();
        Progress(false);
        if (m_stop.Requested()) return false;
    }
    return finish_group();
}

bool Feed::BuildDomains(ZoneStore::Loader& loader)
{
    BatchReader reader(m_parts.compiler->Names(), "dns:");
    for (auto batch = reader.Next(); !batch.empty(); batch = reader.Next()) {
        for (const interfaces::NameInfo& info : batch) {
            const auto target = TargetOf(info.name);
            const bool numbered = info.name.rfind(':') != info.name.find(':');
            // Of several candidates for one signed name the first brings them all in.
            if (!target || (numbered && !info.name.ends_with(":0"))) continue;
            const auto entry = Take(m_parts.compiler->CompileDomain(*target->zone, target->key, Now(), m_memo,
                                                                    numbered ? nullptr : &info));
            if (!entry.empty() && !loader.Add(entry)) return false;
        }
        m_seen += batch.size();
        Progress(false);
        if (m_stop.Requested()) return false;
    }
    return true;
}

} // namespace emc::dns
