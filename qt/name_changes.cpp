#include "qt/name_changes.h"

#include "qt/text.h"

#include <algorithm>

namespace emc::qt {

namespace {

constexpr size_t NAMES_PER_TRANSACTION = 100;

/// Runs `action` on parts of at most NAMES_PER_TRANSACTION; false ends it.
template <typename Action>
void InParts(const NameChanges& changes, Action action)
{
    for (size_t from = 0; from < changes.size(); from += NAMES_PER_TRANSACTION) {
        const size_t to = std::min(from + NAMES_PER_TRANSACTION, changes.size());
        const NameChanges part(changes.begin() + static_cast<std::ptrdiff_t>(from),
                               changes.begin() + static_cast<std::ptrdiff_t>(to));
        if (!action(part, from)) return;
    }
}

/// The wallet refuses these, too, in the words programs know.
interfaces::Result<void> CheckNoneWaits(const interfaces::PoolReader& pool, const NameChanges& changes)
{
    for (const auto& change : changes) {
        const auto pending = pool.PendingNameOf(change.name);
        if (!pending) continue;
        interfaces::Failure out;
        out.message =
            ToUtf8(Words::tr("An earlier operation of %1 waits for a block, in transaction %2. "
                             "Nothing else can be done with the name until then.")
                       .arg(OneLine(base::AsBytes(change.name)), FromUtf8(base::ReversedHex(pending->txid))));
        return base::Unexpected(std::move(out));
    }
    return {};
}

} // namespace

interfaces::Result<interfaces::WalletNamesApi::NamePreview>
PreviewAll(interfaces::WalletApi& wallet, const interfaces::PoolReader& pool, const NameChanges& changes)
{
    if (auto free = CheckNoneWaits(pool, changes); !free) return base::Unexpected(free.Error());
    interfaces::Result<interfaces::WalletNamesApi::NamePreview> out =
        interfaces::WalletNamesApi::NamePreview{};
    InParts(changes, [&](const NameChanges& part, size_t) {
        auto preview = wallet.PreviewNames(part);
        if (!preview) {
            out = std::move(preview);
            return false;
        }
        out->burned += preview->burned;
        out->network_fee += preview->network_fee;
        out->expiry = std::max(out->expiry, preview->expiry);
        out->dropped_signatures += preview->dropped_signatures;
        return true;
    });
    return out;
}

interfaces::Result<base::Hash256> SendAll(interfaces::WalletApi& wallet, const interfaces::PoolReader& pool,
                                          const NameChanges& changes)
{
    if (auto free = CheckNoneWaits(pool, changes); !free) return base::Unexpected(free.Error());
    interfaces::Result<base::Hash256> out = base::Hash256{};
    InParts(changes, [&](const NameChanges& part, size_t sent) {
        out = wallet.ChangeNames(part);
        if (out) return true;
        auto failure = out.Error();
        if (sent > 0)
            failure.message +=
                " (" + std::to_string(sent) + " of " + std::to_string(changes.size()) + " names were sent)";
        out = base::Unexpected(std::move(failure));
        return false;
    });
    return out;
}

} // namespace emc::qt
