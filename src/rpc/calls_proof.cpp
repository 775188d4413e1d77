// Proofs that transactions stand in a block (BIP 37's trees), for those who keep headers only.
#include "interfaces/chain.h"
#include "primitives/partial_merkle.h"
#include "rpc/calls.h"
#include "rpc/tx_proof.h"

#include <algorithm>
#include <set>

namespace emc::rpc {

namespace {

using base::Hash256;

std::vector<Hash256> TxidsOf(const Request& request, size_t position)
{
    std::vector<Hash256> out;
    for (const auto& item : request.Raw(position).getValues()) {
        const auto txid = item.isStr() ? base::HashFromReversedHex(item.get_str()) : std::nullopt;
        if (!txid) throw RpcError(Code::Parameter, "txids must be strings of 64 hex digits");
        if (std::find(out.begin(), out.end(), *txid) != out.end())
            throw RpcError(Code::Parameter, "txid " + item.get_str() + " is named twice");
        out.push_back(*txid);
    }
    if (out.empty()) throw RpcError(Code::Parameter, "txids must name at least one transaction");
    return out;
}

/// The block the transactions are said to stand in, or the one where the first of them is found.
Hash256 BlockFor(const Request& request, const std::vector<Hash256>& txids)
{
    if (request.Has(1)) return request.Hash(1);
    for (const auto& txid : txids) {
        for (uint32_t output = 0; output < 2; ++output) { // an unspent output tells the height
            const auto coin = request.Chain().GetCoin({txid, output});
            const auto info = coin ? request.Chain().BlockByHeight(coin->height) : std::nullopt;
            if (info) return info->hash;
        }
        const auto* index = request.Rooms().index;
        const auto found = index != nullptr ? index->FindTx(txid) : std::nullopt;
        if (found && found->block) return *found->block;
    }
    throw RpcError(
        Code::AddressOrKey,
        "None of these transactions is known to be in a block; name the block, or run with -txindex");
}

Json GetTxOutProof(const Request& request)
{
    const auto txids = TxidsOf(request, 0);
    const Hash256 block_hash = BlockFor(request, txids);
    const auto info = request.Chain().BlockByHash(block_hash);
    if (!info) throw RpcError(Code::AddressOrKey, "Block not found");
    const auto block = request.Chain().ReadBlock(block_hash);
    if (!block) throw RpcError(block.Error());
    const std::set<Hash256> asked(txids.begin(), txids.end());
    std::vector<Hash256> leaves;
    std::vector<bool> wanted;
    size_t found = 0;
    for (const auto& tx : (*block)->transactions) {
        leaves.push_back(tx->Txid());
        wanted.push_back(asked.contains(tx->Txid()));
        found += wanted.back() ? 1 : 0;
    }
    if (found != txids.size())
        throw RpcError(Code::AddressOrKey, "The block does not hold all of these transactions");
    return base::Hex(
        Serialize(primitives::MerkleProof{(*block)->header, primitives::MakePartialMerkle(leaves, wanted)}));
}

Json VerifyTxOutProof(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& txid : ReadTxOutProof(request, request.Str(0)).txids)
        out.push_back(base::ReversedHex(txid));
    return out;
}

} // namespace

ProvenTxids ReadTxOutProof(const Request& request, const std::string& hex)
{
    const auto bytes = base::FromHex(hex);
    const auto proof = bytes ? primitives::ParseMerkleProof(*bytes) : std::nullopt;
    if (!proof) throw RpcError(Code::Deserialization, "proof must be the hex of a header and a tree");
    ProvenTxids out;
    const auto matches = primitives::ReadPartialMerkle(proof->tree);
    if (!matches || matches->root != proof->header.merkle_root) return out;
    const auto info = request.Chain().BlockByHash(proof->header.Hash());
    if (!info || !info->in_best_chain)
        throw RpcError(Code::AddressOrKey, "The block is not in the best chain");
    // A tree of another size could take inner nodes for transactions.
    if (info->tx_count != 0 && info->tx_count != proof->tree.leaves) return out;
    out.block = *info;
    out.txids = matches->leaves;
    return out;
}

const CallTable& ProofCalls()
{
    static const CallTable table{
        {"gettxoutproof",
         "Blockchain",
         CallKind::Slow,
         "Proof that transactions stand in a block.",
         {{"txids", ArgType::Array, "", "transactions of one block"},
          {"blockhash", ArgType::Hash, "-",
           "the block; without it an unspent output or -txindex has to tell it"}},
         "\"hex\"    (string) header with its merged-mining proof, and the part of the hash tree",
         "[\"txid\"] \"00000000…\"",
         GetTxOutProof},
        {"verifytxoutproof",
         "Blockchain",
         CallKind::Quick,
         "The transactions a proof proves; none when it does not hold.",
         {{"proof", ArgType::Hex, "", "from gettxoutproof"}},
         "[ \"txid\", … ]",
         "\"hex\"",
         VerifyTxOutProof},
    };
    return table;
}

} // namespace emc::rpc
