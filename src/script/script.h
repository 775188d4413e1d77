/// Script bytes: op codes, reading and building.
#pragma once

#include "base/bytes.h"

namespace emc::script {

using base::Bytes;
using base::ByteSpan;

inline constexpr size_t MAX_SCRIPT_BYTES = 10'000;
inline constexpr size_t MAX_ELEMENT_BYTES = 520;
inline constexpr int MAX_OPS = 201;
inline constexpr int MAX_MULTISIG_KEYS = 20;
inline constexpr size_t MAX_STACK_ITEMS = 1'000;

/// Op codes that code outside the interpreter names. The interpreter's own header has the rest.
enum Op : uint8_t {
    OP_0 = 0x00,
    OP_PUSHDATA1 = 0x4c,
    OP_PUSHDATA2 = 0x4d,
    OP_PUSHDATA4 = 0x4e,
    OP_1NEGATE = 0x4f,
    OP_1 = 0x51,
    OP_2 = 0x52,
    OP_3 = 0x53,
    OP_4 = 0x54,
    OP_16 = 0x60,
    OP_RETURN = 0x6a,
    OP_2DROP = 0x6d,
    OP_DROP = 0x75,
    OP_DUP = 0x76,
    OP_EQUAL = 0x87,
    OP_EQUALVERIFY = 0x88,
    OP_HASH160 = 0xa9,
    OP_CHECKSIG = 0xac,
    OP_CHECKMULTISIG = 0xae,
};

struct Instruction {
    uint8_t opcode = 0;
    ByteSpan data; ///< for pushes 00–4e
};

/// Steps through a script. Value type; the script must outlive it.
class ScriptReader
{
public:
    explicit ScriptReader(ByteSpan script) : m_script(script) {}

    /// The next instruction; nullopt at the end or when a push runs past it (then Broken() is true).
    [[nodiscard]] std::optional<Instruction> Next();

    [[nodiscard]] bool AtEnd() const { return m_pos >= m_script.size(); }

    [[nodiscard]] bool Broken() const { return m_broken; }

    [[nodiscard]] size_t Position() const { return m_pos; }

private:
    ByteSpan m_script;
    size_t m_pos = 0;
    bool m_broken = false;
};

/// Builds a script: `ScriptBuilder().Op(OP_DUP).Push(hash.Span()).Take()`.
class ScriptBuilder
{
public:
    ScriptBuilder& Op(uint8_t opcode);
    /// Data push with the shortest length op code (00–4b, 4c, 4d, 4e), never OP_1…OP_16.
    ScriptBuilder& Push(ByteSpan data);
    /// A number in its shortest push: OP_0, OP_1NEGATE, OP_1…OP_16 or minimal bytes.
    ScriptBuilder& Number(int64_t value);
    ScriptBuilder& Raw(ByteSpan script);

    [[nodiscard]] Bytes Take() { return std::move(m_script); }

private:
    Bytes m_script;
};

/// Minimal little-endian sign-magnitude number as scripts use; empty for 0.
[[nodiscard]] Bytes EncodeScriptNumber(int64_t value);
/// nullopt when longer than `max_bytes` or, with `minimal`, not in shortest form.
[[nodiscard]] std::optional<int64_t> DecodeScriptNumber(ByteSpan in, size_t max_bytes = 4,
                                                        bool minimal = true);

/// Only pushes (op codes up to OP_16) and not broken.
[[nodiscard]] bool IsPushOnly(ByteSpan script);
/// Begins with OP_RETURN or is longer than MAX_SCRIPT_BYTES: no coin is kept for it.
[[nodiscard]] bool IsUnspendable(ByteSpan script);
/// Signature operations the old way; `accurate` counts n-of-m multisig by its n (BIP 16).
[[nodiscard]] int CountSigOps(ByteSpan script, bool accurate);
/// Human-readable form: op names and hex pushes. `sighash_names` decodes [ALL] etc. behind signatures.
[[nodiscard]] std::string ScriptToAsm(ByteSpan script, bool sighash_names = false);
/// Name of an op code as RPC shows it ("OP_DUP", "0", "-1", …).
[[nodiscard]] std::string OpName(uint8_t opcode);

} // namespace emc::script
