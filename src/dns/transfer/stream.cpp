#include "dns/transfer/stream.h"

#include "base/check.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint16_t FLAGS_ANSWER = 0x8400; // QR, AA
constexpr uint16_t FLAG_RD = 0x0100;

Bytes Soa(const ZoneConfig& config, uint32_t serial)
{
    const SoaRecord record = MakeSoa(config, QUESTION_POINTER, serial);
    return {record.Span().begin(), record.Span().end()};
}

class WholeZoneSource final : public RecordSource
{
public:
    WholeZoneSource(std::shared_ptr<const TransferState> state, const ZoneConfig& config, const Zone& zone)
        : m_soa(Soa(config, state->zones[zone.index].serial)), m_walker(state->view, config, zone),
          m_buffer(ApexServerRecords(config)), m_left(m_buffer)
    {}

    [[nodiscard]] ByteSpan Next() override
    {
        if (m_step == Step::First) {
            m_step = Step::Entries;
            return m_soa;
        }
        if (m_step == Step::Entries) {
            if (m_left.empty() && m_walker.Next(m_buffer)) m_left = m_buffer;
            if (!m_left.empty()) return TakeRecord(m_left);
            m_step = Step::End;
            return m_soa;
        }
        return {};
    }

private:
    enum class Step : uint8_t { First, Entries, End };

    const Bytes m_soa;
    ZoneWalker m_walker;
    Bytes m_buffer;
    ByteSpan m_left;
    Step m_step = Step::First;
};

/// Runs of records, one behind the other.
class ChangesSource final : public RecordSource
{
public:
    using Deltas = std::vector<std::shared_ptr<const ZoneDelta>>;

    ChangesSource(Deltas deltas, const ZoneConfig& config, uint32_t serial)
        : m_deltas(std::move(deltas)), m_config(config), m_soa(Soa(config, serial))
    {}

    [[nodiscard]] ByteSpan Next() override
    {
        while (m_left.empty()) {
            if (m_step > 4 * m_deltas.size() + 1 || (m_deltas.empty() && m_step > 0)) return {};
            m_left = Run(m_step++);
        }
        return TakeRecord(m_left);
    }

private:
    /// Run 0 is the new SOA, then come four for each change: old SOA, removed, new SOA, added; then the new
    /// SOA.
    ByteSpan Run(size_t step)
    {
        if (step == 0 || step == 4 * m_deltas.size() + 1) return m_soa;
        const ZoneDelta& delta = *m_deltas[(step - 1) / 4];
        switch ((step - 1) % 4) {
        case 0:
            m_buffer = Soa(m_config, delta.from);
            return m_buffer;
        case 1:
            return delta.removed;
        case 2:
            m_buffer = Soa(m_config, delta.to);
            return m_buffer;
        default:
            return delta.added;
        }
    }

    const Deltas m_deltas;
    const ZoneConfig& m_config;
    const Bytes m_soa;
    Bytes m_buffer;
    ByteSpan m_left;
    size_t m_step = 0;
};

Bytes Head(ByteSpan packet, size_t question_end)
{
    EMC_CHECK(question_end > HEADER_BYTES && question_end <= packet.size());
    Bytes out(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(question_end));
    const auto flags = static_cast<uint16_t>(FLAGS_ANSWER | ((packet[2] << 8 | packet[3]) & FLAG_RD));
    out[2] = static_cast<uint8_t>(flags >> 8);
    out[3] = static_cast<uint8_t>(flags);
    std::fill(out.begin() + 6, out.begin() + HEADER_BYTES, uint8_t{0});
    return out;
}

} // namespace

std::unique_ptr<RecordSource> WholeZone(std::shared_ptr<const TransferState> state, const ZoneConfig& config,
                                        const Zone& zone)
{
    EMC_CHECK(state->view != nullptr);
    return std::make_unique<WholeZoneSource>(std::move(state), config, zone);
}

std::unique_ptr<RecordSource> ChangesSince(uint32_t have, std::shared_ptr<const TransferState> state,
                                           const ZoneConfig& config, const Zone& zone)
{
    const TransferState::PerZone& now = state->zones[zone.index];
    const uint32_t serial = now.serial;
    if (!SerialIsNewer(serial, have)) {
        return std::make_unique<ChangesSource>(ChangesSource::Deltas(), config, serial);
    }
    const auto first = std::find_if(now.deltas.begin(), now.deltas.end(),
                                    [&](const auto& delta) { return delta->from == have; });
    if (first != now.deltas.end()) {
        return std::make_unique<ChangesSource>(ChangesSource::Deltas(first, now.deltas.end()), config,
                                               serial);
    }
    if (!state->view) return nullptr;
    return WholeZone(std::move(state), config, zone);
}

MessagePacker::MessagePacker(ByteSpan packet, size_t question_end, std::unique_ptr<RecordSource> source)
    : m_head(Head(packet, question_end)), m_source(std::move(source))
{
    m_pending = m_source->Next();
}

bool MessagePacker::Next(Bytes& out)
{
    if (m_pending.empty()) return false;
    out = m_head;
    uint16_t count = 0;
    while (!m_pending.empty() && (count == 0 || out.size() + m_pending.size() <= FULL_BYTES)) {
        out.insert(out.end(), m_pending.begin(), m_pending.end());
        ++count;
        m_pending = m_source->Next();
    }
    out[6] = static_cast<uint8_t>(count >> 8);
    out[7] = static_cast<uint8_t>(count);
    m_records += count;
    return true;
}

} // namespace emc::dns
