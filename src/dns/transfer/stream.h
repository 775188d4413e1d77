/// The messages of a transfer, made one at a time: AXFR (RFC 5936) and IXFR (RFC 1995).
#pragma once

#include "dns/transfer/history.h"

namespace emc::dns {

/// Records in the order in which they are sent. One thread.
class RecordSource
{
public:
    virtual ~RecordSource() = default;
    /// The next record, valid until the next call; empty at the end.
    [[nodiscard]] virtual ByteSpan Next() = 0;
};

/// SOA, NS, every entry, SOA. `state` must have a view.
[[nodiscard]] std::unique_ptr<RecordSource> WholeZone(std::shared_ptr<const TransferState> state,
                                                      const ZoneConfig& config, const Zone& zone);
/// What a copy with serial `have` needs: the SOA alone when it is not older, the changes when they are still
/// known, else the whole zone; null when that is needed and there is no view.
[[nodiscard]] std::unique_ptr<RecordSource> ChangesSince(uint32_t have,
                                                         std::shared_ptr<const TransferState> state,
                                                         const ZoneConfig& config, const Zone& zone);

/// Packs records into messages. One thread.
class MessagePacker
{
public:
    /// Messages are filled up to about this; a single larger record still goes out alone.
    static constexpr size_t FULL_BYTES = 32 * 1024;

    /// `question_end`: where the question of `packet` ends. Every message carries the same question, since
    /// records point to its name.
    MessagePacker(ByteSpan packet, size_t question_end, std::unique_ptr<RecordSource> source);

    /// The next message, ready to be signed; false behind the last.
    [[nodiscard]] bool Next(Bytes& out);

    [[nodiscard]] uint64_t Records() const { return m_records; }

private:
    const Bytes m_head; ///< header and question
    const std::unique_ptr<RecordSource> m_source;
    ByteSpan m_pending; ///< did not fit into the last message
    uint64_t m_records = 0;
};

} // namespace emc::dns
