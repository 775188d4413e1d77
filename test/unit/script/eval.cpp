// Every op code: what it does, what it refuses.
#include "script/eval.h"

#include "script/opcodes.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::script;
using test::RunScript;
using test::Words;

namespace {

struct Row {
    const char* words;
    Error want;
};

void RunRows(const std::vector<Row>& rows, Flags flags = VERIFY_NONE)
{
    for (const Row& row : rows) {
        const Error got = RunScript(row.words, flags);
        BOOST_TEST((got == row.want), row.words << ": " << Text(got));
    }
}

/// A script that ends with OP_VERIFY-like ops on all it claims.
void Claims(const std::vector<const char*>& scripts)
{
    for (const char* words : scripts) {
        const Error got = RunScript(words);
        BOOST_TEST((got == Error::Ok), words << ": " << Text(got));
    }
}

std::string Repeat(const std::string& word, size_t times)
{
    std::string out;
    for (size_t i = 0; i < times; ++i)
        out += word + " ";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_eval)

BOOST_AUTO_TEST_CASE(StackOpsMoveWhatTheySay)
{
    Claims({
        "1 2 TOALTSTACK 3 FROMALTSTACK 2 EQUALVERIFY 3 EQUALVERIFY 1 EQUALVERIFY DEPTH 0 EQUALVERIFY",
        "1 2 2DROP DEPTH 0 EQUALVERIFY",
        "1 2 2DUP 2 EQUALVERIFY 1 EQUALVERIFY 2 EQUALVERIFY 1 EQUALVERIFY DEPTH NOT VERIFY",
        "1 2 3 3DUP 3 EQUALVERIFY 2 EQUALVERIFY 1 EQUALVERIFY DEPTH 3 EQUALVERIFY",
        "1 2 3 4 2OVER 2 EQUALVERIFY 1 EQUALVERIFY DEPTH 4 EQUALVERIFY",
        "1 2 3 4 5 6 2ROT 2 EQUALVERIFY 1 EQUALVERIFY 6 EQUALVERIFY",
        "1 2 3 4 2SWAP 2 EQUALVERIFY 1 EQUALVERIFY 4 EQUALVERIFY 3 EQUALVERIFY",
        "0 IFDUP DEPTH 1 EQUALVERIFY",
        "5 IFDUP DEPTH 2 EQUALVERIFY",
        "1 2 NIP 2 EQUALVERIFY DEPTH 0 EQUALVERIFY",
        "1 2 OVER 1 EQUALVERIFY DEPTH 2 EQUALVERIFY",
        "7 8 9 2 PICK 7 EQUALVERIFY DEPTH 3 EQUALVERIFY",
        "7 8 9 2 ROLL 7 EQUALVERIFY 9 EQUALVERIFY 8 EQUALVERIFY DEPTH 0 EQUALVERIFY",
        "1 2 3 ROT 1 EQUALVERIFY 3 EQUALVERIFY 2 EQUALVERIFY",
        "1 2 SWAP 1 EQUALVERIFY 2 EQUALVERIFY",
        "1 2 TUCK 2 EQUALVERIFY 1 EQUALVERIFY 2 EQUALVERIFY",
        "'abc' SIZE 3 EQUALVERIFY 'abc' EQUALVERIFY",
        "1 DUP EQUALVERIFY",
        "1 DROP",
        "'a' 'b' EQUAL NOT VERIFY",
    });
}

BOOST_AUTO_TEST_CASE(StackOpsRefuseAShortStack)
{
    const Error e = Error::InvalidStackOperation;
    RunRows({{"TOALTSTACK", e},
             {"FROMALTSTACK", Error::InvalidAltStackOperation},
             {"DROP", e},
             {"1 2DROP", e},
             {"DUP", e},
             {"1 2DUP", e},
             {"1 2 3DUP", e},
             {"1 OVER", e},
             {"1 2 3 2OVER", e},
             {"1 SWAP", e},
             {"1 2 3 2SWAP", e},
             {"1 2 ROT", e},
             {"1 2 3 4 5 2ROT", e},
             {"IFDUP", e},
             {"1 NIP", e},
             {"1 PICK", e},
             {"1 1 PICK", e},
             {"1 -1 ROLL", e},
             {"1 TUCK", e},
             {"SIZE", e},
             {"1 EQUAL", e},
             {"1 EQUALVERIFY", e},
             {"1 2 EQUALVERIFY", Error::EqualVerify},
             {"1 0x05 0x0000000000 PICK", Error::NumberOverflow}});
}

BOOST_AUTO_TEST_CASE(ArithmeticCalculates)
{
    Claims({
        "1 1ADD 2 EQUALVERIFY",
        "1 1SUB 0 EQUALVERIFY",
        "5 NEGATE -5 EQUALVERIFY",
        "-5 ABS 5 EQUALVERIFY",
        "5 ABS 5 EQUALVERIFY",
        "0 NOT VERIFY",
        "7 NOT NOT VERIFY",
        "7 0NOTEQUAL 1 EQUALVERIFY",
        "0 0NOTEQUAL 0 EQUALVERIFY",
        "2 3 ADD 5 EQUALVERIFY",
        "2 3 SUB -1 EQUALVERIFY",
        "1 0 BOOLAND NOT VERIFY",
        "1 2 BOOLAND VERIFY",
        "0 0 BOOLOR NOT VERIFY",
        "0 2 BOOLOR VERIFY",
        "5 5 NUMEQUAL VERIFY",
        "5 5 NUMEQUALVERIFY",
        "5 4 NUMNOTEQUAL VERIFY",
        "3 4 LESSTHAN VERIFY",
        "4 3 GREATERTHAN VERIFY",
        "4 4 LESSTHANOREQUAL VERIFY",
        "4 4 GREATERTHANOREQUAL VERIFY",
        "3 4 MIN 3 EQUALVERIFY",
        "4 3 MIN 3 EQUALVERIFY",
        "3 4 MAX 4 EQUALVERIFY",
        "4 3 MAX 4 EQUALVERIFY",
        "3 3 5 WITHIN VERIFY",
        "5 3 5 WITHIN NOT VERIFY",
        "2147483647 DUP ADD 4294967294 EQUALVERIFY",
        "-2147483647 DUP ADD -4294967294 EQUALVERIFY",
    });
}

BOOST_AUTO_TEST_CASE(ArithmeticRefuses)
{
    const Error e = Error::InvalidStackOperation;
    RunRows({{"1ADD", e},
             {"1 ADD", e},
             {"1 2 WITHIN", e},
             {"2147483648 1ADD", Error::NumberOverflow},
             {"2147483648 1 ADD", Error::NumberOverflow},
             {"1 2147483648 ADD", Error::NumberOverflow},
             {"1 1 2147483648 WITHIN", Error::NumberOverflow},
             {"2147483648 1 1 WITHIN", Error::NumberOverflow},
             {"1 2147483648 1 WITHIN", Error::NumberOverflow},
             {"1 2 NUMEQUALVERIFY", Error::NumEqualVerify}});
    RunRows({{"0x02 0x0100 1ADD", Error::Ok}});
    RunRows({{"0x02 0x0100 1ADD", Error::NumberOverflow}, {"0x01 0x05 1ADD", Error::MinimalData}},
            VERIFY_MINIMALDATA);
}

BOOST_AUTO_TEST_CASE(BranchesNest)
{
    Claims({
        "1 IF 2 ELSE 3 ENDIF 2 EQUALVERIFY",
        "0 IF 2 ELSE 3 ENDIF 3 EQUALVERIFY",
        "0 NOTIF 2 ELSE 3 ENDIF 2 EQUALVERIFY",
        "1 IF 0 IF RETURN ELSE 4 ENDIF ELSE RETURN ENDIF 4 EQUALVERIFY",
        "0 IF 1 IF RETURN ELSE RETURN ENDIF ELSE 5 ENDIF 5 EQUALVERIFY",
        "0 IF RETURN ELSE 5 ELSE RETURN ELSE 6 ENDIF 6 EQUALVERIFY 5 EQUALVERIFY",
        "0 IF 0x50 VER RESERVED1 0xbb 0xff ENDIF",
        "0 IF 0x05 0x0000000000 1ADD ENDIF",
    });
    const Error e = Error::UnbalancedConditional;
    RunRows({{"IF ENDIF", Error::InvalidStackOperation},
             {"1 IF", e},
             {"1 IF ELSE", e},
             {"ENDIF", e},
             {"ELSE", e},
             {"1 ENDIF", e},
             {"0 IF VERIF ENDIF", Error::BadOpcode},
             {"0 IF VERNOTIF ENDIF", Error::BadOpcode},
             {"0 IF CAT ENDIF", Error::DisabledOpcode},
             {"VER", Error::BadOpcode},
             {"0x50", Error::BadOpcode},
             {"0xbb", Error::BadOpcode},
             {"0 CHECKSIGADD", Error::BadOpcode}});
}

BOOST_AUTO_TEST_CASE(ControlOps)
{
    RunRows({{"NOP", Error::Ok},
             {"1 VERIFY", Error::Ok},
             {"0 VERIFY", Error::Verify},
             {"VERIFY", Error::InvalidStackOperation},
             {"RETURN", Error::OpReturn},
             {"NOP1 NOP4 NOP10", Error::Ok},
             {"0x01 0x80 VERIFY", Error::Verify},
             {"0x02 0x8000 VERIFY", Error::Ok}});
    RunRows({{"NOP1", Error::DiscourageUpgradableNops},
             {"NOP10", Error::DiscourageUpgradableNops},
             {"0 IF NOP1 ENDIF", Error::Ok}},
            VERIFY_DISCOURAGE_UPGRADABLE_NOPS);
    RunRows({{"0x4c01 0x07", Error::MinimalData},
             {"0x01 0x07", Error::MinimalData},
             {"0x01 0x81", Error::MinimalData},
             {"0x4d0100 0x20", Error::MinimalData},
             {"0x4e01000000 0x20", Error::MinimalData},
             {"0x4c00", Error::MinimalData},
             {"0 7 -1 0x01 0x20", Error::Ok}},
            VERIFY_MINIMALDATA);
}

BOOST_AUTO_TEST_CASE(LockTimes)
{
    const Error unsatisfied = Error::UnsatisfiedLockTime;
    // The spending transaction's lock time is 17, its first sequence 0xfffffffd.
    RunRows({{"17 CHECKLOCKTIMEVERIFY", Error::Ok},
             {"18 CHECKLOCKTIMEVERIFY", unsatisfied},
             {"500000000 CHECKLOCKTIMEVERIFY", unsatisfied},
             {"-1 CHECKLOCKTIMEVERIFY", Error::NegativeLockTime},
             {"CHECKLOCKTIMEVERIFY", Error::InvalidStackOperation},
             {"0x06 0x000000000001 CHECKLOCKTIMEVERIFY", Error::NumberOverflow}},
            VERIFY_CHECKLOCKTIMEVERIFY);
    RunRows({{"CHECKLOCKTIMEVERIFY CHECKSEQUENCEVERIFY", Error::Ok}});
    RunRows({{"2147483648 CHECKSEQUENCEVERIFY", Error::Ok},
             {"1 CHECKSEQUENCEVERIFY", unsatisfied},
             {"-1 CHECKSEQUENCEVERIFY", Error::NegativeLockTime},
             {"CHECKSEQUENCEVERIFY", Error::InvalidStackOperation},
             {"0x06 0x000000000001 CHECKSEQUENCEVERIFY", Error::NumberOverflow}},
            VERIFY_CHECKSEQUENCEVERIFY);
}

BOOST_AUTO_TEST_CASE(HashesOfTheEmptyString)
{
    Claims({
        "0 RIPEMD160 0x14 0x9c1185a5c5e9fc54612808977ee8f548b2258d31 EQUALVERIFY",
        "0 SHA1 0x14 0xda39a3ee5e6b4b0d3255bfef95601890afd80709 EQUALVERIFY",
        "0 SHA256 0x20 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 EQUALVERIFY",
        "0 HASH160 0x14 0xb472a266d0bd89c13706a4132ccfb16f7c3b9fcb EQUALVERIFY",
        "0 HASH256 0x20 0x5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456 EQUALVERIFY",
    });
    RunRows({{"HASH160", Error::InvalidStackOperation}});
}

BOOST_AUTO_TEST_CASE(Limits)
{
    BOOST_TEST((RunScript(Repeat("NOP", 201)) == Error::Ok));
    BOOST_TEST((RunScript(Repeat("NOP", 202)) == Error::OpCount));
    BOOST_TEST((RunScript(Repeat("1", 999)) == Error::Ok));
    BOOST_TEST((RunScript(Repeat("1", 1001)) == Error::StackSize));
    BOOST_TEST((RunScript(Repeat("1", 999) + "DUP TOALTSTACK DUP DUP") == Error::StackSize));
    BOOST_TEST((RunScript(Repeat("1", 10001)) == Error::ScriptSize));
    test::Spend spend(Words("1"));
    spend.tx.inputs[0].script_sig = ScriptBuilder().Push(Bytes(520, 1)).Take();
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::Ok));
    spend.tx.inputs[0].script_sig = ScriptBuilder().Push(Bytes(521, 1)).Take();
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::PushSize));
    spend.tx.inputs[0].script_sig = {0x02, 0x01};
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::BadOpcode));
}

BOOST_AUTO_TEST_CASE(MultiSigOperands)
{
    const Error e = Error::InvalidStackOperation;
    RunRows({{"CHECKMULTISIG", e},
             {"0 CHECKMULTISIG", e},
             {"0 0 CHECKMULTISIG", e},
             {"0 0 0 CHECKMULTISIG VERIFY", Error::Ok},
             {"0 0 0 CHECKMULTISIGVERIFY", Error::Ok},
             {"0 0 21 CHECKMULTISIG", Error::PubkeyCount},
             {"0 0 -1 CHECKMULTISIG", Error::PubkeyCount},
             {"0 1 0 CHECKMULTISIG", Error::SigCount},
             {"0 -1 0 CHECKMULTISIG", Error::SigCount},
             {"0 0 2147483648 CHECKMULTISIG", Error::NumberOverflow},
             {"0 2147483648 0 CHECKMULTISIG", Error::NumberOverflow},
             {"1 CHECKMULTISIG", e},
             {"0 'sig' 1 'key' 1 CHECKMULTISIGVERIFY", Error::CheckMultiSigVerify},
             {"0 'sig' 1 'key' 1 CHECKMULTISIG NOT VERIFY", Error::Ok},
             {"1 CHECKSIG", e},
             {"'sig' 'key' CHECKSIG NOT VERIFY", Error::Ok},
             {"'sig' 'key' CHECKSIGVERIFY", Error::CheckSigVerify}});
    RunRows({{"0 'sig' 1 'key' 1 CHECKMULTISIG", Error::SigNullFail},
             {"'sig' 'key' CHECKSIG", Error::SigNullFail},
             {"0 0 1 'key' 1 CHECKMULTISIG", Error::Ok}},
            VERIFY_NULLFAIL);
    RunRows({{"1 0 0 CHECKMULTISIG", Error::SigNullDummy}}, VERIFY_NULLDUMMY);
    RunRows({{"0 'sig' 1 'key' 1 CHECKMULTISIG", Error::SigDer}, {"'sig' 'key' CHECKSIG", Error::SigDer}},
            VERIFY_DERSIG);
    RunRows({{"0 'key' CHECKSIG", Error::PubkeyType}, {"0 0 1 'key' 1 CHECKMULTISIG", Error::PubkeyType}},
            VERIFY_STRICTENC);
    // Every key counts as an operation.
    const std::string keys = Repeat("1", 20);
    BOOST_TEST((RunScript(Repeat("0 0 " + keys + "20 CHECKMULTISIG DROP", 9)) == Error::Ok));
    BOOST_TEST((RunScript(Repeat("0 0 " + keys + "20 CHECKMULTISIG DROP", 10)) == Error::OpCount));
}

BOOST_AUTO_TEST_CASE(ASignatureIsCutOutOfTheScriptItSigns)
{
    const auto cut = [](const char* script, const char* needle) {
        Bytes out;
        const size_t found = FindAndDelete(Words(script), Words(needle), out);
        return std::pair(found, base::Hex(out));
    };
    BOOST_TEST(
        (cut("1 0x02 0xaabb 2 0x02 0xaabb", "0x02 0xaabb") == std::pair<size_t, std::string>(2, "5152")));
    BOOST_TEST((cut("1 2 3", "2 2") == std::pair<size_t, std::string>(0, "")));
    BOOST_TEST((cut("2 2 2", "2") == std::pair<size_t, std::string>(3, "")));
    BOOST_TEST((cut("1", "") == std::pair<size_t, std::string>(0, "")));
    // Only where an op code begins: the needle inside a push stays.
    BOOST_TEST((cut("0x03 0x51aa51 0x51", "0x51") == std::pair<size_t, std::string>(1, "0351aa51")));
    // Behind a broken push nothing is looked at.
    BOOST_TEST((cut("1 0x4c05 0x51", "1") == std::pair<size_t, std::string>(1, "4c0551")));
    RunRows({{"'x' 'key' CHECKSIG", Error::SigFindAndDelete},
             {"0x4c01 0x78 'key' CHECKSIG", Error::Ok},
             {"CODESEPARATOR", Error::OpCodeSeparator}},
            VERIFY_CONST_SCRIPTCODE);
    test::Spend spend(Words("'sig' DROP 'sig' 'key' CHECKSIG NOT"));
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::Ok));
    BOOST_TEST((spend.Verify(VERIFY_CONST_SCRIPTCODE) == Error::SigFindAndDelete));
    test::Spend multi(Words("'sig' DROP 0 'sig' 1 'key' 1 CHECKMULTISIG NOT"));
    BOOST_TEST((multi.Verify(VERIFY_CONST_SCRIPTCODE) == Error::SigFindAndDelete));
}

BOOST_AUTO_TEST_CASE(ElementsKeepOrViewTheirBytes)
{
    const Bytes outside = {1, 2, 3};
    const Element view = Element::View(outside);
    BOOST_TEST(view.Span().data() == outside.data());
    const Element copy = Element::Copy(outside);
    BOOST_TEST(copy.Span().data() != outside.data());
    BOOST_TEST(Bytes(copy.Span().begin(), copy.Span().end()) == outside);
    for (const int64_t value :
         {int64_t{0}, int64_t{-1}, int64_t{128}, int64_t{-255}, int64_t{0x7fffffff} * 2, INT64_MIN}) {
        const Bytes want = EncodeScriptNumber(value);
        const Element element = Element::Number(value);
        BOOST_TEST(Bytes(element.Span().begin(), element.Span().end()) == want);
        BOOST_TEST(element.AsBool() == (value != 0));
    }
    BOOST_TEST(!Element().AsBool());
    BOOST_TEST(Element::Bool(true).AsBool());
    Stack stack;
    for (int i = 0; i < 4; ++i)
        stack.Push(Element::Number(i + 1));
    stack.InsertBelow(4, stack.Top());
    BOOST_TEST((Bytes(stack.Top(4).Span().begin(), stack.Top(4).Span().end()) == Bytes{4}));
    stack.Erase(4);
    BOOST_TEST(stack.Size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
