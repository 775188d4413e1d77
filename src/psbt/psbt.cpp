#include "psbt/psbt.h"

#include "codec/base58.h"
#include "psbt/fields.h"

#include <algorithm>

namespace emc::psbt {

namespace {

using base::Unexpected;

constexpr std::array<uint8_t, 5> MAGIC = {'p', 's', 'b', 't', 0xff};

bool Less(ByteSpan a, ByteSpan b)
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

bool Equal(ByteSpan a, ByteSpan b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// A map up to its separator; the error is a phrase.
base::Expected<FieldMap, std::string> ReadMap(codec::Reader& in, Place place)
{
    std::vector<Field> fields;
    while (true) {
        if (in.Ok() && in.Remaining() == 0) return Unexpected(std::string("has no end"));
        Field field;
        field.key = in.SizedBytes();
        if (in.Ok() && field.key.empty()) break;
        field.value = in.SizedBytes();
        if (!in.Ok()) return Unexpected(std::string("is cut off"));
        if (auto wrong = CheckField(place, field)) {
            return Unexpected("holds a field of type " + base::Hex(ByteSpan(field.key).first(1)) + " that " +
                              *wrong);
        }
        fields.push_back(std::move(field));
    }
    FieldMap out;
    if (const auto twice = out.Assign(std::move(fields)))
        return Unexpected("holds the key " + base::Hex(*twice) + " twice");
    return out;
}

base::Expected<primitives::MutableTransaction, std::string> TakeTransaction(FieldMap& global)
{
    const Bytes* bytes = global.Find(GLOBAL_TX);
    if (bytes == nullptr) return Unexpected(std::string("The global map holds no unsigned transaction."));
    codec::Reader in(*bytes);
    auto tx = primitives::ReadTransaction(in, primitives::WitnessMode::Without);
    if (!in.Done()) {
        return Unexpected(
            std::string("The unsigned transaction cannot be read; it has to be without witnesses."));
    }
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        if (!tx.inputs[i].script_sig.empty())
            return Unexpected("Input " + std::to_string(i) + " of the unsigned transaction is signed.");
    }
    global.Erase(GLOBAL_TX);
    return tx;
}

void WriteMap(codec::Writer& out, const FieldMap& map)
{
    for (const auto& field : map.All()) {
        out.Sized(field.key);
        out.Sized(field.value);
    }
    out.U8(0);
}

// What the transaction says of an input must fit what its map brings along.
std::optional<std::string> CheckInput(const primitives::TxIn& input, const FieldMap& map)
{
    const Bytes* previous = map.Find(IN_PREVIOUS_TX);
    if (previous == nullptr) return std::nullopt;
    const auto tx = primitives::ParseTransaction(*previous);
    if (!tx || tx->Txid() != input.prevout.txid)
        return "brings along another transaction than the one it spends";
    if (input.prevout.index >= tx->Outputs().size())
        return "spends an output that the transaction it brings along does not have";
    return std::nullopt;
}

} // namespace

// --- FieldMap ---

const Bytes* FieldMap::Find(ByteSpan key) const
{
    const auto it = std::lower_bound(m_fields.begin(), m_fields.end(), key,
                                     [](const Field& field, ByteSpan k) { return Less(field.key, k); });
    return it != m_fields.end() && Equal(it->key, key) ? &it->value : nullptr;
}

std::span<const Field> FieldMap::OfType(uint8_t type) const
{
    const auto first = std::partition_point(m_fields.begin(), m_fields.end(),
                                            [type](const Field& field) { return field.key[0] < type; });
    const auto last = std::partition_point(first, m_fields.end(),
                                           [type](const Field& field) { return field.key[0] == type; });
    return {first, last};
}

void FieldMap::Set(uint8_t type, ByteSpan key_data, Bytes value)
{
    Field field;
    field.key.push_back(type);
    field.key.insert(field.key.end(), key_data.begin(), key_data.end());
    field.value = std::move(value);
    const auto it = std::lower_bound(m_fields.begin(), m_fields.end(), field,
                                     [](const Field& a, const Field& b) { return Less(a.key, b.key); });
    if (it != m_fields.end() && it->key == field.key) {
        it->value = std::move(field.value);
    } else {
        m_fields.insert(it, std::move(field));
    }
}

void FieldMap::Erase(uint8_t type)
{
    std::erase_if(m_fields, [type](const Field& field) { return field.key[0] == type; });
}

void FieldMap::Merge(const FieldMap& other)
{
    std::vector<Field> all = m_fields;
    all.insert(all.end(), other.m_fields.begin(), other.m_fields.end());
    const auto less = [](const Field& a, const Field& b) { return Less(a.key, b.key); };
    std::stable_sort(all.begin(), all.end(), less); // our own come first
    const auto same = [](const Field& a, const Field& b) { return a.key == b.key; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    m_fields = std::move(all);
}

std::optional<Bytes> FieldMap::Assign(std::vector<Field> fields)
{
    std::sort(fields.begin(), fields.end(),
              [](const Field& a, const Field& b) { return Less(a.key, b.key); });
    const auto twice = std::adjacent_find(fields.begin(), fields.end(),
                                          [](const Field& a, const Field& b) { return a.key == b.key; });
    if (twice != fields.end()) return twice->key;
    m_fields = std::move(fields);
    return std::nullopt;
}

// --- The container ---

base::Expected<Psbt, std::string> Parse(ByteSpan in)
{
    codec::Reader reader(in);
    if (!Equal(reader.Take(MAGIC.size()), MAGIC))
        return Unexpected(std::string("These bytes do not begin like a PSBT (psbt and ff)."));
    auto global = ReadMap(reader, Place::Global);
    if (!global) return Unexpected("The global map " + global.Error() + ".");
    Psbt out;
    auto tx = TakeTransaction(*global);
    if (!tx) return Unexpected(tx.Error());
    out.tx = std::move(*tx);
    out.global = std::move(*global);
    for (size_t i = 0; i < out.tx.inputs.size(); ++i) {
        auto map = ReadMap(reader, Place::Input);
        if (!map) return Unexpected("The map of input " + std::to_string(i) + " " + map.Error() + ".");
        if (const auto wrong = CheckInput(out.tx.inputs[i], *map))
            return Unexpected("Input " + std::to_string(i) + " " + *wrong + ".");
        out.inputs.push_back(std::move(*map));
    }
    for (size_t i = 0; i < out.tx.outputs.size(); ++i) {
        auto map = ReadMap(reader, Place::Output);
        if (!map) return Unexpected("The map of output " + std::to_string(i) + " " + map.Error() + ".");
        out.outputs.push_back(std::move(*map));
    }
    if (!reader.Done()) {
        return Unexpected(std::to_string(reader.Remaining()) + " bytes follow the map of the last output.");
    }
    return out;
}

base::Expected<Psbt, std::string> ParseBase64(std::string_view text)
{
    const auto bytes = codec::Base64Decode(text);
    if (!bytes) return Unexpected(std::string("The text is not base64."));
    return Parse(*bytes);
}

Bytes Serialize(const Psbt& psbt)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(MAGIC);
    Bytes tx;
    codec::Writer tx_writer(tx);
    primitives::Write(tx_writer, psbt.tx, primitives::WitnessMode::Without);
    FieldMap global = psbt.global;
    global.Set(GLOBAL_TX, std::move(tx));
    WriteMap(writer, global);
    for (const auto& map : psbt.inputs)
        WriteMap(writer, map);
    for (const auto& map : psbt.outputs)
        WriteMap(writer, map);
    return out;
}

std::string ToBase64(const Psbt& psbt)
{
    return codec::Base64Encode(Serialize(psbt));
}

Psbt Create(primitives::MutableTransaction tx)
{
    Psbt out;
    for (auto& input : tx.inputs) {
        input.script_sig.clear();
        input.witness.clear();
    }
    out.inputs.resize(tx.inputs.size());
    out.outputs.resize(tx.outputs.size());
    out.tx = std::move(tx);
    return out;
}

} // namespace emc::psbt
