/// Mail between owners of telephone numbers: checked, handed to this node's own numbers, passed on.
#pragma once

#include "interfaces/call_post.h"
#include "p2p/protocol/desk.h"
#include "p2p/relay/rolling_filter.h"

namespace emc::p2p {

/// So much may come at once, and in the long run.
struct MailRate {
    double mails = 0;
    double mails_per_sec = 0;
    double bytes = 0;
    double bytes_per_sec = 0;
};

/// Of one sender's number; more of it is not passed on.
inline constexpr MailRate SENDER_RATE{20, 1.0 / 30, 2 << 20, 4 << 10};
/// Of all senders together; more is not passed on.
inline constexpr MailRate RELAY_RATE{100, 1, 8 << 20, 64 << 10};
/// Of one peer; who sends more, which no honest node does, is punished.
inline constexpr MailRate PEER_RATE{400, 4, 32 << 20, 256 << 10};
inline constexpr size_t MAX_MAIL_SENDERS = 10'000;
inline constexpr size_t MAILS_REMEMBERED = 20'000;

/// What is left of a rate.
class MailAllowance
{
public:
    /// False when it is used up; nothing is taken then.
    [[nodiscard]] bool Take(const MailRate& rate, size_t bytes, int64_t now_ms);
    /// Nothing was taken for so long that it is as good as new.
    [[nodiscard]] bool IsFull(const MailRate& rate, int64_t now_ms) const;

private:
    void Refill(const MailRate& rate, int64_t now_ms);

    double m_mails = -1; ///< −1: never used
    double m_bytes = 0;
    int64_t m_at_ms = 0;
};

/// The message thread only.
class CallRelay
{
public:
    explicit CallRelay(Desk& desk);

    void On(Peer& peer, const reward::CallMail& mail);
    void OnClosed(PeerId peer);
    /// Mail of this node; the number of peers it goes to.
    size_t Post(const reward::CallMail& mail);
    void SetReceiver(interfaces::CallPost::Receiver receiver);

private:
    /// Empty: it is what it says it is. `wrong` is set when no honest node passes it on.
    [[nodiscard]] std::string Flaw(const reward::CallMail& mail, bool& wrong) const;
    [[nodiscard]] bool Affords(const reward::BatchParty& sender, size_t bytes);
    size_t Forward(const reward::CallMail& mail, PeerId from);

    Desk& m_desk;
    RollingFilter m_seen; ///< by digest
    MailAllowance m_all;
    std::map<reward::BatchParty, MailAllowance> m_senders;
    std::map<PeerId, MailAllowance> m_peers;
    interfaces::CallPost::Receiver m_receiver;
};

} // namespace emc::p2p
