#include "script/eval.h"

#include "script/opcodes.h"

namespace emc::script {

namespace {

Error BadOpcode(Machine&, uint8_t)
{
    return Error::BadOpcode;
}

Error PushSmall(Machine& machine, uint8_t opcode)
{
    machine.stack.Push(Element::Number(opcode - OP_1 + 1));
    return Error::Ok;
}

HandlerTable MakeTable()
{
    HandlerTable table;
    table.fill(BadOpcode);
    table[OP_1NEGATE] = PushSmall;
    for (int opcode = OP_1; opcode <= OP_16; ++opcode)
        table[static_cast<size_t>(opcode)] = PushSmall;
    RegisterFlow(table);
    RegisterStackOps(table);
    RegisterArithmetic(table);
    RegisterCrypto(table);
    return table;
}

const HandlerTable& Handlers()
{
    static const HandlerTable TABLE = MakeTable();
    return TABLE;
}

} // namespace

Machine::Machine(Stack& stack_, const Setup& setup_) : stack(stack_), setup(setup_)
{
    EMC_CHECK((setup.version == SigVersion::Tapscript) == (setup.tapscript != nullptr));
}

bool Machine::CountOps(int more)
{
    if (setup.version == SigVersion::Tapscript) return true;
    m_op_count += more;
    return m_op_count <= MAX_OPS;
}

Error Machine::Step(const Instruction& instruction)
{
    const uint8_t opcode = instruction.opcode;
    if (instruction.data.size() > MAX_ELEMENT_BYTES) return Error::PushSize;
    if (opcode > OP_16 && !CountOps(1)) return Error::OpCount;
    if (IsDisabled(opcode)) return Error::DisabledOpcode;
    if (opcode == OP_CODESEPARATOR && setup.version == SigVersion::Base && Has(VERIFY_CONST_SCRIPTCODE)) {
        return Error::OpCodeSeparator;
    }
    if (opcode <= OP_PUSHDATA4) {
        if (!branches.Running()) return Error::Ok;
        if (Has(VERIFY_MINIMALDATA) && !IsMinimalPush(instruction)) return Error::MinimalData;
        stack.Push(Element::View(instruction.data));
        return Error::Ok;
    }
    if (!branches.Running() && (opcode < OP_IF || opcode > OP_ENDIF)) return Error::Ok;
    return Handlers()[opcode](*this, opcode);
}

Error Machine::Run()
{
    if (setup.version != SigVersion::Tapscript && setup.script.size() > MAX_SCRIPT_BYTES)
        return Error::ScriptSize;
    ScriptReader reader(setup.script);
    for (; !reader.AtEnd(); ++op_index) {
        const auto instruction = reader.Next();
        if (!instruction) return Error::BadOpcode;
        next_byte = reader.Position();
        if (const Error error = Step(*instruction); error != Error::Ok) return error;
        if (stack.Size() + alt.Size() > MAX_STACK_ITEMS) return Error::StackSize;
    }
    return branches.Empty() ? Error::Ok : Error::UnbalancedConditional;
}

} // namespace emc::script
