// The hashes with shared parts equal the same rules written down plainly.
#include "base/check.h"
#include "unit/script/sighash_model.h"

using namespace emc;
using namespace emc::script;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    codec::Reader in({data, size});
    const auto type = static_cast<int32_t>(in.U32());
    const int64_t value = in.I64();
    const size_t chosen = in.U8();
    TapscriptContext context;
    context.code_separator_pos = in.U32();
    context.leaf_hash = in.Hash();
    const uint8_t options = in.U8();
    const Bytes code = in.SizedBytes();
    const auto tx = primitives::ReadTransaction(in);
    if (!in.Ok() || tx.inputs.empty()) return 0;
    const size_t input = chosen % tx.inputs.size();

    std::vector<primitives::TxOut> spent;
    for (const auto& one : tx.inputs)
        spent.push_back({value, one.script_sig});
    const PrecomputedTx shared(tx, spent);
    EMC_CHECK(LegacySigHash(tx, input, code, type) == test::ModelLegacy(tx, input, code, type));
    EMC_CHECK(SegwitV0SigHash(shared, input, code, value, type) ==
              test::ModelSegwit(tx, input, code, value, type));
    const std::optional<Bytes> annex = (options & 1) != 0 ? std::optional(code) : std::nullopt;
    const TapscriptContext* script = (options & 2) != 0 ? &context : nullptr;
    const auto kind = static_cast<uint8_t>(type);
    EMC_CHECK(TaprootSigHash(shared, input, kind, annex, script) ==
              test::ModelTaproot(tx, spent, {input, kind, annex, script}));
    return 0;
}
