// Script bytes: reading, building, numbers, counting, text.
#include "script/opcodes.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::script;
using test::Words;

BOOST_AUTO_TEST_SUITE(script_bytes)

BOOST_AUTO_TEST_CASE(ReaderStepsThroughEveryKindOfPush)
{
    const Bytes script = Words("0x01 0xaa 0x4c02 0xbbbb 0x4d0100 0xcc 0x4e00000000 0 1 DUP");
    ScriptReader reader(script);
    const std::vector<std::pair<uint8_t, size_t>> want = {{1, 1}, {0x4c, 2}, {0x4d, 1},  {0x4e, 0},
                                                          {0, 0}, {OP_1, 0}, {OP_DUP, 0}};
    for (const auto& [opcode, size] : want) {
        BOOST_TEST(!reader.AtEnd());
        const auto step = reader.Next();
        BOOST_REQUIRE(step);
        BOOST_TEST(step->opcode == opcode);
        BOOST_TEST(step->data.size() == size);
    }
    BOOST_TEST(reader.AtEnd());
    BOOST_TEST(!reader.Next());
    BOOST_TEST(!reader.Broken());
    BOOST_TEST(reader.Position() == script.size());
}

BOOST_AUTO_TEST_CASE(ReaderStopsAtABrokenPush)
{
    for (const char* text :
         {"0x02aa", "0x4c", "0x4c02aa", "0x4d01", "0x4d0200aa", "0x4e010000", "0x4effffffff00"}) {
        const Bytes script = Words(text);
        ScriptReader reader(script);
        BOOST_TEST(!reader.Next(), text);
        BOOST_TEST(reader.Broken(), text);
        BOOST_TEST(!reader.Next(), text);
        BOOST_TEST(!IsPushOnly(script), text);
    }
}

BOOST_AUTO_TEST_CASE(BuilderTakesTheShortestPush)
{
    for (const size_t size : {size_t{0}, size_t{1}, size_t{75}, size_t{76}, size_t{255}, size_t{256},
                              size_t{65535}, size_t{65536}}) {
        const Bytes data(size, 0x7f);
        const Bytes script = ScriptBuilder().Push(data).Take();
        const size_t header = size < 76 ? 1 : size < 256 ? 2 : size < 65536 ? 3 : 5;
        BOOST_TEST(script.size() == size + header);
        const auto step = ScriptReader(script).Next();
        BOOST_REQUIRE(step);
        BOOST_TEST(Bytes(step->data.begin(), step->data.end()) == data);
    }
    BOOST_TEST(ScriptBuilder().Number(0).Number(-1).Number(1).Number(16).Number(17).Take() ==
               *base::FromHex("004f51600111"));
    BOOST_TEST(ScriptBuilder().Raw(Bytes{1, 2}).Op(OP_DROP).Take() == (Bytes{1, 2, OP_DROP}));
}

BOOST_AUTO_TEST_CASE(NumbersComeBackInTheirShortestForm)
{
    for (const int64_t value : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{127}, int64_t{128},
                                int64_t{-128}, int64_t{255}, int64_t{256}, int64_t{32767}, int64_t{-32768},
                                int64_t{0x7fffffff}, -int64_t{0x7fffffff}, int64_t{0xffffffff}, INT64_MAX}) {
        const Bytes bytes = EncodeScriptNumber(value);
        BOOST_TEST((DecodeScriptNumber(bytes, 8) == value));
        Bytes longer = bytes;
        if (!longer.empty() && longer.size() < 8) {
            const uint8_t sign = longer.back() & 0x80;
            longer.back() &= 0x7f;
            longer.push_back(sign);
            BOOST_TEST((DecodeScriptNumber(longer, 8, false) == value));
            BOOST_TEST(!DecodeScriptNumber(longer, 8, true) ==
                       ((bytes.back() & 0x7f & 0x80) == 0 && (longer[longer.size() - 2] & 0x80) == 0));
        }
    }
    BOOST_TEST(!DecodeScriptNumber(Bytes(5, 1)));
    BOOST_TEST((DecodeScriptNumber(Bytes(5, 1), 5) == int64_t{0x0101010101}));
    BOOST_TEST(!DecodeScriptNumber(Bytes(9, 1), 9));
    BOOST_TEST(!DecodeScriptNumber(Bytes{0x80}));
    BOOST_TEST((DecodeScriptNumber(Bytes{0x80}, 4, false) == int64_t{0}));
    BOOST_TEST((DecodeScriptNumber(Bytes{0xff, 0x00}) == int64_t{255}));
    BOOST_TEST((DecodeScriptNumber(EncodeScriptNumber(INT64_MIN), 9) == std::optional<int64_t>()));
}

BOOST_AUTO_TEST_CASE(PushOnlyAndUnspendable)
{
    BOOST_TEST(IsPushOnly(Words("0 1 16 -1 0x50 'text'")));
    BOOST_TEST(!IsPushOnly(Words("1 NOP")));
    BOOST_TEST(IsPushOnly(Bytes()));
    BOOST_TEST(IsUnspendable(Words("RETURN 'text'")));
    BOOST_TEST(!IsUnspendable(Words("1")));
    BOOST_TEST(!IsUnspendable(Bytes()));
    BOOST_TEST(!IsUnspendable(Bytes(MAX_SCRIPT_BYTES, OP_1)));
    BOOST_TEST(IsUnspendable(Bytes(MAX_SCRIPT_BYTES + 1, OP_1)));
}

BOOST_AUTO_TEST_CASE(SignatureOperationsAreCounted)
{
    BOOST_TEST(CountSigOps(Words("CHECKSIG CHECKSIGVERIFY CHECKSIGADD"), false) == 2);
    BOOST_TEST(CountSigOps(Words("2 CHECKMULTISIG"), false) == 20);
    BOOST_TEST(CountSigOps(Words("2 CHECKMULTISIG 16 CHECKMULTISIGVERIFY"), true) == 18);
    BOOST_TEST(CountSigOps(Words("0 CHECKMULTISIG DUP CHECKMULTISIG"), true) == 40);
    BOOST_TEST(CountSigOps(Words("CHECKSIG 0x4c CHECKSIG"), true) == 1);
}

BOOST_AUTO_TEST_CASE(CostOfAnInput)
{
    const Bytes key_hash = PayToWitnessKeyHash({});
    const Bytes multi = Words("2 CHECKMULTISIG CHECKSIG");
    const Bytes script_hash = PayToWitnessScriptHash({});
    BOOST_TEST(InputSigOpCost({}, key_hash, {}) == 1);
    BOOST_TEST(InputSigOpCost({}, script_hash, {Bytes{}, multi}) == 3);
    BOOST_TEST(InputSigOpCost({}, script_hash, {}) == 0);
    BOOST_TEST(InputSigOpCost({}, PayToTaproot({}), {multi}) == 0);
    BOOST_TEST(InputSigOpCost({}, PayToPubKeyHash({}), {}) == 0);
    const Bytes p2sh = PayToScriptHash({});
    BOOST_TEST(InputSigOpCost(ScriptBuilder().Push(multi).Take(), p2sh, {}) == 12);
    BOOST_TEST(InputSigOpCost(ScriptBuilder().Push(key_hash).Take(), p2sh, {}) == 1);
    BOOST_TEST(InputSigOpCost(ScriptBuilder().Push(script_hash).Take(), p2sh, {multi}) == 3);
    BOOST_TEST(InputSigOpCost(ScriptBuilder().Push(multi).Op(OP_NOP).Take(), p2sh, {}) == 0);
    BOOST_TEST(InputSigOpCost(Words("0x02aa"), p2sh, {}) == 0);
}

BOOST_AUTO_TEST_CASE(TextOfScripts)
{
    BOOST_TEST(ScriptToAsm(Words(
                   "DUP HASH160 0x14 0x0102030405060708090a0b0c0d0e0f1011121314 EQUALVERIFY CHECKSIG")) ==
               "OP_DUP OP_HASH160 0102030405060708090a0b0c0d0e0f1011121314 OP_EQUALVERIFY OP_CHECKSIG");
    BOOST_TEST(ScriptToAsm(Words("0 -1 1 16 0x02 0xffff 0x04 0xffffff7f 0x05 0x0000000001 0x50")) ==
               "0 -1 1 16 -32767 2147483647 0000000001 OP_RESERVED");
    BOOST_TEST(ScriptToAsm(Words("1 0x02aa")) == "1 [error]");
    BOOST_TEST(ScriptToAsm(Bytes()) == "");
    BOOST_TEST(OpName(OP_PUSHDATA1) == "OP_PUSHDATA1");
    BOOST_TEST(OpName(OP_PUSHDATA2) == "OP_PUSHDATA2");
    BOOST_TEST(OpName(OP_PUSHDATA4) == "OP_PUSHDATA4");
    BOOST_TEST(OpName(OP_CHECKSIGADD) == "OP_CHECKSIGADD");
    BOOST_TEST(OpName(0xbb) == "OP_UNKNOWN");
    BOOST_TEST(OpName(0xff) == "OP_INVALIDOPCODE");
}

BOOST_AUTO_TEST_CASE(TextOfSignaturesNamesTheirHashType)
{
    const std::string der = "300602010002010001";
    const std::vector<std::pair<std::string, std::string>> types = {{"01", "[ALL]"},
                                                                    {"02", "[NONE]"},
                                                                    {"03", "[SINGLE]"},
                                                                    {"81", "[ALL|ANYONECANPAY]"},
                                                                    {"82", "[NONE|ANYONECANPAY]"},
                                                                    {"83", "[SINGLE|ANYONECANPAY]"}};
    const std::string body = der.substr(0, der.size() - 2);
    for (const auto& [type, name] : types) {
        const Bytes script = ScriptBuilder().Push(*base::FromHex(body + type)).Take();
        BOOST_TEST(ScriptToAsm(script, true) == body + name);
        BOOST_TEST(ScriptToAsm(script, false) == body + type);
    }
    BOOST_TEST(ScriptToAsm(ScriptBuilder().Push(*base::FromHex(body + "04")).Take(), true) == body + "04");
    const Bytes data = ScriptBuilder().Op(OP_RETURN).Push(*base::FromHex(der)).Take();
    BOOST_TEST(ScriptToAsm(data, true) == "OP_RETURN " + der);
}

BOOST_AUTO_TEST_CASE(OpSuccessAndDisabledAreTheListsOfTheirProposals)
{
    int success = 0;
    for (int opcode = 0; opcode < 256; ++opcode) {
        const bool listed = opcode == 80 || opcode == 98 || (opcode >= 126 && opcode <= 129) ||
                            (opcode >= 131 && opcode <= 134) || (opcode >= 137 && opcode <= 138) ||
                            (opcode >= 141 && opcode <= 142) || (opcode >= 149 && opcode <= 153) ||
                            (opcode >= 187 && opcode <= 254);
        BOOST_TEST(IsOpSuccess(static_cast<uint8_t>(opcode)) == listed, opcode);
        success += listed ? 1 : 0;
    }
    BOOST_TEST(success == 87);
    BOOST_TEST(IsDisabled(OP_CAT));
    BOOST_TEST(!IsDisabled(OP_SIZE));
}

BOOST_AUTO_TEST_SUITE_END()
