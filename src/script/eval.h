/// Runs one script over a stack. The op codes are grouped in families, one file each, which register their
/// handlers in one table.
#pragma once

#include "script/encoding.h"
#include "script/interpreter.h"
#include "script/stack.h"

namespace emc::script {

/// What running a tapscript needs beside the script (BIP 342).
struct TapscriptRun {
    base::Hash256 leaf_hash;
    const std::optional<Bytes>* annex = nullptr;
    int64_t weight_left = 0; ///< what signature checks may still use
};

/// One run. The script, and what the stack's elements view, must outlive it.
class Machine
{
public:
    struct Setup {
        ByteSpan script;
        Flags flags = VERIFY_NONE;
        SigVersion version = SigVersion::Base;
        const SignatureChecker& checker;
        TapscriptRun* tapscript = nullptr; ///< given exactly for SigVersion::Tapscript
    };

    Machine(Stack& stack_, const Setup& setup);
    /// Runs the script from its beginning to its end or first error.
    [[nodiscard]] Error Run();

    /// True when all of these flags are set.
    [[nodiscard]] bool Has(Flags flag) const { return (setup.flags & flag) == flag; }

    /// Reads an element as a number of at most `max_bytes`; nullopt is Error::NumberOverflow.
    [[nodiscard]] std::optional<int64_t> Number(const Element& element, size_t max_bytes = 4) const
    {
        return DecodeScriptNumber(element.Span(), max_bytes, Has(VERIFY_MINIMALDATA));
    }

    /// Counts operations towards MAX_OPS; false when there are too many. Tapscript does not count.
    [[nodiscard]] bool CountOps(int more);

    // The handlers work on these.
    Stack& stack;
    Stack alt;
    Branches branches;
    const Setup setup;
    size_t code_start = 0;                 ///< byte behind the last OP_CODESEPARATOR that ran
    size_t next_byte = 0;                  ///< byte behind the op code that runs
    uint32_t op_index = 0;                 ///< number of the op code that runs
    uint32_t separator_index = 0xffffffff; ///< number of the last OP_CODESEPARATOR that ran

private:
    [[nodiscard]] Error Step(const Instruction& instruction);

    int m_op_count = 0;
};

/// Executes one op code; called only for branches that run, except for the op codes that steer branches.
using Handler = Error (*)(Machine& machine, uint8_t opcode);
using HandlerTable = std::array<Handler, 256>;

/// Each family enters its op codes; what nobody enters is Error::BadOpcode.
void RegisterFlow(HandlerTable& table);
void RegisterStackOps(HandlerTable& table);
void RegisterArithmetic(HandlerTable& table);
void RegisterCrypto(HandlerTable& table);

/// Finds every occurrence of `needle` that begins at an op code; when there are any, `out` becomes the script
/// without them. Returns how many there were.
[[nodiscard]] size_t FindAndDelete(ByteSpan script, ByteSpan needle, Bytes& out);

} // namespace emc::script
