/// Transactions in Bitcoin's format (BIP 144).
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "base/memory.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "primitives/amount.h"

namespace emc::primitives {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;

/// Transaction versions with a meaning of their own on this chain.
inline constexpr int32_t NAME_TX_VERSION = 0x0666;
inline constexpr int32_t REWARD_TX_VERSION = 0x0CA1;
inline constexpr uint32_t SEQUENCE_FINAL = 0xffffffff;

struct OutPoint {
    Hash256 txid;
    uint32_t index = 0xffffffff;

    auto operator<=>(const OutPoint&) const = default;
    bool operator==(const OutPoint&) const = default;

    /// The previous output of a coinbase: zero txid, index 2^32 − 1.
    [[nodiscard]] bool IsNull() const { return index == 0xffffffff && txid.IsNull(); }
};

/// For hash maps keyed by outpoints; the salt keeps strangers from choosing collisions.
struct OutPointHasher {
    uint64_t salt = 0x9e3779b97f4a7c15;

    size_t operator()(const OutPoint& o) const
    {
        uint64_t a = 0;
        std::memcpy(&a, o.txid.data() + 8, sizeof(a));
        a ^= salt + o.index;
        a *= 0xff51afd7ed558ccd;
        return static_cast<size_t>(a ^ (a >> 32));
    }
};

using Witness = std::vector<Bytes>;

struct TxIn {
    OutPoint prevout;
    Bytes script_sig;
    uint32_t sequence = SEQUENCE_FINAL;
    Witness witness;

    bool operator==(const TxIn&) const = default;
};

struct TxOut {
    Amount value = -1;
    Bytes script_pubkey; ///< as serialised, name prefix included

    bool operator==(const TxOut&) const = default;
};

/// The fields of a transaction, for building one.
struct MutableTransaction {
    int32_t version = 2;
    std::vector<TxIn> inputs;
    std::vector<TxOut> outputs;
    uint32_t lock_time = 0;

    [[nodiscard]] bool HasWitness() const;
};

enum class WitnessMode { With, Without };

/// An immutable transaction that knows its ids and sizes. Shared as TxRef. Any thread.
class Transaction
{
public:
    explicit Transaction(MutableTransaction fields);
    /// The same for fields that were just read from `serialized`, whose hashes then need no writing.
    Transaction(MutableTransaction fields, ByteSpan serialized);

    [[nodiscard]] int32_t Version() const { return m_fields.version; }

    [[nodiscard]] const std::vector<TxIn>& Inputs() const { return m_fields.inputs; }

    [[nodiscard]] const std::vector<TxOut>& Outputs() const { return m_fields.outputs; }

    [[nodiscard]] uint32_t LockTime() const { return m_fields.lock_time; }

    [[nodiscard]] const MutableTransaction& Fields() const { return m_fields; }

    /// SHA256d of the serialisation without witness.
    [[nodiscard]] const Hash256& Txid() const { return m_txid; }

    /// SHA256d of the whole serialisation (BIP 141).
    [[nodiscard]] const Hash256& Wtxid() const { return m_wtxid; }

    [[nodiscard]] bool HasWitness() const { return m_has_witness; }

    /// Exactly one input, spending the null outpoint.
    [[nodiscard]] bool IsCoinbase() const
    {
        return m_fields.inputs.size() == 1 && m_fields.inputs[0].prevout.IsNull();
    }

    /// Serialised bytes with and without witness; weight = 3 × base + total (BIP 141); virtual size = ⌈weight
    /// ÷ 4⌉.
    [[nodiscard]] size_t TotalSize() const { return m_total_size; }

    [[nodiscard]] size_t BaseSize() const { return m_base_size; }

    [[nodiscard]] size_t Weight() const { return 3 * m_base_size + m_total_size; }

    [[nodiscard]] size_t VirtualSize() const { return (Weight() + 3) / 4; }

    /// Sum of the outputs; nullopt when one or the sum leaves 0 … MAX_MONEY.
    [[nodiscard]] std::optional<Amount> OutputSum() const;

private:
    void Measure();

    MutableTransaction m_fields;
    Hash256 m_txid;
    Hash256 m_wtxid;
    size_t m_total_size = 0;
    size_t m_base_size = 0;
    bool m_has_witness = false;
};

using TxRef = std::shared_ptr<const Transaction>;
[[nodiscard]] TxRef MakeTx(MutableTransaction fields);

void Write(codec::Writer& out, const OutPoint& outpoint);
void Write(codec::Writer& out, const TxOut& output);
void Write(codec::Writer& out, const MutableTransaction& tx, WitnessMode mode);
[[nodiscard]] OutPoint ReadOutPoint(codec::Reader& in);
[[nodiscard]] TxOut ReadTxOut(codec::Reader& in);
/// Reads one transaction; the reader fails on a superfluous witness record (BIP 144), unknown flags, or short
/// input.
[[nodiscard]] MutableTransaction ReadTransaction(codec::Reader& in, WitnessMode mode = WitnessMode::With);

/// The same as a finished transaction; nullptr when the reader has failed.
[[nodiscard]] TxRef ReadTx(codec::Reader& in, WitnessMode mode = WitnessMode::With);

[[nodiscard]] Bytes Serialize(const Transaction& tx, WitnessMode mode = WitnessMode::With);
/// One whole transaction and nothing after it. Tries the form with witness first, then the one without;
/// nullptr when neither fits.
[[nodiscard]] TxRef ParseTransaction(ByteSpan in);

} // namespace emc::primitives
