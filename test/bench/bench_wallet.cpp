// A wallet of many transactions and names: opening it, balance, choosing coins, a page of history, the list
// of names. Usage: bench_wallet [transactions] [names among them] [addresses]. The aims are those of a wallet
// with 200,000 transactions, 100,000 of them names.
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

/// Median of some rounds, in milliseconds, beside the aim.
template <typename Function>
void Measure(const char* what, double aim_ms, int rounds, Function&& function)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const bench::Stopwatch watch;
        function();
        times.push_back(watch.Read().wall_sec * 1'000);
    }
    std::printf("%-44s %10.2f ms   aim %8.0f ms\n", what, bench::Median(times), aim_ms);
    std::fflush(stdout);
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
            [&] { rows += wallet->ListTransactions(100, 0).size(); });
    Measure("page of history, 100 in the middle", 10, ROUNDS,
            [&] { rows += wallet->ListTransactions(100, count / 2).size(); });
    size_t listed = 0;
    Measure("list of all names", 50, ROUNDS, [&] { listed = wallet->ListNames({}).size(); });
    Measure("page of 100 names", 10, ROUNDS,
            [&] { listed += wallet->ListNames({.from = "enum:18000050000:0", .count = 100}).size(); });
    std::printf("checked: %zu inputs chosen, %zu rows of history, %zu names, balance above 0: %s\n", inputs,
                rows, listed, sum > 0 ? "yes" : "no");
    return sum > 0 && inputs > 0 && rows > 0 && (names == 0 || listed > 0) ? 0 : 1;
}
