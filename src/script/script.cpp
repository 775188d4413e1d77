#include "script/script.h"

#include "script/opcodes.h"

namespace emc::script {

std::optional<Instruction> ScriptReader::Next()
{
    if (AtEnd() || m_broken) return std::nullopt;
    Instruction out;
    out.opcode = m_script[m_pos++];
    if (out.opcode > OP_PUSHDATA4) return out;

    size_t size = out.opcode;
    if (out.opcode >= OP_PUSHDATA1) {
        const size_t width = size_t{1} << (out.opcode - OP_PUSHDATA1);
        if (m_script.size() - m_pos < width) {
            m_broken = true;
            return std::nullopt;
        }
        size = 0;
        for (size_t i = 0; i < width; ++i)
            size |= size_t{m_script[m_pos + i]} << (8 * i);
        m_pos += width;
    }
    if (m_script.size() - m_pos < size) {
        m_broken = true;
        return std::nullopt;
    }
    out.data = m_script.subspan(m_pos, size);
    m_pos += size;
    return out;
}

ScriptBuilder& ScriptBuilder::Op(uint8_t opcode)
{
    m_script.push_back(opcode);
    return *this;
}

ScriptBuilder& ScriptBuilder::Push(ByteSpan data)
{
    const size_t size = data.size();
    const int width = size < OP_PUSHDATA1 ? 0 : size <= 0xff ? 1 : size <= 0xffff ? 2 : 4;
    if (width == 0) {
        m_script.push_back(static_cast<uint8_t>(size));
    } else {
        m_script.push_back(width == 1 ? OP_PUSHDATA1 : width == 2 ? OP_PUSHDATA2 : OP_PUSHDATA4);
        for (int i = 0; i < width; ++i)
            m_script.push_back(static_cast<uint8_t>(size >> (8 * i)));
    }
    m_script.insert(m_script.end(), data.begin(), data.end());
    return *this;
}

ScriptBuilder& ScriptBuilder::Number(int64_t value)
{
    if (value == 0) return Op(OP_0);
    if (value == -1) return Op(OP_1NEGATE);
    if (value >= 1 && value <= 16) return Op(static_cast<uint8_t>(OP_1 + value - 1));
    return Push(EncodeScriptNumber(value));
}

ScriptBuilder& ScriptBuilder::Raw(ByteSpan script)
{
    m_script.insert(m_script.end(), script.begin(), script.end());
    return *this;
}

Bytes EncodeScriptNumber(int64_t value)
{
    Bytes out;
    const bool negative = value < 0;
    uint64_t rest = negative ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    for (; rest != 0; rest >>= 8)
        out.push_back(static_cast<uint8_t>(rest));
    if (out.empty()) return out;
    // The top bit is the sign; a magnitude that uses it needs one more byte.
    if ((out.back() & 0x80) != 0) out.push_back(0);
    if (negative) out.back() = static_cast<uint8_t>(out.back() | 0x80);
    return out;
}

std::optional<int64_t> DecodeScriptNumber(ByteSpan in, size_t max_bytes, bool minimal)
{
    if (in.size() > max_bytes || in.size() > sizeof(int64_t)) return std::nullopt;
    if (in.empty()) return 0;
    const uint8_t top = in.back();
    if (minimal && (top & 0x7f) == 0 && (in.size() == 1 || (in[in.size() - 2] & 0x80) == 0))
        return std::nullopt;
    uint64_t magnitude = 0;
    for (size_t i = 0; i < in.size(); ++i)
        magnitude |= uint64_t{in[i]} << (8 * i);
    const uint64_t sign = uint64_t{0x80} << (8 * (in.size() - 1));
    if ((top & 0x80) == 0) return static_cast<int64_t>(magnitude);
    return -static_cast<int64_t>(magnitude & ~sign);
}

bool IsPushOnly(ByteSpan script)
{
    ScriptReader reader(script);
    while (const auto instruction = reader.Next()) {
        if (instruction->opcode > OP_16) return false;
    }
    return !reader.Broken();
}

bool IsUnspendable(ByteSpan script)
{
    return (!script.empty() && script[0] == OP_RETURN) || script.size() > MAX_SCRIPT_BYTES;
}

int CountSigOps(ByteSpan script, bool accurate)
{
    int count = 0;
    uint8_t previous = 0xff;
    ScriptReader reader(script);
    while (const auto instruction = reader.Next()) {
        const uint8_t opcode = instruction->opcode;
        if (opcode == OP_CHECKSIG || opcode == OP_CHECKSIGVERIFY) {
            count += 1;
        } else if (opcode == OP_CHECKMULTISIG || opcode == OP_CHECKMULTISIGVERIFY) {
            const bool small = previous >= OP_1 && previous <= OP_16;
            count += accurate && small ? previous - OP_1 + 1 : MAX_MULTISIG_KEYS;
        }
        previous = opcode;
    }
    return count;
}

} // namespace emc::script
