#pragma once
// Name states and transactions for tests.

#include "codec/base58.h"
#include "crypto/random.h"
#include "enum/record.h"
#include "script/address.h"
#include "script/sign.h"
#include "unit/names/map_view.h"

namespace emc::test {

inline primitives::OutPoint Out(uint8_t tag, uint32_t index = 0)
{
    primitives::OutPoint out;
    out.txid.bytes.fill(tag);
    out.index = index;
    return out;
}

inline base::Bytes Owner(uint8_t tag)
{
    base::Hash160 id;
    id.bytes.fill(tag);
    return script::PayToWitnessKeyHash(id);
}

inline names::NameOp Op(names::OpKind kind, std::string name, int64_t days = 1, std::string_view value = "v",
                        base::Bytes owner = Owner(1))
{
    names::NameOp op{kind, std::move(name), days, base::ToBytes(value), std::move(owner)};
    if (kind == names::OpKind::Delete) {
        op.days = 0;
        op.value.clear();
    }
    return op;
}

inline primitives::TxRef NameTx(const std::vector<names::NameOp>& ops,
                                const std::vector<primitives::OutPoint>& inputs,
                                int32_t version = primitives::NAME_TX_VERSION)
{
    primitives::MutableTransaction tx;
    tx.version = version;
    for (const auto& input : inputs) {
        tx.inputs.emplace_back();
        tx.inputs.back().prevout = input;
    }
    for (const names::NameOp& op : ops)
        tx.outputs.push_back({0, names::WriteNameScript(op)});
    return primitives::MakeTx(std::move(tx));
}

/// A verifier with a key of its own.
struct Verifier {
    std::string name;
    crypto::PrivateKey key;
    base::Bytes script;

    explicit Verifier(std::string verifier_name, uint8_t tag, bool segwit = false)
        : name(std::move(verifier_name))
    {
        const base::Bytes secret(32, tag);
        key = *crypto::PrivateKey::From(secret);
        const base::Hash160 id = key.Public().Id();
        script = segwit ? script::PayToWitnessKeyHash(id) : script::PayToPubKeyHash(id);
    }

    [[nodiscard]] enumrec::Sig Sign(const enumrec::Number& number, base::ByteSpan owner, uint32_t expiry,
                                    const script::AddressParams& addresses = {}) const
    {
        enumrec::Sig sig;
        sig.verifier = name;
        sig.expiry = expiry;
        const auto address = script::EncodeAddress(addresses, owner);
        sig.signature = key.SignCompact(
            script::MessageDigest(enumrec::SignatureText(number, address.value_or(""), expiry)));
        return sig;
    }

    [[nodiscard]] std::string Line(const enumrec::Number& number, base::ByteSpan owner,
                                   uint32_t expiry = 0) const
    {
        return enumrec::PrintLine(Sign(number, owner, expiry));
    }
};

inline names::NameRecord Record(primitives::OutPoint outpoint, std::string_view value, base::Bytes owner,
                                int32_t expiry)
{
    names::NameRecord record;
    record.outpoint = outpoint;
    record.value = base::ToBytes(value);
    record.owner_script = std::move(owner);
    record.born_height = 1;
    record.updated_height = 1;
    record.expiry = expiry;
    return record;
}

inline const std::string ENUM_ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!";

} // namespace emc::test
