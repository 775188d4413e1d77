#pragma once
// Names without a chain, for tests of the DNS server.

#include "base/mutex.h"
#include "interfaces/chain.h"
#include "unit/fake_events.h"

#include <map>

namespace emc::test {

/// A record with `count` addresses, 1 to 254: "A=10.0.0.1,10.0.0.2,…".
inline std::string ManyAddresses(int count)
{
    std::string out = "A=10.0.0.1";
    for (int i = 2; i <= count; ++i)
        out += ",10.0.0." + std::to_string(i);
    return out;
}

/// A name state that tests write to directly. Any thread.
class FakeNames final : public interfaces::NameReader
{
public:
    static constexpr int32_t FOREVER = 1'000'000;

    void Put(const std::string& name, std::string_view value, const base::Bytes& owner_script = {},
             int32_t expiry = FOREVER)
    {
        names::NameRecord record;
        record.value = base::ToBytes(value);
        record.owner_script = owner_script;
        record.expiry = expiry;
        const base::LockGuard lock(m_mutex);
        m_names[name] = record;
    }

    void Erase(const std::string& name)
    {
        const base::LockGuard lock(m_mutex);
        m_names.erase(name);
    }

    void SetTip(const interfaces::Tip& tip)
    {
        const base::LockGuard lock(m_mutex);
        m_tip = tip;
    }

    /// Look-ups so far, Find and Scan together.
    [[nodiscard]] uint64_t Reads() const
    {
        const base::LockGuard lock(m_mutex);
        return m_reads;
    }

    [[nodiscard]] std::optional<interfaces::NameInfo> Find(std::string_view name) const override
    {
        const base::LockGuard lock(m_mutex);
        ++m_reads;
        const auto at = m_names.find(name);
        if (at == m_names.end()) return std::nullopt;
        return Info(*at);
    }

    void Scan(std::string_view from,
              const std::function<bool(const interfaces::NameInfo&)>& visit) const override
    {
        const base::LockGuard lock(m_mutex);
        ++m_reads;
        for (auto at = m_names.lower_bound(from); at != m_names.end() && visit(Info(*at)); ++at) {
        }
    }

    void ByOwner(base::ByteSpan, const std::function<bool(const interfaces::NameInfo&)>&) const override {}

    [[nodiscard]] interfaces::Tip NamesTip() const override
    {
        const base::LockGuard lock(m_mutex);
        return m_tip;
    }

    [[nodiscard]] Stats NameStats() const override { return {}; }

private:
    using Map = std::map<std::string, names::NameRecord, std::less<>>;

    [[nodiscard]] interfaces::NameInfo Info(const Map::value_type& item) const
    {
        return {item.first, item.second, item.second.LiveAt(m_tip.height)};
    }

    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    Map m_names;
    interfaces::Tip m_tip;
    mutable uint64_t m_reads = 0;
};

} // namespace emc::test
