#pragma once
// A wallet in a scratch folder on a fake node.

#include "fake_node.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

/// The message of a failure.
template <typename T>
std::string Why(const base::Expected<T, interfaces::Failure>& result)
{
    return result ? std::string() : result.Error().message;
}

/// All rows of a wallet's file that is not open.
inline wallet::RowBatch RowsOf(const std::string& folder)
{
    const auto store = wallet::Store::Open(folder, wallet::Store::Mode::Open);
    BOOST_REQUIRE_MESSAGE(store.HasValue(), (store ? "" : store.Error().message));
    wallet::RowBatch out;
    const auto read = (*store)->ForEach([&out](base::ByteSpan key, base::ByteSpan value) {
        out.push_back({base::Bytes(key.begin(), key.end()), base::Bytes(value.begin(), value.end())});
    });
    BOOST_REQUIRE(read.HasValue());
    return out;
}

struct WalletRig {
    explicit WalletRig(const wallet::WalletOptions& settings = {}) : options(settings)
    {
        Open(wallet::Store::Mode::Create);
    }

    void Open(wallet::Store::Mode mode = wallet::Store::Mode::Open)
    {
        wallet.reset();
        auto opened = wallet::OpenWallet("", folder.Path(), mode, options, node.Deps());
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), Why(opened));
        wallet = *opened;
    }

    [[nodiscard]] std::string Address(interfaces::AddressType type = interfaces::AddressType::Bech32,
                                      bool change = false)
    {
        auto address = wallet->NewAddress(type, "", change);
        BOOST_REQUIRE(address.HasValue());
        return *address;
    }

    /// A confirmed payment to a fresh address of the wallet.
    primitives::TxRef Fund(primitives::Amount value,
                           interfaces::AddressType type = interfaces::AddressType::Bech32)
    {
        auto tx = node.Gift(ScriptOf(Address(type)), value);
        node.Mine({}, {tx});
        return tx;
    }

    [[nodiscard]] base::Expected<base::Hash256, interfaces::Failure>
    Pay(primitives::Amount amount, bool subtract = false,
        const interfaces::WalletMoneyApi::SendOptions& send_options = {})
    {
        interfaces::Recipient recipient;
        recipient.script = Foreign();
        recipient.amount = amount;
        recipient.subtract_fee = subtract;
        return wallet->Send({recipient}, send_options);
    }

    [[nodiscard]] static base::Bytes Foreign(uint8_t byte = 7)
    {
        base::Hash160 id;
        id.bytes.fill(byte);
        return script::PayToWitnessKeyHash(id);
    }

    [[nodiscard]] primitives::Amount Trusted() const { return wallet->GetBalances(0).trusted; }

    [[nodiscard]] base::Expected<base::Hash256, interfaces::Failure>
    Name(names::OpKind kind, const std::string& name, int64_t days = 10, const std::string& to = "")
    {
        return wallet->ChangeNames({{kind, name, base::ToBytes("value"), days, to}});
    }

    wallet::WalletOptions options;
    TempDir folder;
    FakeNode node;
    std::shared_ptr<interfaces::WalletApi> wallet;
};

} // namespace emc::test
