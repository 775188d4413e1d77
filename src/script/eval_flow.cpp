// Op codes that steer: branches, verification, lock times, no-ops.
#include "script/eval.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

constexpr size_t LOCK_TIME_BYTES = 5; // a 32-bit time needs a fifth byte for the sign
constexpr int64_t SEQUENCE_DISABLED = int64_t{1} << 31;

bool IsMinimalBool(const Element& element)
{
    return element.size() == 0 || (element.size() == 1 && element.Span()[0] == 1);
}

Error If(Machine& machine, uint8_t opcode)
{
    bool taken = false;
    if (machine.branches.Running()) {
        if (machine.stack.Empty()) return Error::InvalidStackOperation;
        const Element& condition = machine.stack.Top();
        if (machine.setup.version == SigVersion::Tapscript && !IsMinimalBool(condition)) {
            return Error::TapscriptMinimalIf;
        }
        if (machine.setup.version == SigVersion::WitnessV0 && machine.Has(VERIFY_MINIMALIF) &&
            !IsMinimalBool(condition)) {
            return Error::MinimalIf;
        }
        taken = condition.AsBool() == (opcode == OP_IF);
        machine.stack.Pop();
    }
    machine.branches.Enter(taken);
    return Error::Ok;
}

Error Else(Machine& machine, uint8_t)
{
    if (machine.branches.Empty()) return Error::UnbalancedConditional;
    machine.branches.Toggle();
    return Error::Ok;
}

Error EndIf(Machine& machine, uint8_t)
{
    if (machine.branches.Empty()) return Error::UnbalancedConditional;
    machine.branches.Leave();
    return Error::Ok;
}

Error Verify(Machine& machine, uint8_t)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    if (!machine.stack.Top().AsBool()) return Error::Verify;
    machine.stack.Pop();
    return Error::Ok;
}

Error Return(Machine&, uint8_t)
{
    return Error::OpReturn;
}

Error Nop(Machine&, uint8_t)
{
    return Error::Ok;
}

Error UpgradableNop(Machine& machine, uint8_t)
{
    return machine.Has(VERIFY_DISCOURAGE_UPGRADABLE_NOPS) ? Error::DiscourageUpgradableNops : Error::Ok;
}

Error CheckLockTimeVerify(Machine& machine, uint8_t)
{
    if (!machine.Has(VERIFY_CHECKLOCKTIMEVERIFY)) return Error::Ok;
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    const auto time = machine.Number(machine.stack.Top(), LOCK_TIME_BYTES);
    if (!time) return Error::NumberOverflow;
    if (*time < 0) return Error::NegativeLockTime;
    return machine.setup.checker.CheckLockTime(*time) ? Error::Ok : Error::UnsatisfiedLockTime;
}

Error CheckSequenceVerify(Machine& machine, uint8_t)
{
    if (!machine.Has(VERIFY_CHECKSEQUENCEVERIFY)) return Error::Ok;
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    const auto sequence = machine.Number(machine.stack.Top(), LOCK_TIME_BYTES);
    if (!sequence) return Error::NumberOverflow;
    if (*sequence < 0) return Error::NegativeLockTime;
    if ((*sequence & SEQUENCE_DISABLED) != 0) return Error::Ok;
    return machine.setup.checker.CheckSequence(*sequence) ? Error::Ok : Error::UnsatisfiedLockTime;
}

} // namespace

void RegisterFlow(HandlerTable& table)
{
    table[OP_NOP] = Nop;
    table[OP_IF] = If;
    table[OP_NOTIF] = If;
    table[OP_ELSE] = Else;
    table[OP_ENDIF] = EndIf;
    table[OP_VERIFY] = Verify;
    table[OP_RETURN] = Return;
    table[OP_CHECKLOCKTIMEVERIFY] = CheckLockTimeVerify;
    table[OP_CHECKSEQUENCEVERIFY] = CheckSequenceVerify;
    table[OP_NOP1] = UpgradableNop;
    for (size_t opcode = OP_NOP4; opcode <= OP_NOP10; ++opcode)
        table[opcode] = UpgradableNop;
}

} // namespace emc::script
