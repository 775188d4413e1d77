/// Sockets of ZeroMQ that publish. Sending never waits: what a slow listener has not taken is dropped beyond
/// its high-water mark.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "base/memory.h"
#include "interfaces/notify.h"

namespace emc::notify {

/// The topics there are.
enum class Topic : uint8_t { HashBlock, HashTx, RawBlock, RawTx, Sequence, Name, CallReward };
inline constexpr std::string_view TOPIC_NAMES[] = {"hashblock", "hashtx", "rawblock",  "rawtx",
                                                   "sequence",  "name",   "callreward"};

/// One thread at a time; opened by another one than sends.
class Publisher
{
public:
    /// Binds a socket for each address. The error is a sentence; it says so when the program was built
    /// without ZeroMQ.
    [[nodiscard]] static base::Expected<std::unique_ptr<Publisher>, std::string>
    Open(const std::vector<interfaces::Publication>& publications);

    struct Impl;
    explicit Publisher(std::unique_ptr<Impl> impl);
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    /// Is there an address for this topic?
    [[nodiscard]] bool Wants(Topic topic) const;
    /// Three parts: topic, body, number of this message of the topic at the address (4 bytes, little-endian).
    void Send(Topic topic, base::ByteSpan body);
    /// Messages were lost before they came here: every topic leaves out a number, so that listeners see it.
    void SkipNumbers();

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::notify
