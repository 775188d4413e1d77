/// Zone transfers as the server sees them: options in, a handler for the transports and a listener for the
/// feed out.
#pragma once

#include "base/memory.h"
#include "dns/transfer/history.h"
#include "dns/transfer/tsig.h"
#include "dns/transport/exchange.h"

namespace emc::base {
class Clock;
class RandomSource;
} // namespace emc::base

namespace emc::dns {

class Compiler;

struct TransferOptions {
    std::vector<std::string> keys;   ///< -emcdnstsig: "name:algorithm:base64"
    std::vector<std::string> files;  ///< the same, files of keys
    std::vector<std::string> allow;  ///< -emcdnsxfr
    std::vector<std::string> notify; ///< -emcdnsnotify
    std::string serial_file;         ///< empty: serials do not outlive the process
};

/// Runs from Start to Stop; everything in the parts must outlive it.
class TransferService final : public TransferHandler, public ChangeListener
{
public:
    static constexpr size_t THREADS = 8;      ///< transfers at a time
    static constexpr size_t MAX_WAITING = 64; ///< more are refused

    struct Parts {
        const ZoneConfig* config = nullptr;
        const ZoneStore* store = nullptr;
        const Compiler* compiler = nullptr; ///< knows whose signatures count
        const base::Clock* clock = nullptr;
        base::Logger* log = nullptr;
        base::RandomSource* random = nullptr;
    };

    explicit TransferService(const Parts& parts);
    ~TransferService() override;
    TransferService(const TransferService&) = delete;
    TransferService& operator=(const TransferService&) = delete;

    /// Reads the options and begins. Errors are sentences that name the option.
    [[nodiscard]] base::Expected<void, std::string> Start(const TransferOptions& options);
    /// Ends all transfers within a moment.
    void Stop();

    /// False when the options name nobody: then serials are heights and changes are not followed.
    [[nodiscard]] bool Enabled() const;
    [[nodiscard]] const TsigKeys& Keys() const;
    /// Null while not enabled.
    [[nodiscard]] const ZoneSerials* Serials() const;

    struct Counts {
        uint64_t whole = 0;   ///< AXFR and IXFR answered with the whole zone
        uint64_t changes = 0; ///< IXFR answered with changes, or with nothing new
        uint64_t refused = 0;
        uint64_t notified = 0; ///< messages sent
    };

    [[nodiscard]] Counts GetCounts() const;

    void OnRebuild() override;
    void OnChanged(const std::vector<base::Bytes>& keys) override;
    void OnSettled(const base::Hash256& tip, int32_t height) override;
    void OnStream(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> replies) override;
    [[nodiscard]] size_t OnDatagram(ByteSpan packet, const Client& client, std::span<uint8_t> out) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
