// Op codes that calculate: operands of at most four bytes, results of at most five.
#include "script/eval.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

int64_t UnaryResult(uint8_t opcode, int64_t a)
{
    switch (opcode) {
    case OP_1ADD:
        return a + 1;
    case OP_1SUB:
        return a - 1;
    case OP_NEGATE:
        return -a;
    case OP_ABS:
        return a < 0 ? -a : a;
    case OP_NOT:
        return a == 0 ? 1 : 0;
    default:
        return a != 0 ? 1 : 0; // OP_0NOTEQUAL
    }
}

int64_t BinaryResult(uint8_t opcode, int64_t a, int64_t b)
{
    switch (opcode) {
    case OP_ADD:
        return a + b;
    case OP_SUB:
        return a - b;
    case OP_BOOLAND:
        return a != 0 && b != 0 ? 1 : 0;
    case OP_BOOLOR:
        return a != 0 || b != 0 ? 1 : 0;
    case OP_NUMEQUAL:
    case OP_NUMEQUALVERIFY:
        return a == b ? 1 : 0;
    case OP_NUMNOTEQUAL:
        return a != b ? 1 : 0;
    case OP_LESSTHAN:
        return a < b ? 1 : 0;
    case OP_GREATERTHAN:
        return a > b ? 1 : 0;
    case OP_LESSTHANOREQUAL:
        return a <= b ? 1 : 0;
    case OP_GREATERTHANOREQUAL:
        return a >= b ? 1 : 0;
    case OP_MIN:
        return a < b ? a : b;
    default:
        return a > b ? a : b; // OP_MAX
    }
}

Error Unary(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    const auto a = machine.Number(machine.stack.Top());
    if (!a) return Error::NumberOverflow;
    machine.stack.Pop();
    machine.stack.Push(Element::Number(UnaryResult(opcode, *a)));
    return Error::Ok;
}

Error Binary(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    const auto a = machine.Number(machine.stack.Top(1));
    const auto b = machine.Number(machine.stack.Top(0));
    if (!a || !b) return Error::NumberOverflow;
    machine.stack.Pop(2);
    const int64_t result = BinaryResult(opcode, *a, *b);
    if (opcode == OP_NUMEQUALVERIFY) return result != 0 ? Error::Ok : Error::NumEqualVerify;
    machine.stack.Push(Element::Number(result));
    return Error::Ok;
}

Error Within(Machine& machine, uint8_t)
{
    if (machine.stack.Size() < 3) return Error::InvalidStackOperation;
    const auto value = machine.Number(machine.stack.Top(2));
    const auto low = machine.Number(machine.stack.Top(1));
    const auto high = machine.Number(machine.stack.Top(0));
    if (!value || !low || !high) return Error::NumberOverflow;
    machine.stack.Pop(3);
    machine.stack.Push(Element::Bool(*low <= *value && *value < *high));
    return Error::Ok;
}

} // namespace

void RegisterArithmetic(HandlerTable& table)
{
    for (const uint8_t opcode : {OP_1ADD, OP_1SUB, OP_NEGATE, OP_ABS, OP_NOT, OP_0NOTEQUAL})
        table[opcode] = Unary;
    for (const uint8_t opcode :
         {OP_ADD, OP_SUB, OP_BOOLAND, OP_BOOLOR, OP_NUMEQUAL, OP_NUMEQUALVERIFY, OP_NUMNOTEQUAL, OP_LESSTHAN,
          OP_GREATERTHAN, OP_LESSTHANOREQUAL, OP_GREATERTHANOREQUAL, OP_MIN, OP_MAX}) {
        table[opcode] = Binary;
    }
    table[OP_WITHIN] = Within;
}

} // namespace emc::script
