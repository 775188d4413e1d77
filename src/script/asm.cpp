// Scripts as text for people.
#include "script/encoding.h"
#include "script/opcodes.h"
#include "script/script.h"

namespace emc::script {

namespace {

// Op codes 0x61–0xba, without "OP_".
constexpr std::array<std::string_view, OP_CHECKSIGADD - OP_NOP + 1> NAMES = {
    "NOP",
    "VER",
    "IF",
    "NOTIF",
    "VERIF",
    "VERNOTIF",
    "ELSE",
    "ENDIF",
    "VERIFY",
    "RETURN",
    "TOALTSTACK",
    "FROMALTSTACK",
    "2DROP",
    "2DUP",
    "3DUP",
    "2OVER",
    "2ROT",
    "2SWAP",
    "IFDUP",
    "DEPTH",
    "DROP",
    "DUP",
    "NIP",
    "OVER",
    "PICK",
    "ROLL",
    "ROT",
    "SWAP",
    "TUCK",
    "CAT",
    "SUBSTR",
    "LEFT",
    "RIGHT",
    "SIZE",
    "INVERT",
    "AND",
    "OR",
    "XOR",
    "EQUAL",
    "EQUALVERIFY",
    "RESERVED1",
    "RESERVED2",
    "1ADD",
    "1SUB",
    "2MUL",
    "2DIV",
    "NEGATE",
    "ABS",
    "NOT",
    "0NOTEQUAL",
    "ADD",
    "SUB",
    "MUL",
    "DIV",
    "MOD",
    "LSHIFT",
    "RSHIFT",
    "BOOLAND",
    "BOOLOR",
    "NUMEQUAL",
    "NUMEQUALVERIFY",
    "NUMNOTEQUAL",
    "LESSTHAN",
    "GREATERTHAN",
    "LESSTHANOREQUAL",
    "GREATERTHANOREQUAL",
    "MIN",
    "MAX",
    "WITHIN",
    "RIPEMD160",
    "SHA1",
    "SHA256",
    "HASH160",
    "HASH256",
    "CODESEPARATOR",
    "CHECKSIG",
    "CHECKSIGVERIFY",
    "CHECKMULTISIG",
    "CHECKMULTISIGVERIFY",
    "NOP1",
    "CHECKLOCKTIMEVERIFY",
    "CHECKSEQUENCEVERIFY",
    "NOP4",
    "NOP5",
    "NOP6",
    "NOP7",
    "NOP8",
    "NOP9",
    "NOP10",
    "CHECKSIGADD",
};

std::string_view SigHashName(uint8_t type)
{
    switch (type) {
    case 0x01:
        return "[ALL]";
    case 0x02:
        return "[NONE]";
    case 0x03:
        return "[SINGLE]";
    case 0x81:
        return "[ALL|ANYONECANPAY]";
    case 0x82:
        return "[NONE|ANYONECANPAY]";
    case 0x83:
        return "[SINGLE|ANYONECANPAY]";
    default:
        return "";
    }
}

std::string PushText(ByteSpan data, bool sighash_names)
{
    if (data.size() <= 4) {
        // The length was checked, so there is a number.
        return std::to_string(DecodeScriptNumber(data, 4, false).value_or(0));
    }
    if (sighash_names && IsStrictDer(data) && IsDefinedHashType(data)) {
        return base::Hex(data.first(data.size() - 1)).append(SigHashName(data.back()));
    }
    return base::Hex(data);
}

} // namespace

std::string OpName(uint8_t opcode)
{
    if (opcode == OP_0) return "0";
    if (opcode == OP_1NEGATE) return "-1";
    if (opcode >= OP_1 && opcode <= OP_16) return std::to_string(opcode - OP_1 + 1);
    if (opcode == OP_PUSHDATA1) return "OP_PUSHDATA1";
    if (opcode == OP_PUSHDATA2) return "OP_PUSHDATA2";
    if (opcode == OP_PUSHDATA4) return "OP_PUSHDATA4";
    if (opcode == OP_RESERVED) return "OP_RESERVED";
    if (opcode >= OP_NOP && opcode <= OP_CHECKSIGADD)
        return std::string("OP_").append(NAMES[opcode - OP_NOP]);
    if (opcode == 0xff) return "OP_INVALIDOPCODE";
    return "OP_UNKNOWN";
}

std::string ScriptToAsm(ByteSpan script, bool sighash_names)
{
    const bool decode_types = sighash_names && !IsUnspendable(script);
    std::string out;
    ScriptReader reader(script);
    while (!reader.AtEnd()) {
        if (!out.empty()) out += ' ';
        const auto instruction = reader.Next();
        if (!instruction) return out + "[error]";
        out += instruction->opcode <= OP_PUSHDATA4 ? PushText(instruction->data, decode_types)
                                                   : OpName(instruction->opcode);
    }
    return out;
}

} // namespace emc::script
