#include "rpc/render_wallet.h"

namespace emc::rpc {

using interfaces::WalletTx;

void PushTxFields(Json& row, const WalletTx& tx)
{
    row.pushKV("confirmations", tx.confirmations);
    if (tx.generated) row.pushKV("generated", true);
    if (tx.block) {
        row.pushKV("blockhash", base::ReversedHex(*tx.block));
        row.pushKV("blockheight", tx.height);
        row.pushKV("blocktime", tx.block_time);
    } else {
        row.pushKV("trusted", tx.from_me);
    }
    row.pushKV("txid", base::ReversedHex(tx.txid));
    Json conflicts = codec::JsonArray();
    for (const auto& other : tx.conflicts)
        conflicts.push_back(base::ReversedHex(other));
    row.pushKV("walletconflicts", conflicts);
    if (!tx.comment.empty()) row.pushKV("comment", tx.comment);
    if (!tx.comment_to.empty()) row.pushKV("to", tx.comment_to);
    row.pushKV("time", tx.time);
    row.pushKV("timereceived", tx.time);
}

Json PartJson(const WalletTx& tx, const WalletTx::Part& part)
{
    Json row = codec::JsonObject();
    if (!part.address.empty()) row.pushKV("address", part.address);
    row.pushKV("category", part.category);
    row.pushKV("amount", codec::JsonAmount(part.amount));
    if (!part.label.empty()) row.pushKV("label", part.label);
    row.pushKV("vout", static_cast<int64_t>(part.vout));
    if (!part.name_op.empty()) row.pushKV("name_op", part.name_op);
    if (part.category == "send") {
        row.pushKV("fee", codec::JsonAmount(-tx.fee));
        if (tx.burned != 0) row.pushKV("burned", codec::JsonAmount(tx.burned));
        row.pushKV("abandoned", tx.abandoned);
    }
    return row;
}

} // namespace emc::rpc
