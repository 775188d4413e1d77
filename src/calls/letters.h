/// Letters this side writes: to whom they can be sealed, who signs them, how batches go with them.
#pragma once

#include "calls/exchange.h"
#include "interfaces/call_batches.h"

namespace emc::reward {
struct CallMail;
}

namespace emc::calls {

/// Keys of other owners are known from their mail only, so nobody gets a letter who was never heard from.
class Letters
{
public:
    template <typename T>
    using Result = interfaces::CallBatches::Result<T>;

    /// All of them must outlive it.
    Letters(const Exchange::Own& own, const BatchDeps& rooms, const ExchangeDeps& deps);
    ~Letters();
    Letters(const Letters&) = delete;
    Letters& operator=(const Letters&) = delete;

    // Any thread:

    /// Keeps the key of an owner whose mail came; true when nothing was heard of this number before.
    bool Hear(const reward::CallMail& mail);
    /// When mail of a number's owner came last, unix seconds; nullopt: none since the start.
    [[nodiscard]] std::optional<int64_t> HeardAt(const reward::BatchParty& party) const;
    /// The loaded wallet that owns a number; null: none, or the number is not live.
    [[nodiscard]] std::shared_ptr<interfaces::WalletApi> WalletOf(const reward::BatchParty& party) const;
    /// Failures as CallBatches::Send.
    [[nodiscard]] Result<void> Send(const reward::BatchParty& from, const reward::BatchParty& to,
                                    base::ByteSpan content);
    /// See CallBatches::Send.
    [[nodiscard]] Result<interfaces::BatchInfo> SendBatch(const base::Hash256& id);
    /// The same; the log says why it was not sent.
    void HandOver(const interfaces::BatchInfo& info);
    /// Numbers of a wallet that have calls; the first 20.
    [[nodiscard]] std::vector<reward::BatchParty> OwnNumbers(const interfaces::WalletApi& wallet) const;
    /// Tells everybody the keys of the own numbers; false when nobody heard it.
    bool SayHello();

private:
    [[nodiscard]] Result<reward::CallMail> Signed(reward::CallMail mail, interfaces::WalletApi& wallet) const;

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The first byte of what is sealed in a letter.
inline constexpr uint8_t LETTER_BATCH = 1;
inline constexpr uint8_t LETTER_REFUSAL = 2;

} // namespace emc::calls
