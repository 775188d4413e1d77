#include "primitives/transaction.h"

#include "crypto/sha256.h"

#include <algorithm>

namespace emc::primitives {
namespace {

// Fewest bytes an item can take; they bound counts by the input that is really there.
constexpr size_t MIN_INPUT_BYTES = 32 + 4 + 1 + 4;
constexpr size_t MIN_OUTPUT_BYTES = 8 + 1;
constexpr size_t MIN_WITNESS_ITEM_BYTES = 1;

constexpr uint8_t WITNESS_MARKER = 0; // stands where the count of inputs would
constexpr uint8_t WITNESS_FLAG = 1;

void WriteInput(codec::Writer& out, const TxIn& input)
{
    Write(out, input.prevout);
    out.Sized(input.script_sig);
    out.U32(input.sequence);
}

TxIn ReadInput(codec::Reader& in)
{
    TxIn input;
    input.prevout = ReadOutPoint(in);
    input.script_sig = in.SizedBytes();
    input.sequence = in.U32();
    return input;
}

template <typename Item, typename ReadItem>
std::vector<Item> ReadList(codec::Reader& in, size_t count, ReadItem read_item)
{
    std::vector<Item> items;
    items.reserve(count);
    for (size_t i = 0; i < count && in.Ok(); ++i)
        items.push_back(read_item(in));
    return items;
}

std::vector<TxIn> ReadInputs(codec::Reader& in)
{
    return ReadList<TxIn>(in, in.Count(MIN_INPUT_BYTES), ReadInput);
}

std::vector<TxOut> ReadOutputs(codec::Reader& in)
{
    return ReadList<TxOut>(in, in.Count(MIN_OUTPUT_BYTES), ReadTxOut);
}

Witness ReadWitness(codec::Reader& in)
{
    Witness witness(in.Count(MIN_WITNESS_ITEM_BYTES));
    for (Bytes& item : witness)
        item = in.SizedBytes();
    return witness;
}

/// What follows the marker: flag, inputs, outputs, witnesses.
void ReadMarked(codec::Reader& in, MutableTransaction& tx)
{
    const uint8_t flag = in.U8();
    if (flag == 0) return; // no inputs and no outputs, not a marker
    if (flag != WITNESS_FLAG) return in.Fail();
    tx.inputs = ReadInputs(in);
    tx.outputs = ReadOutputs(in);
    for (TxIn& input : tx.inputs)
        input.witness = ReadWitness(in);
    if (!tx.HasWitness()) in.Fail();
}

TxRef ParseAs(ByteSpan in, WitnessMode mode)
{
    codec::Reader reader(in);
    TxRef tx = ReadTx(reader, mode);
    return reader.Done() ? tx : nullptr;
}

constexpr size_t VERSION_BYTES = 4;
constexpr size_t LOCK_TIME_BYTES = 4;
constexpr size_t MARKER_BYTES = 2; // marker and flag

size_t SizedBytes(const Bytes& in)
{
    return codec::CompactSizeBytes(in.size()) + in.size();
}

/// Bytes of the serialisation without witness.
size_t BaseBytes(const MutableTransaction& tx)
{
    size_t bytes = VERSION_BYTES + codec::CompactSizeBytes(tx.inputs.size()) +
                   codec::CompactSizeBytes(tx.outputs.size()) + LOCK_TIME_BYTES;
    for (const TxIn& input : tx.inputs)
        bytes += MIN_INPUT_BYTES - 1 + SizedBytes(input.script_sig);
    for (const TxOut& output : tx.outputs)
        bytes += MIN_OUTPUT_BYTES - 1 + SizedBytes(output.script_pubkey);
    return bytes;
}

/// Bytes the witnesses of all inputs add, marker and flag included.
size_t WitnessBytes(const MutableTransaction& tx)
{
    size_t bytes = MARKER_BYTES;
    for (const TxIn& input : tx.inputs) {
        bytes += codec::CompactSizeBytes(input.witness.size());
        for (const Bytes& item : input.witness)
            bytes += SizedBytes(item);
    }
    return bytes;
}

Bytes SerializeFields(const MutableTransaction& fields, WitnessMode mode, size_t size)
{
    Bytes out;
    out.reserve(size);
    codec::Writer writer(out);
    Write(writer, fields, mode);
    return out;
}

} // namespace

bool MutableTransaction::HasWitness() const
{
    return std::any_of(inputs.begin(), inputs.end(),
                       [](const TxIn& input) { return !input.witness.empty(); });
}

void Transaction::Measure()
{
    m_has_witness = m_fields.HasWitness();
    m_base_size = BaseBytes(m_fields);
    m_total_size = m_base_size + (m_has_witness ? WitnessBytes(m_fields) : 0);
}

Transaction::Transaction(MutableTransaction fields) : m_fields(std::move(fields))
{
    Measure();
    m_txid = crypto::Sha256d(SerializeFields(m_fields, WitnessMode::Without, m_base_size));
    m_wtxid = m_txid;
    if (m_has_witness) m_wtxid = crypto::Sha256d(SerializeFields(m_fields, WitnessMode::With, m_total_size));
}

Transaction::Transaction(MutableTransaction fields, ByteSpan serialized) : m_fields(std::move(fields))
{
    Measure();
    EMC_CHECK(serialized.size() == m_total_size);
    m_wtxid = crypto::Sha256d(serialized);
    m_txid = m_wtxid;
    if (!m_has_witness) return;
    // Without witness the same bytes stand there, but for marker, flag and what is between outputs and lock
    // time.
    const size_t body_bytes = m_base_size - VERSION_BYTES - LOCK_TIME_BYTES;
    crypto::Sha256 hasher;
    hasher.Write(serialized.first(VERSION_BYTES));
    hasher.Write(serialized.subspan(VERSION_BYTES + MARKER_BYTES, body_bytes));
    hasher.Write(serialized.last(LOCK_TIME_BYTES));
    m_txid = crypto::Sha256Of(hasher.Finish().Span());
}

std::optional<Amount> Transaction::OutputSum() const
{
    Amount sum = 0;
    for (const TxOut& output : m_fields.outputs) {
        if (!MoneyRange(output.value)) return std::nullopt;
        sum += output.value; // both at most MAX_MONEY: no overflow
        if (!MoneyRange(sum)) return std::nullopt;
    }
    return sum;
}

TxRef MakeTx(MutableTransaction fields)
{
    return std::make_shared<const Transaction>(std::move(fields));
}

void Write(codec::Writer& out, const OutPoint& outpoint)
{
    out.Raw(outpoint.txid.Span());
    out.U32(outpoint.index);
}

void Write(codec::Writer& out, const TxOut& output)
{
    out.I64(output.value);
    out.Sized(output.script_pubkey);
}

void Write(codec::Writer& out, const MutableTransaction& tx, WitnessMode mode)
{
    const bool with_witness = mode == WitnessMode::With && tx.HasWitness();
    out.I32(tx.version);
    if (with_witness) {
        out.U8(WITNESS_MARKER);
        out.U8(WITNESS_FLAG);
    }
    out.CompactSize(tx.inputs.size());
    for (const TxIn& input : tx.inputs)
        WriteInput(out, input);
    out.CompactSize(tx.outputs.size());
    for (const TxOut& output : tx.outputs)
        Write(out, output);
    if (with_witness) {
        for (const TxIn& input : tx.inputs) {
            out.CompactSize(input.witness.size());
            for (const Bytes& item : input.witness)
                out.Sized(item);
        }
    }
    out.U32(tx.lock_time);
}

OutPoint ReadOutPoint(codec::Reader& in)
{
    OutPoint out;
    out.txid = in.Hash();
    out.index = in.U32();
    return out;
}

TxOut ReadTxOut(codec::Reader& in)
{
    TxOut out;
    out.value = in.I64();
    out.script_pubkey = in.SizedBytes();
    return out;
}

MutableTransaction ReadTransaction(codec::Reader& in, WitnessMode mode)
{
    MutableTransaction tx;
    tx.version = in.I32();
    tx.inputs = ReadInputs(in);
    if (tx.inputs.empty() && mode == WitnessMode::With) {
        ReadMarked(in, tx);
    } else {
        tx.outputs = ReadOutputs(in);
    }
    tx.lock_time = in.U32();
    return tx;
}

TxRef ReadTx(codec::Reader& in, WitnessMode mode)
{
    const size_t start = in.Position();
    MutableTransaction fields = ReadTransaction(in, mode);
    if (!in.Ok()) return nullptr;
    return std::make_shared<const Transaction>(std::move(fields), in.Since(start));
}

Bytes Serialize(const Transaction& tx, WitnessMode mode)
{
    return SerializeFields(tx.Fields(), mode, mode == WitnessMode::With ? tx.TotalSize() : tx.BaseSize());
}

TxRef ParseTransaction(ByteSpan in)
{
    TxRef tx = ParseAs(in, WitnessMode::With);
    return tx != nullptr ? tx : ParseAs(in, WitnessMode::Without);
}

} // namespace emc::primitives
