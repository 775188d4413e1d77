#pragma once
// Everything behind the sockets of a DNS server, over names that tests write.

#include "base/clock.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "dns/answer/answer.h"
#include "dns/records/local_file.h"
#include "dns/records/revocation.h"
#include "dns/records/toll_free.h"
#include "dns/transfer/service.h"
#include "dns/zone/feed.h"
#include "names/resolve.h"
#include "script/address.h"
#include "script/sign.h"
#include "unit/dns/fake_chain.h"
#include "unit/dns/reply.h"

namespace emc::test {

struct RigOptions {
    std::string zones = "$enum|.coin|~open|!sigz";
    std::string suffix;
    std::string self_names;
    std::string local_file;
    std::vector<std::string> trust = {"ver:enum"};
    std::vector<std::string> toll_free;
    bool natural = false;
    size_t max_bytes = size_t{64} << 20;
    int32_t height = 100;
    bool initial_download = false;
    dns::TransferOptions transfer;
    const dns::ZoneSigners* signers = nullptr;
};

class Rig
{
public:
    explicit Rig(FakeNames& fake_names, const RigOptions& options = {});
    ~Rig();

    /// The answer's bytes; empty when there is none.
    std::vector<uint8_t> Ask(const std::vector<uint8_t>& packet);
    Reply Ask(std::string_view name, unsigned type, std::optional<unsigned> edns = std::nullopt);
    /// Data of the answers, sorted by their place, joined with " / "; "rcode N" or "nodata" when there are
    /// none.
    std::string Text(std::string_view name, unsigned type);
    /// A new block: tip at `height` after names changed.
    void Block(int32_t height, const std::vector<std::string>& changed);

    FakeNames& names;
    FakeEvents events;
    base::Clock clock;
    base::Logger log;
    script::AddressParams addresses;
    dns::ZoneConfig config;
    dns::ZoneStore store;
    dns::ChainState chain;
    dns::PatientRevocation revocation;
    dns::TollFreeSources toll_free;
    dns::LocalFile local;
    dns::Compiler compiler;
    crypto::SystemRandom random;
    dns::TransferService transfers;
    dns::Feed feed;
    dns::Counters counters;
    dns::Answerer answerer;
    dns::Client client; ///< who asks

private:
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

/// A key that can own names and sign as a verifier.
struct TestKey {
    explicit TestKey(uint8_t fill);
    crypto::PrivateKey key;
    base::Bytes script; ///< P2PKH

    /// "SIG=verifier|…" for a number owned by `owner`.
    [[nodiscard]] std::string SigLine(const std::string& digits, const TestKey& owner,
                                      uint32_t expiry = 0) const;
    /// Base64 of a signed message.
    [[nodiscard]] std::string SignText(const std::string& text) const;
};

} // namespace emc::test
