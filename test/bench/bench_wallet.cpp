// A wallet of many transactions and names: opening it, balance, choosing coins, a page of history, the list
// of names; everything else that goes through all of it; then reorganisations, backup, and encryption with as
// many imported keys as there are names. Usage: bench_wallet [transactions] [names among them] [addresses].
// The aims are those of a wallet with 200,000 transactions, 100,000 of them names.
#include "bench/timing.h"
#include "names/op_codec.h"
#include "unit/wallet/fake_node.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace emc;
using interfaces::WalletApi;

constexpr size_t TXS_PER_BLOCK = 2'000;
constexpr int ROUNDS = 9;
constexpr primitives::Amount NAME_AMOUNT = 10'000;
constexpr primitives::Amount SMALLEST_COIN = 50'000;

/// Removed at the end.
class Folder
{
public:
    Folder()
    {
        if (mkdtemp(m_path.data()) == nullptr) std::exit(1);
    }

    ~Folder() { std::filesystem::remove_all(m_path); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const std::string& Path() const { return m_path; }

private:
    std::string m_path = "/tmp/emc-bench-wallet-XXXXXX";
};

std::shared_ptr<WalletApi> Open(const std::string& folder, wallet::Store::Mode mode, test::FakeNode& node)
{
    auto opened = wallet::OpenWallet("", folder, mode, {}, node.Deps());
    if (opened) return *opened;
    std::fprintf(stderr, "%s\n", opened.Error().message.c_str());
    std::exit(1);
}

primitives::TxRef NameTx(test::FakeNode& node, size_t number, const base::Bytes& owner)
{
    names::NameOp op;
    op.name = base::Format("enum:1800%07zu:0", number);
    op.days = 3'000;
    op.value = base::ToBytes("E2U+sip=100|10|!^(.*)$!sip:100@pbx.example!");
    op.owner_script = owner;
    primitives::MutableTransaction tx = node.Gift(names::WriteNameScript(op), NAME_AMOUNT)->Fields();
    tx.version = primitives::NAME_TX_VERSION;
    return primitives::MakeTx(tx);
}

void Fill(test::FakeNode& node, WalletApi& wallet, size_t count, size_t names, size_t addresses)
{
    std::vector<base::Bytes> scripts;
    for (size_t i = 0; i < addresses; ++i)
        scripts.push_back(test::ScriptOf(*wallet.NewAddress(interfaces::AddressType::Bech32, "", false)));
    std::vector<primitives::TxRef> block;
    for (size_t i = 0; i < count; ++i) {
        const auto& script = scripts[i % scripts.size()];
        const auto value = SMALLEST_COIN + static_cast<primitives::Amount>(i * 7919 % 1'000'003);
        block.push_back(i < names ? NameTx(node, i, script) : node.Gift(script, value));
        if (block.size() == TXS_PER_BLOCK || i + 1 == count) {
            node.Mine({}, block);
            block.clear();
        }
    }
    wallet.Sync();
}

/// Median of some rounds in milliseconds, by the clock and of processor time, beside the aim (0: none).
template <typename Function>
void Measure(const char* what, double aim_ms, int rounds, Function&& function)
{
    std::vector<double> wall;
    std::vector<double> cpu;
    for (int i = 0; i < rounds; ++i) {
        const bench::Stopwatch watch;
        function();
        const auto times = watch.Read();
        wall.push_back(times.wall_sec * 1'000);
        cpu.push_back(times.cpu_sec * 1'000);
    }
    std::printf("%-44s %10.2f ms %10.2f ms of CPU time", what, bench::Median(wall), bench::Median(cpu));
    if (aim_ms > 0) std::printf("   aim %6.0f ms", aim_ms);
    std::printf("\n");
    std::fflush(stdout);
}

/// Calls that go through much or all of the wallet: they may take long, but not grow faster than it.
size_t MeasureLists(const WalletApi& wallet, int32_t height)
{
    constexpr int FEW = 3;
    size_t rows = 0;
    Measure("list of coins", 0, FEW, [&] { rows += wallet.ListCoins(0, INT32_MAX).size(); });
    Measure("what came in, by address", 0, FEW,
            [&] { rows += wallet.ReceivedByScript(1, interfaces::Generated::Mature).size(); });
    Measure("groups of addresses", 0, FEW, [&] { rows += wallet.AddressGroups().size(); });
    Measure("everything since the first block", 0, FEW, [&] { rows += wallet.TransactionsSince(-1).size(); });
    Measure("labels", 0, FEW, [&] { rows += wallet.Labels().size(); });
    Measure("names that end within a year", 0, FEW,
            [&] { rows += wallet.ListNames({.expires_by = height + 365 * names::BLOCKS_PER_DAY}).size(); });
    Measure("names of a prefix, 1,000 of them", 0, FEW,
            [&] { rows += wallet.ListNames({.prefix = "enum:18000050"}).size(); });
    return rows;
}

/// 100 blocks back and forth; the file copied; keys imported and all of it encrypted. False: something
/// failed.
bool MeasureFile(WalletApi& wallet, test::FakeNode& node, const std::string& folder, size_t keys)
{
    constexpr int BLOCKS = 100;
    Measure("reorganisation of 100 blocks with all of them", 0, 1, [&] {
        for (int i = 0; i < BLOCKS; ++i)
            node.Pop(false);
        node.MineMany(BLOCKS + 1);
        wallet.Sync();
    });
    bool good = true;
    int copies = 0;
    Measure("backup", 0, 3,
            [&] { good = wallet.Backup(folder + "/copy" + std::to_string(copies++)).HasValue() && good; });
    std::vector<WalletApi::LabelledSecret> secrets;
    const auto& addresses = node.Params().addresses;
    for (size_t i = 0; i < keys; ++i)
        secrets.push_back({script::EncodeSecret(addresses, crypto::PrivateKey::Generate(node.random)), ""});
    std::printf("%zu keys\n", secrets.size());
    Measure("importing them", 0, 1, [&] { good = wallet.ImportSecrets(secrets, false).HasValue() && good; });
    Measure("encryption", 0, 1, [&] { good = wallet.Encrypt("words").HasValue() && good; });
    Measure("unlocking", 0, 3, [&] {
        good = wallet.Unlock("words", 1'000, WalletApi::UnlockFor::Everything).HasValue() && good;
        good = wallet.Lock().HasValue() && good;
    });
    return good;
}

} // namespace

int main(int argc, char** argv)
{
    const auto argument = [&](int i, size_t fallback) {
        return argc > i ? static_cast<size_t>(std::strtoull(argv[i], nullptr, 10)) : fallback;
    };
    const size_t count = argument(1, 200'000);
    const size_t names = std::min(argument(2, 100'000), count);
    const size_t addresses = std::max<size_t>(argument(3, 1'000), 1);
    const Folder folder;
    test::FakeNode node;
    node.MineMany(2);
    auto wallet = Open(folder.Path(), wallet::Store::Mode::Create, node);
    const bench::Stopwatch filling;
    Fill(node, *wallet, count, names, addresses);
    std::printf("%zu transactions, %zu of them names, on %zu addresses; taken in within %.1f s\n", count,
                names, addresses, filling.Read().wall_sec);
    wallet.reset();
    Measure("load", 5'000, 3, [&] {
        wallet.reset();
        wallet = Open(folder.Path(), wallet::Store::Mode::Open, node);
    });
    primitives::Amount sum = 0;
    Measure("balance", 1, ROUNDS, [&] { sum += wallet->GetBalances(0).trusted; });
    base::Hash160 foreign;
    foreign.bytes.fill(7);
    primitives::MutableTransaction payment;
    payment.outputs.push_back({2 * primitives::COIN, script::PayToWitnessKeyHash(foreign)});
    size_t inputs = 0;
    Measure("choosing coins for a payment", 100, ROUNDS, [&] {
        const auto funded = wallet->FundTransaction(payment, {}, {});
        if (funded) inputs += funded->tx.inputs.size();
    });
    size_t rows = 0;
    Measure("page of history, newest 100", 10, ROUNDS,
            [&] { rows += wallet->ListTransactions({.count = 100}).size(); });
    Measure("page of history, 100 in the middle", 10, ROUNDS,
            [&] { rows += wallet->ListTransactions({.count = 100, .skip = count / 2}).size(); });
    size_t listed = 0;
    Measure("all names, one after the other", 50, ROUNDS, [&] {
        listed = 0;
        wallet->ForEachName({}, [&listed](const interfaces::OwnName& own) {
            listed += own.info.record.value.empty() || own.address.empty() ? 0u : 1u;
        });
    });
    size_t same = 0;
    Measure("list of all names", 0, ROUNDS, [&] { same = wallet->ListNames({}).size(); });
    if (same != listed) return 1;
    Measure("page of 100 names", 10, ROUNDS,
            [&] { listed += wallet->ListNames({.from = "enum:18000050000:0", .count = 100}).size(); });
    const size_t all = MeasureLists(*wallet, node.GetTip().height);
    const bool good = MeasureFile(*wallet, node, folder.Path(), names);
    std::printf(
        "checked: %zu inputs chosen, %zu rows of history, %zu names, %zu rows of lists, balance above "
        "0: %s, file: %s\n",
        inputs, rows, listed, all, sum > 0 ? "yes" : "no", good ? "yes" : "no");
    return sum > 0 && inputs > 0 && rows > 0 && (names == 0 || listed > 0) && good ? 0 : 1;
}
