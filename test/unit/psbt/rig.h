#pragma once
// Payments to spend with PSBTs, and the keys for them.

#include "names/op_codec.h"
#include "psbt/fields.h"
#include "psbt/roles.h"
#include "script/key_set.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {

inline crypto::PrivateKey Secret(uint8_t number)
{
    return *crypto::PrivateKey::From(base::Bytes(32, number));
}

inline std::string Wif(uint8_t number)
{
    return script::EncodeSecret({}, Secret(number));
}

inline std::string Pub(uint8_t number)
{
    return base::Hex(Secret(number).Public().Span());
}

inline script::DescriptorOutputs Expand(const std::string& descriptor)
{
    const auto parsed = script::Descriptor::Parse({}, descriptor, false);
    BOOST_REQUIRE_MESSAGE(parsed.HasValue(), descriptor);
    auto out = parsed->Expand(0);
    BOOST_REQUIRE(out.HasValue());
    return std::move(*out);
}

/// An unsigned transaction that spends one payment to `script`; the whole output script is `output`.
struct Payment {
    explicit Payment(const base::Bytes& owner, base::Bytes output = {}, int32_t version = 2)
        : spent{50'000, owner}
    {
        primitives::MutableTransaction tx;
        tx.version = version;
        tx.inputs.resize(1);
        tx.inputs[0].prevout.index = 7;
        tx.outputs.push_back({50'000, output.empty() ? owner : std::move(output)});
        previous = primitives::MakeTx(tx);
        primitives::MutableTransaction spend;
        spend.inputs.resize(1);
        spend.inputs[0].prevout = {previous->Txid(), 0};
        spend.outputs.push_back({49'000, script::PayToPubKeyHash(Secret(9).Public().Id())});
        psbt = psbt::Create(std::move(spend));
    }

    /// Spent output and scripts as a descriptor tells them.
    void Update(const script::DescriptorOutputs& known)
    {
        script::KeySet keys;
        keys.Add(known);
        psbt::AddSpent(psbt, 0, previous, spent, keys.Provider());
        psbt::UpdateInput(psbt, 0, keys.Provider(), psbt::Derivations::With);
    }

    primitives::TxRef previous;
    primitives::TxOut spent;
    psbt::Psbt psbt;
};

/// Signs with the keys a descriptor holds; the number of signatures.
inline size_t SignWith(psbt::Psbt& psbt, const std::string& descriptor)
{
    script::KeySet keys;
    keys.Add(Expand(descriptor));
    const auto added = psbt::Sign(psbt, keys.Provider());
    BOOST_REQUIRE(added.HasValue());
    return *added;
}

} // namespace emc::test
