#include "p2p/protocol/call_relay.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "script/sign.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr double SEEN_FALSE_POSITIVE = 0.000001;
/// Clocks of two nodes may differ by so much.
constexpr int64_t CLOCK_SLACK_SEC = 7'200;
/// Blocks within which another node may know another owner of a name.
constexpr int32_t RECENT_BLOCKS = 6;
constexpr double MS = 1'000;

size_t BytesOf(const reward::CallMail& mail)
{
    constexpr size_t REST = 128;
    return mail.body.size() + REST;
}

} // namespace

void MailAllowance::Refill(const MailRate& rate, int64_t now_ms)
{
    if (m_mails < 0) {
        m_mails = rate.mails;
        m_bytes = rate.bytes;
    } else if (now_ms > m_at_ms) {
        const double passed_sec = static_cast<double>(now_ms - m_at_ms) / MS;
        m_mails = std::min(rate.mails, m_mails + passed_sec * rate.mails_per_sec);
        m_bytes = std::min(rate.bytes, m_bytes + passed_sec * rate.bytes_per_sec);
    }
    m_at_ms = now_ms;
}

bool MailAllowance::Take(const MailRate& rate, size_t bytes, int64_t now_ms)
{
    Refill(rate, now_ms);
    const auto wanted = static_cast<double>(bytes);
    if (m_mails < 1 || m_bytes < wanted) return false;
    m_mails -= 1;
    m_bytes -= wanted;
    return true;
}

bool MailAllowance::IsFull(const MailRate& rate, int64_t now_ms) const
{
    MailAllowance later = *this;
    later.Refill(rate, now_ms);
    return later.m_mails >= rate.mails && later.m_bytes >= rate.bytes;
}

CallRelay::CallRelay(Desk& desk)
    : m_desk(desk), m_seen(MAILS_REMEMBERED, SEEN_FALSE_POSITIVE, desk.deps.random)
{}

std::string CallRelay::Flaw(const reward::CallMail& mail, bool& wrong) const
{
    auto& chain = m_desk.deps.chain;
    const int64_t now = m_desk.deps.clock.NowSec();
    const int64_t expiry = mail.expiry;
    if (expiry <= now) return "it is over";
    if (expiry > now + reward::MAX_MAIL_LIFE_SEC) {
        wrong = expiry > now + reward::MAX_MAIL_LIFE_SEC + CLOCK_SLACK_SEC;
        return "it would live longer than an hour";
    }
    const auto sender = chain.Names().Find(mail.from.Name());
    if (!sender || !sender->live) return mail.from.Name() + " is not registered";
    const auto digest = reward::MailDigest(chain.Params().genesis_hash, mail);
    if (!script::VerifyDigest(sender->record.owner_script, digest, mail.signature, true)) {
        wrong = sender->record.updated_height + RECENT_BLOCKS < chain.GetTip().height;
        return "it is not signed by the owner of " + mail.from.Name();
    }
    if (mail.kind == reward::MailKind::Hello) return {};
    const auto receiver = chain.Names().Find(mail.to.Name());
    if (!receiver || !receiver->live) return mail.to.Name() + " is not registered";
    return {};
}

bool CallRelay::Affords(const reward::BatchParty& sender, size_t bytes)
{
    const int64_t now = m_desk.NowMs();
    if (!m_senders.contains(sender) && m_senders.size() >= MAX_MAIL_SENDERS) {
        std::erase_if(m_senders, [&](const auto& entry) { return entry.second.IsFull(SENDER_RATE, now); });
        if (m_senders.size() >= MAX_MAIL_SENDERS) return false;
    }
    return m_senders[sender].Take(SENDER_RATE, bytes, now) && m_all.Take(RELAY_RATE, bytes, now);
}

void CallRelay::On(Peer& peer, const reward::CallMail& mail)
{
    const size_t bytes = BytesOf(mail);
    if (!m_peers[peer.Id()].Take(PEER_RATE, bytes, m_desk.NowMs()))
        return m_desk.Punish(peer, "sends more call mail than any node passes on");
    if (m_desk.deps.chain.GetTip().initial_download) return;
    const auto digest = reward::MailDigest(m_desk.deps.chain.Params().genesis_hash, mail);
    base::Bytes id(digest.begin(), digest.end());
    id.insert(id.end(), mail.signature.begin(), mail.signature.end());
    if (m_seen.Contains(id)) return;
    m_seen.Add(id);
    bool wrong = false;
    std::string flaw = Flaw(mail, wrong);
    if (wrong) return m_desk.Punish(peer, "call mail: " + flaw);
    if (flaw.empty() && !Affords(mail.from, bytes)) flaw = mail.from.Name() + " sends too much";
    if (!flaw.empty()) {
        EMC_LOG(m_desk.deps.log, Debug, Calls, "mail of %s from peer %llu (%s) is not passed on: %s",
                mail.from.Name().c_str(), static_cast<unsigned long long>(peer.Id()), peer.link.name.c_str(),
                flaw.c_str());
        return;
    }
    if (m_receiver) m_receiver(mail, peer.link.name);
    Forward(mail, peer.Id());
}

void CallRelay::OnClosed(PeerId peer)
{
    m_peers.erase(peer);
}

size_t CallRelay::Forward(const reward::CallMail& mail, PeerId from)
{
    size_t count = 0;
    const CallMailMessage message{mail};
    m_desk.ForEachReady([&](Peer& peer) {
        if (peer.Id() == from || !peer.relays_transactions || m_desk.Busy(peer)) return;
        m_desk.Send(peer, message);
        ++count;
    });
    return count;
}

size_t CallRelay::Post(const reward::CallMail& mail)
{
    const auto digest = reward::MailDigest(m_desk.deps.chain.Params().genesis_hash, mail);
    base::Bytes id(digest.begin(), digest.end());
    id.insert(id.end(), mail.signature.begin(), mail.signature.end());
    m_seen.Add(id);
    return Forward(mail, 0);
}

void CallRelay::SetReceiver(interfaces::CallPost::Receiver receiver)
{
    m_receiver = std::move(receiver);
}

} // namespace emc::p2p
