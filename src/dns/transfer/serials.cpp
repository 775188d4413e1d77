#include "dns/transfer/serials.h"

#include "crypto/sha256.h"
#include "dns/records/files.h"

#include <algorithm>
#include <charconv>

namespace emc::dns {

namespace {

constexpr size_t MAX_FILE_BYTES = 64 * 1024;

/// The line without its end, taken off `text`.
std::string_view TakeLine(std::string_view& text)
{
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

} // namespace

ZoneSerials::ZoneSerials(const ZoneConfig& config, std::string path)
    : m_config(config), m_path(std::move(path)), m_trusted(config.trusted)
{
    if (m_path.empty()) return;
    if (const auto text = ReadSmallFile(m_path, MAX_FILE_BYTES)) Read(*text);
}

/// What decides the content of the zones, besides the chain.
std::string ZoneSerials::Fingerprint() const
{
    std::string text = EMC_VERSION;
    for (const Zone& zone : m_config.zones) {
        text += '\n' + std::to_string(static_cast<int>(zone.kind)) + zone.label + ' ';
        text += std::to_string(zone.limit);
    }
    for (const Bytes& name : m_config.self_names)
        text += '\n' + NameToText(name);
    for (const std::string& name : m_trusted)
        text += '\n' + name;
    return base::Hex(crypto::Sha256Of(base::AsBytes(text)).Span());
}

/// "tip fingerprint", then lines "zone serial". A damaged line counts as none.
void ZoneSerials::Read(const std::string& text)
{
    std::string_view rest = text;
    m_saved_for = TakeLine(rest);
    while (!rest.empty()) {
        const std::string_view line = TakeLine(rest);
        const size_t blank = line.find(' ');
        if (blank == std::string_view::npos) continue;
        const Zone* zone = m_config.Find(line.substr(0, blank));
        uint32_t serial = 0;
        const auto [end, error] = std::from_chars(line.data() + blank + 1, line.data() + line.size(), serial);
        if (zone != nullptr && error == std::errc() && end == line.data() + line.size()) Set(*zone, serial);
    }
}

void ZoneSerials::Resume(const base::Hash256& tip, int32_t height)
{
    const bool same = m_saved_for == base::ReversedHex(tip) + ' ' + Fingerprint();
    for (const Zone& zone : m_config.zones) {
        const uint32_t known = Of(zone);
        const auto now = static_cast<uint32_t>(std::max(height, 0));
        if (known == 0) {
            Set(zone, std::max(now, 1u)); // never handed out
        } else if (!same) {
            Set(zone, SerialIsNewer(now, known + JUMP) ? now : known + JUMP);
        }
    }
}

uint32_t ZoneSerials::Next(const Zone& zone, int32_t height) const
{
    const uint32_t next = Of(zone) + 1;
    const auto now = static_cast<uint32_t>(std::max(height, 0));
    const uint32_t out = SerialIsNewer(now, next) ? now : next;
    return out == 0 ? 1 : out;
}

bool ZoneSerials::Save(const base::Hash256& tip) const
{
    if (m_path.empty()) return true;
    std::string text = base::ReversedHex(tip) + ' ' + Fingerprint() + '\n';
    for (const Zone& zone : m_config.zones)
        text += zone.label + ' ' + std::to_string(Of(zone)) + '\n';
    return ReplaceSmallFile(m_path, text);
}

} // namespace emc::dns
