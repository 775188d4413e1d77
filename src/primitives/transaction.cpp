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
    MutableTransaction fields = ReadTransaction(reader, mode);
    return reader.Done() ? MakeTx(std::move(fields)) : nullptr;
}

} // namespace

bool MutableTransaction::HasWitness() const
{
    return std::any_of(inputs.begin(), inputs.end(),
                       [](const TxIn& input) { return !input.witness.empty(); });
}

Transaction::Transaction(MutableTransaction fields)
    : m_fields(std::move(fields)), m_has_witness(m_fields.HasWitness())
{
    Bytes buffer;
    codec::Writer out(buffer);
    Write(out, m_fields, WitnessMode::Without);
    m_base_size = buffer.size();
    m_txid = crypto::Sha256d(buffer);
    m_total_size = m_base_size;
    m_wtxid = m_txid;
    if (!m_has_witness) return;
    buffer.clear();
    Write(out, m_fields, WitnessMode::With);
    m_total_size = buffer.size();
    m_wtxid = crypto::Sha256d(buffer);
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

Bytes Serialize(const Transaction& tx, WitnessMode mode)
{
    Bytes out;
    out.reserve(mode == WitnessMode::With ? tx.TotalSize() : tx.BaseSize());
    codec::Writer writer(out);
    Write(writer, tx.Fields(), mode);
    return out;
}

TxRef ParseTransaction(ByteSpan in)
{
    TxRef tx = ParseAs(in, WitnessMode::With);
    return tx != nullptr ? tx : ParseAs(in, WitnessMode::Without);
}

} // namespace emc::primitives
