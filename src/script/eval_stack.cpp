// Op codes that move elements about.
#include "script/eval.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

Error ToAlt(Machine& machine, uint8_t)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    machine.alt.Push(machine.stack.Top());
    machine.stack.Pop();
    return Error::Ok;
}

Error FromAlt(Machine& machine, uint8_t)
{
    if (machine.alt.Empty()) return Error::InvalidAltStackOperation;
    machine.stack.Push(machine.alt.Top());
    machine.alt.Pop();
    return Error::Ok;
}

/// Needs N elements and takes COUNT away.
template <size_t COUNT>
Error Drop(Machine& machine, uint8_t)
{
    if (machine.stack.Size() < COUNT) return Error::InvalidStackOperation;
    machine.stack.Pop(COUNT);
    return Error::Ok;
}

/// Copies, COUNT times, the element DEPTH below the top: 2DUP is two copies at depth 1, OVER one at depth 1.
template <size_t DEPTH, int COUNT>
Error Copy(Machine& machine, uint8_t)
{
    if (machine.stack.Size() <= DEPTH) return Error::InvalidStackOperation;
    for (int i = 0; i < COUNT; ++i)
        machine.stack.Pick(DEPTH);
    return Error::Ok;
}

/// Brings, COUNT times, the element DEPTH below the top to the top.
template <size_t DEPTH, int COUNT>
Error Bring(Machine& machine, uint8_t)
{
    if (machine.stack.Size() <= DEPTH) return Error::InvalidStackOperation;
    for (int i = 0; i < COUNT; ++i)
        machine.stack.Roll(DEPTH);
    return Error::Ok;
}

Error IfDup(Machine& machine, uint8_t)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    if (machine.stack.Top().AsBool()) machine.stack.Pick(0);
    return Error::Ok;
}

Error Depth(Machine& machine, uint8_t)
{
    machine.stack.Push(Element::Number(static_cast<int64_t>(machine.stack.Size())));
    return Error::Ok;
}

Error Nip(Machine& machine, uint8_t)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    machine.stack.Erase(1);
    return Error::Ok;
}

Error PickOrRoll(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    const auto depth = machine.Number(machine.stack.Top());
    if (!depth) return Error::NumberOverflow;
    machine.stack.Pop();
    if (*depth < 0 || static_cast<uint64_t>(*depth) >= machine.stack.Size())
        return Error::InvalidStackOperation;
    const auto at = static_cast<size_t>(*depth);
    if (opcode == OP_PICK) {
        machine.stack.Pick(at);
    } else {
        machine.stack.Roll(at);
    }
    return Error::Ok;
}

Error Tuck(Machine& machine, uint8_t)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    machine.stack.InsertBelow(2, machine.stack.Top());
    return Error::Ok;
}

Error Size(Machine& machine, uint8_t)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    machine.stack.Push(Element::Number(static_cast<int64_t>(machine.stack.Top().size())));
    return Error::Ok;
}

Error Equal(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    const ByteSpan a = machine.stack.Top(1).Span();
    const ByteSpan b = machine.stack.Top(0).Span();
    const bool equal = std::equal(a.begin(), a.end(), b.begin(), b.end());
    machine.stack.Pop(2);
    if (opcode == OP_EQUALVERIFY) return equal ? Error::Ok : Error::EqualVerify;
    machine.stack.Push(Element::Bool(equal));
    return Error::Ok;
}

} // namespace

void RegisterStackOps(HandlerTable& table)
{
    table[OP_TOALTSTACK] = ToAlt;
    table[OP_FROMALTSTACK] = FromAlt;
    table[OP_DROP] = Drop<1>;
    table[OP_2DROP] = Drop<2>;
    table[OP_DUP] = Copy<0, 1>;
    table[OP_2DUP] = Copy<1, 2>;
    table[OP_3DUP] = Copy<2, 3>;
    table[OP_OVER] = Copy<1, 1>;
    table[OP_2OVER] = Copy<3, 2>;
    table[OP_SWAP] = Bring<1, 1>;
    table[OP_2SWAP] = Bring<3, 2>;
    table[OP_ROT] = Bring<2, 1>;
    table[OP_2ROT] = Bring<5, 2>;
    table[OP_IFDUP] = IfDup;
    table[OP_DEPTH] = Depth;
    table[OP_NIP] = Nip;
    table[OP_PICK] = PickOrRoll;
    table[OP_ROLL] = PickOrRoll;
    table[OP_TUCK] = Tuck;
    table[OP_SIZE] = Size;
    table[OP_EQUAL] = Equal;
    table[OP_EQUALVERIFY] = Equal;
}

} // namespace emc::script
