#include "names/op_codec.h"

#include "script/solver.h"

namespace emc::names {

namespace {

constexpr uint8_t LONGEST_DIRECT_PUSH = 0x4b;
constexpr size_t MAX_DAYS_BYTES = 4;
constexpr size_t KEY_HASH_SCRIPT_BYTES = 25;
/// One byte for the op code that begins a reward prefix, OP_DROP, two of push, the payload, OP_DROP.
constexpr size_t REWARD_PAYLOAD_BYTES = 207;
constexpr size_t REWARD_PREFIX_BYTES = 2 + 2 + REWARD_PAYLOAD_BYTES + 1;

/// Walks over a prefix. Every step says whether the bytes are what the format wants there.
class PrefixReader
{
public:
    explicit PrefixReader(ByteSpan script) : m_rest(script) {}

    [[nodiscard]] ByteSpan Rest() const { return m_rest; }

    [[nodiscard]] bool Opcode(uint8_t wanted)
    {
        if (m_rest.empty() || m_rest[0] != wanted) return false;
        m_rest = m_rest.subspan(1);
        return true;
    }

    /// A data push with the shortest length op code (00–4b, 4c, 4d); nullopt for anything else.
    [[nodiscard]] std::optional<ByteSpan> Push()
    {
        if (m_rest.empty()) return std::nullopt;
        size_t header = 1;
        size_t size = m_rest[0];
        size_t least = 0;
        if (m_rest[0] == script::OP_PUSHDATA1 && m_rest.size() >= 2) {
            header = 2;
            size = m_rest[1];
            least = LONGEST_DIRECT_PUSH + 1;
        } else if (m_rest[0] == script::OP_PUSHDATA2 && m_rest.size() >= 3) {
            header = 3;
            size = static_cast<size_t>(m_rest[1]) | static_cast<size_t>(m_rest[2]) << 8;
            least = 0x100;
        } else if (m_rest[0] > LONGEST_DIRECT_PUSH) {
            return std::nullopt;
        }
        if (size < least || m_rest.size() - header < size) return std::nullopt;
        const ByteSpan data = m_rest.subspan(header, size);
        m_rest = m_rest.subspan(header + size);
        return data;
    }

    /// The next op code is some push of data.
    [[nodiscard]] bool AtPush() const { return !m_rest.empty() && m_rest[0] <= script::OP_PUSHDATA2; }

private:
    ByteSpan m_rest;
};

/// A prefix taken apart; nothing copied.
struct RawPrefix {
    OpKind kind = OpKind::New;
    ByteSpan name;
    int64_t days = 0;
    ByteSpan chunks; ///< the pushes of the value as they stand in the script
    size_t value_bytes = 0;
    ByteSpan owner;
};

bool HasNamePrefix(ByteSpan script)
{
    return script.size() >= 2 && script[0] >= script::OP_1 && script[0] <= script::OP_3 &&
           script[1] == script::OP_DROP;
}

/// The value's pushes and the drops after them.
base::Expected<void, NameError> ReadChunks(PrefixReader& in, RawPrefix& raw)
{
    const ByteSpan begin = in.Rest();
    size_t chunks = 0;
    bool last_was_full = true;
    while (in.AtPush()) {
        const auto chunk = in.Push();
        if (!chunk || chunk->size() > script::MAX_ELEMENT_BYTES || !last_was_full) {
            return base::Unexpected(NameError::BadChunks);
        }
        if (chunk->empty() && chunks != 0) return base::Unexpected(NameError::BadChunks);
        ++chunks;
        raw.value_bytes += chunk->size();
        last_was_full = chunk->size() == script::MAX_ELEMENT_BYTES;
    }
    if (chunks == 0) return base::Unexpected(NameError::BadChunks);
    raw.chunks = begin.first(begin.size() - in.Rest().size());
    for (size_t pair = 0; pair < chunks / 2; ++pair) {
        if (!in.Opcode(script::OP_2DROP)) return base::Unexpected(NameError::BadChunks);
    }
    if (chunks % 2 != 0 && !in.Opcode(script::OP_DROP)) return base::Unexpected(NameError::BadChunks);
    return {};
}

base::Expected<RawPrefix, NameError> ReadPrefix(ByteSpan script)
{
    RawPrefix raw;
    raw.kind = static_cast<OpKind>(script[0] - script::OP_1 + 1);
    PrefixReader in(script.subspan(2));
    const auto name = in.Push();
    if (!name) return base::Unexpected(NameError::BadPrefix);
    raw.name = *name;
    if (raw.kind == OpKind::Delete) {
        if (!in.Opcode(script::OP_DROP)) return base::Unexpected(NameError::BadPrefix);
    } else {
        const auto days = in.Push();
        if (!days) return base::Unexpected(NameError::BadDays);
        const auto number = script::DecodeScriptNumber(*days, MAX_DAYS_BYTES, true);
        if (!number) return base::Unexpected(NameError::BadDays);
        raw.days = *number;
        if (!in.Opcode(script::OP_2DROP)) return base::Unexpected(NameError::BadPrefix);
        if (const auto ok = ReadChunks(in, raw); !ok) return base::Unexpected(ok.Error());
    }
    raw.owner = in.Rest();
    if (!IsOwnerScript(raw.owner)) return base::Unexpected(NameError::BadOwner);
    return raw;
}

Bytes JoinChunks(const RawPrefix& raw)
{
    Bytes value;
    value.reserve(raw.value_bytes);
    PrefixReader in(raw.chunks);
    while (const auto chunk = in.Push())
        value.insert(value.end(), chunk->begin(), chunk->end());
    return value;
}

bool DaysInRange(OpKind kind, int64_t days)
{
    if (kind == OpKind::Delete) return days == 0;
    return days >= (kind == OpKind::New ? 1 : 0) && days <= MAX_DAYS;
}

} // namespace

std::string_view OpName(OpKind kind)
{
    switch (kind) {
    case OpKind::New:
        return "name_new";
    case OpKind::Update:
        return "name_update";
    case OpKind::Delete:
        return "name_delete";
    }
    return "";
}

base::Expected<ParsedOutput, NameError> ParseNameOutput(ByteSpan script)
{
    if (!HasNamePrefix(script)) return ParsedOutput{};
    const auto raw = ReadPrefix(script);
    if (!raw) return base::Unexpected(raw.Error());
    if (raw->name.empty() || raw->name.size() > MAX_NAME_BYTES) return base::Unexpected(NameError::NameSize);
    if (raw->value_bytes > MAX_VALUE_BYTES) return base::Unexpected(NameError::ValueSize);
    if (!DaysInRange(raw->kind, raw->days)) return base::Unexpected(NameError::DaysRange);
    NameOp op;
    op.kind = raw->kind;
    op.name = base::ToText(raw->name);
    op.days = raw->days;
    op.value = JoinChunks(*raw);
    op.owner_script.assign(raw->owner.begin(), raw->owner.end());
    return ParsedOutput{std::move(op)};
}

Bytes WriteNameScript(const NameOp& op)
{
    EMC_CHECK(!op.name.empty() && op.name.size() <= MAX_NAME_BYTES);
    EMC_CHECK(op.value.size() <= MAX_VALUE_BYTES && DaysInRange(op.kind, op.days));
    script::ScriptBuilder out;
    out.Op(static_cast<uint8_t>(script::OP_1 + static_cast<int>(op.kind) - 1)).Op(script::OP_DROP);
    out.Push(base::AsBytes(op.name));
    if (op.kind == OpKind::Delete) {
        EMC_CHECK(op.value.empty());
        return out.Op(script::OP_DROP).Raw(op.owner_script).Take();
    }
    out.Push(script::EncodeScriptNumber(op.days)).Op(script::OP_2DROP);
    ByteSpan rest = op.value;
    size_t chunks = 0;
    do {
        const size_t size = std::min(rest.size(), script::MAX_ELEMENT_BYTES);
        out.Push(rest.first(size));
        rest = rest.subspan(size);
        ++chunks;
    } while (!rest.empty());
    for (size_t pair = 0; pair < chunks / 2; ++pair)
        out.Op(script::OP_2DROP);
    if (chunks % 2 != 0) out.Op(script::OP_DROP);
    return out.Raw(op.owner_script).Take();
}

OwnerScript OwnerScriptOf(int32_t tx_version, size_t index, ByteSpan script)
{
    if (tx_version == primitives::NAME_TX_VERSION && HasNamePrefix(script)) {
        if (const auto raw = ReadPrefix(script)) return {raw->owner, true};
    } else if (tx_version == primitives::REWARD_TX_VERSION && index == 0 &&
               script.size() > REWARD_PREFIX_BYTES) {
        const bool prefix = script[0] == script::OP_4 && script[1] == script::OP_DROP &&
                            script[2] == script::OP_PUSHDATA1 && script[3] == REWARD_PAYLOAD_BYTES &&
                            script[REWARD_PREFIX_BYTES - 1] == script::OP_DROP;
        if (prefix) return {script.subspan(REWARD_PREFIX_BYTES), true};
    }
    return {script, false};
}

bool IsOwnerScript(ByteSpan script)
{
    if (const auto program = script::AsWitnessProgram(script)) {
        const size_t size = program->program.size();
        return program->version != 0 || size == 20 || size == 32;
    }
    if (script::IsPayToScriptHash(script)) return true;
    return script.size() == KEY_HASH_SCRIPT_BYTES && script[0] == script::OP_DUP &&
           script[1] == script::OP_HASH160 && script[2] == 20 && script[23] == script::OP_EQUALVERIFY &&
           script[24] == script::OP_CHECKSIG;
}

} // namespace emc::names
