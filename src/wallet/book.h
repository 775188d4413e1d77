/// What a wallet knows and stores. Everything in it is guarded by the wallet's mutex.
#pragma once

#include "interfaces/wallet_parts.h"
#include "wallet/keys.h"
#include "wallet/ledger.h"
#include "wallet/wallet.h"

#include <map>
#include <set>

namespace emc::wallet {

/// A block the wallet has looked through.
struct Followed {
    Hash256 hash;
    int32_t height = -1;
};

struct Book {
    /// `params`: addresses of the network; `maturity`: of generated coins.
    Book(uint32_t coin_type, uint32_t look_ahead, const script::AddressParams& params, int32_t maturity)
        : keys(coin_type, look_ahead, params),
          ledger([this](ByteSpan script) { return OwnerOf(script); }, maturity)
    {}

    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    std::unique_ptr<Store> store;
    KeyRing keys;
    Ledger ledger;
    std::map<Bytes, std::string, BytesLess> labels; ///< by script
    /// Labels of what is neither a script nor a transaction of this wallet.
    std::map<std::pair<interfaces::LabelKind, std::string>, std::string> notes;
    /// Blocks followed, oldest first, the last ones without a gap; the last is the wallet's tip.
    std::vector<Followed> trail;
    int64_t birth_time = 0;
    uint32_t flags = 0;   ///< FLAG_… of the header
    bool unsaved = false; ///< a row could not be written: the file must not claim to be further than it is
    std::set<Hash256> refused; ///< transactions the node did not take; news of them are echoes

    [[nodiscard]] Followed Tip() const { return trail.empty() ? Followed{} : trail.back(); }

    void PushTip(const Hash256& hash, int32_t height);
    /// Adds the rows of what changed in the ledger.
    void CollectChanges(RowBatch& batch);
    [[nodiscard]] RowChange SyncedRowOf() const;

    [[nodiscard]] Owner OwnerOf(ByteSpan script) const
    {
        const auto origin = keys.Locate(script);
        return !origin ? Owner::Others : origin->change ? Owner::Change : Owner::Wallet;
    }

    [[nodiscard]] bool HoldsKeys() const { return (flags & FLAG_NO_PRIVATE_KEYS) == 0; }
};

} // namespace emc::wallet
