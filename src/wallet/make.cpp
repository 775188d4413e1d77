#include "wallet/make.h"

#include "base/check.h"
#include "base/random.h"
#include "crypto/random.h"
#include "script/phrase.h"
#include "wallet/keys.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr uint32_t MAIN_COIN_TYPE = 6;
constexpr uint32_t TEST_COIN_TYPE = 1;
/// Twelve words; what an attack on the curve costs is no more.
constexpr size_t ENTROPY_BYTES = 16;

void WipeRows(RowBatch& rows)
{
    for (auto& row : rows) {
        if (row.value) crypto::Wipe(*row.value);
    }
}

} // namespace

uint32_t CoinTypeOf(std::string_view network)
{
    return network == "main" ? MAIN_COIN_TYPE : TEST_COIN_TYPE;
}

uint32_t FlagsOf(const interfaces::NewWallet& plan)
{
    const bool blank = plan.blank || !plan.private_keys;
    return (plan.private_keys ? 0 : FLAG_NO_PRIVATE_KEYS) | (blank ? FLAG_BLANK : 0) |
           (plan.avoid_reuse ? FLAG_AVOID_REUSE : 0) | (plan.external_signer ? FLAG_EXTERNAL_SIGNER : 0);
}

Result<RowBatch> MakeKeys(KeyRing& keys, const KeyMaking& making)
{
    RowBatch rows;
    if (!making.plan.private_keys) return rows;
    if (!making.plan.passphrase.empty()) {
        SecureBytes master = NewMasterKey(making.random);
        const auto row =
            SealMaster(master, making.plan.passphrase, CalibrateCost(making.passphrase_ms), making.random);
        if (!row) return FailWith(CODE_ENCRYPTION_FAILED, "There is not enough memory to encrypt the wallet");
        rows.push_back(MakeRow(*row));
        keys.Secrets().SetMaster(*row);
        EMC_CHECK(keys.Secrets().Open(std::move(master)));
    }
    if (!making.plan.blank) {
        SecureBytes entropy(ENTROPY_BYTES);
        making.random.Fill(entropy.Mutable());
        RowBatch seed = keys.SetSeed(script::SeedOfPhrase(entropy.Span(), "").Span(), making.random);
        if (seed.empty()) return FailWith(CODE_WALLET, "The random seed gives no keys; try again");
        seed.push_back(keys.Secrets().Add(PhraseKey(), entropy.Span(), making.random));
        rows.insert(rows.end(), seed.begin(), seed.end());
        WipeRows(seed);
        keys.Ready();
    }
    keys.Lock();
    return rows;
}

Result<void> MakeWalletFile(const std::string& folder, const std::string& network, int64_t now_sec,
                            const KeyMaking& making)
{
    KeyRing keys(CoinTypeOf(network), 1);
    auto rows = MakeKeys(keys, making);
    if (!rows) return base::Unexpected(rows.Error());
    rows->push_back(MakeRow(HeaderRow{FILE_VERSION, network, now_sec, FlagsOf(making.plan)}));
    const auto store = Store::Open(folder, Store::Mode::Create, *rows);
    WipeRows(*rows);
    if (!store) return FailWith(store.Error());
    return {};
}

} // namespace emc::wallet
