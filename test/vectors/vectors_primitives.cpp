// Transactions, blocks, merged-mining headers, Merkle trees.
#include "crypto/hash.h"
#include "primitives/block.h"
#include "primitives/merkle_tree.h"
#include "primitives/partial_merkle.h"
#include "vectors/registry.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;
using codec::Json;
using primitives::ParseBlock;
using primitives::ParseTransaction;
using primitives::Serialize;
using primitives::WitnessMode;

constexpr size_t HEADER_BYTES = 80;

/// Reads as one transaction and writes the same bytes again.
primitives::TxRef CheckTransaction(ByteSpan bytes, const std::string& id, Report& report)
{
    auto tx = ParseTransaction(bytes);
    if (tx == nullptr) {
        report.Fail(id, "does not parse");
    } else {
        report.CheckBytes(Serialize(*tx), bytes, id + " written again");
    }
    return tx;
}

primitives::BlockRef CheckBlock(ByteSpan bytes, const std::string& id, Report& report)
{
    auto block = ParseBlock(bytes);
    if (block == nullptr) {
        report.Fail(id, "does not parse");
    } else {
        report.CheckBytes(Serialize(*block), bytes, id + " written again");
    }
    return block;
}

std::optional<primitives::PlainHeader> ParseHeader(ByteSpan bytes)
{
    codec::Reader reader(bytes);
    const auto header = primitives::ReadPlainHeader(reader);
    if (!reader.Done()) return std::nullopt;
    return header;
}

/// The merkle root in the header is that of the transactions, and the tree is not ambiguous.
void CheckMerkleRoot(const primitives::Block& block, const std::string& id, Report& report)
{
    const auto merkle = primitives::BlockMerkleRoot(block);
    report.Check(!merkle.mutated && merkle.root == block.header.merkle_root, id + " merkle root",
                 base::ReversedHex(merkle.root));
}

void CheckInputs(const Json& raw, const primitives::Transaction& tx, const std::string& id, Report& report)
{
    const auto& inputs = Items(raw["ins"]);
    if (inputs.size() != tx.Inputs().size()) return report.Fail(id, "other number of inputs");
    for (size_t i = 0; i < inputs.size(); ++i) {
        const Json& want = inputs[i];
        const primitives::TxIn& got = tx.Inputs()[i];
        const std::string input_id = id + " input " + std::to_string(i);
        report.CheckBytes(got.prevout.txid.Span(), HexField(want["hash"]), input_id + " hash");
        report.Check(got.prevout.index == static_cast<uint32_t>(IntField(want["index"])), input_id + " index",
                     "differs");
        const bool has_sequence = want["sequence"].isNum();
        const auto sequence =
            has_sequence ? static_cast<uint32_t>(IntField(want["sequence"])) : primitives::SEQUENCE_FINAL;
        report.Check(got.sequence == sequence, input_id + " sequence", std::to_string(got.sequence));
        if (want.exists("data"))
            report.CheckBytes(got.script_sig, HexField(want["data"]), input_id + " script");
        const auto& witness = Items(want["witness"]);
        bool same = witness.size() == got.witness.size();
        for (size_t item = 0; same && item < witness.size(); ++item)
            same = HexField(witness[item]) == got.witness[item];
        report.Check(same, input_id + " witness", "differs");
    }
}

void CheckOutputs(const Json& raw, const primitives::Transaction& tx, const std::string& id, Report& report)
{
    const auto& outputs = Items(raw["outs"]);
    if (outputs.size() != tx.Outputs().size()) return report.Fail(id, "other number of outputs");
    for (size_t i = 0; i < outputs.size(); ++i) {
        const primitives::TxOut& got = tx.Outputs()[i];
        const std::string output_id = id + " output " + std::to_string(i);
        report.Check(got.value == IntField(outputs[i]["value"]), output_id + " value",
                     primitives::AmountText(got.value));
        for (const char* field : {"data", "scriptHex"}) {
            if (!outputs[i].exists(field)) continue;
            report.CheckBytes(got.script_pubkey, HexField(outputs[i][field]), output_id + " script");
        }
    }
}

void RunTransactionFixtures(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["valid"])) {
        const std::string id = TextField(entry["description"]);
        const bool marked = !TextField(entry["whex"]).empty();
        const auto tx = CheckTransaction(HexField(entry[marked ? "whex" : "hex"]), id, report);
        if (tx == nullptr) continue;
        report.CheckBytes(Serialize(*tx, WitnessMode::Without), HexField(entry["hex"]),
                          id + " without witness");
        report.CheckText(base::ReversedHex(tx->Txid()), TextField(entry["id"]), id + " id");
        report.CheckBytes(tx->Txid().Span(), HexField(entry["hash"]), id + " hash");
        report.Check(tx->IsCoinbase() == entry["coinbase"].isTrue(), id + " coinbase", "differs");
        report.Check(tx->HasWitness() == marked, id + " has witness", "differs");
        report.Check(static_cast<int64_t>(tx->VirtualSize()) == IntField(entry["virtualSize"]),
                     id + " virtual size", std::to_string(tx->VirtualSize()));
        report.Check(static_cast<int64_t>(tx->Weight()) == IntField(entry["weight"]), id + " weight",
                     std::to_string(tx->Weight()));
        const Json& raw = entry["raw"];
        report.Check(tx->Version() == IntField(raw["version"]), id + " version",
                     std::to_string(tx->Version()));
        report.Check(tx->LockTime() == IntField(raw["locktime"]), id + " lock time",
                     std::to_string(tx->LockTime()));
        CheckInputs(raw, *tx, id, report);
        CheckOutputs(raw, *tx, id, report);
    }
    for (const Json& entry : Items(file.json["invalid"]["fromBuffer"])) {
        report.Check(ParseTransaction(HexField(entry["hex"])) == nullptr, TextField(entry["exception"]),
                     "parsed");
    }
    for (const Json& entry : Items(file.json["invalid"]["addInput"])) {
        report.Check(!Hash256::From(HexField(entry["hash"])), TextField(entry["exception"]), "taken");
    }
}

void CheckHeaderFields(const Json& entry, const primitives::PlainHeader& header, const std::string& id,
                       Report& report)
{
    report.CheckText(base::ReversedHex(header.Hash()), TextField(entry["id"]), id + " id");
    report.CheckBytes(header.Hash().Span(), HexField(entry["hash"]), id + " hash");
    report.CheckBytes(header.prev_hash.Span(), HexField(entry["prevHash"]), id + " previous");
    report.CheckBytes(header.merkle_root.Span(), HexField(entry["merkleRoot"]), id + " merkle root field");
    const bool numbers = header.version == IntField(entry["version"]) &&
                         header.time == IntField(entry["timestamp"]) &&
                         header.bits == IntField(entry["bits"]) && header.nonce == IntField(entry["nonce"]);
    report.Check(numbers, id + " version, time, bits, nonce", "differ");
}

void CheckWholeBlock(const Json& entry, ByteSpan bytes, const std::string& id, Report& report)
{
    const auto block = CheckBlock(bytes, id, report);
    if (block == nullptr) return;
    CheckMerkleRoot(*block, id, report);
    if (entry.exists("size")) {
        report.Check(static_cast<int64_t>(Serialize(*block).size()) == IntField(entry["size"]), id + " size",
                     "differs");
    }
    if (entry.exists("strippedSize")) {
        const size_t stripped = Serialize(*block, WitnessMode::Without).size();
        report.Check(static_cast<int64_t>(stripped) == IntField(entry["strippedSize"]), id + " stripped size",
                     "differs");
    }
    if (entry.exists("weight")) {
        report.Check(static_cast<int64_t>(primitives::BlockWeight(*block)) == IntField(entry["weight"]),
                     id + " weight", std::to_string(primitives::BlockWeight(*block)));
    }
    if (entry.exists("witnessCommit") && !block->transactions.empty() &&
        block->transactions[0]->IsCoinbase()) {
        // BIP 141: SHA256d of the witness root and the reserved value in the coinbase's witness.
        const auto& witness = block->transactions.front()->Inputs().front().witness;
        const Hash256 root = primitives::WitnessMerkleRoot(*block);
        const auto reserved = Hash256::From(witness.empty() ? ByteSpan{} : ByteSpan(witness.front()));
        const auto commitment = primitives::MerkleRootFromBranch(root, {reserved.value_or(Hash256{})}, 0);
        report.CheckBytes(commitment.Span(), HexField(entry["witnessCommit"]), id + " witness commitment");
    }
}

void RunBlockFixtures(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["valid"])) {
        const std::string id = TextField(entry["description"]) + " " + TextField(entry["id"]);
        const Bytes bytes = HexField(entry["hex"]);
        const auto header = ParseHeader(ByteSpan(bytes).first(std::min(bytes.size(), HEADER_BYTES)));
        if (!header) {
            report.Fail(id, "header does not parse");
            continue;
        }
        CheckHeaderFields(entry, *header, id, report);
        if (bytes.size() > HEADER_BYTES) CheckWholeBlock(entry, bytes, id, report);
    }
    for (const Json& entry : Items(file.json["invalid"])) {
        report.Check(ParseBlock(HexField(entry["hex"])) == nullptr, TextField(entry["exception"]), "parsed");
    }
}

void RunCoreBlocks(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json)) {
        const std::string id = TextField(entry["id"]);
        const auto block = CheckBlock(HexField(entry["hex"]), id, report);
        if (block == nullptr) continue;
        report.CheckText(base::ReversedHex(block->header.Hash()), id, id + " hash");
        report.Check(static_cast<int64_t>(block->transactions.size()) == IntField(entry["transactions"]),
                     id + " count", std::to_string(block->transactions.size()));
        CheckMerkleRoot(*block, id, report);
    }
}

/// Rows [comment, header only, check work, time, bytes]; single strings are comments. Here only what the
/// bytes alone tell: they parse and write the same; in valid blocks the root fits, "Merkle root mismatch"
/// does not.
void RunCheckBlock(const VectorFile& file, Report& report)
{
    const bool valid_file = file.name.find("checkblock_valid") != std::string::npos;
    for (const Json& row : Items(file.json)) {
        if (row.size() < 5) continue;
        const std::string id = TextField(row[0]);
        const auto block = CheckBlock(HexField(row[4]), id, report);
        if (block == nullptr) continue;
        const auto merkle = primitives::BlockMerkleRoot(*block);
        const bool good = !merkle.mutated && merkle.root == block->header.merkle_root;
        if (valid_file) report.Check(good, id + " merkle root", "differs");
        if (id == "Merkle root mismatch") report.Check(!good, id, "fits");
    }
}

/// Chains whose transactions carry a time of their own: only header and merged-mining proof apply.
void CheckForeignHeader(const Json& entry, ByteSpan bytes, const std::string& id, Report& report)
{
    codec::Reader reader(bytes);
    const auto header = primitives::ReadBlockHeader(reader);
    if (!reader.Ok()) return report.Fail(id, "header does not parse");
    const Bytes written = Serialize(header);
    report.CheckBytes(written, bytes.first(reader.Position()), id + " header written again");
    report.CheckText(base::ReversedHex(header.Hash()), TextField(entry["hash"]), id + " hash");
    report.CheckText(base::ReversedHex(header.merkle_root), TextField(entry["merkleroot"]),
                     id + " merkle root field");
    report.Check(header.time == IntField(entry["time"]), id + " time", std::to_string(header.time));
    report.Check(primitives::AuxPowSize(header) == written.size() - HEADER_BYTES, id + " proof size",
                 "differs");
    if (header.auxpow == nullptr) return;
    const auto& proof = *header.auxpow;
    const Hash256 root =
        primitives::MerkleRootFromBranch(proof.coinbase->Txid(), proof.coinbase_branch, proof.coinbase_index);
    report.Check(root == proof.parent.merkle_root, id + " coinbase in the parent block",
                 base::ReversedHex(root));
}

void RunForeignBlocks(const VectorFile& file, Report& report)
{
    Bytes bytes = HexField(file.json["block"]);
    const bool with_time = file.name.find("namecoin") == std::string::npos;
    const auto header = ParseHeader(ByteSpan(bytes).first(std::min(bytes.size(), HEADER_BYTES)));
    if (with_time && header && (header->version & primitives::VERSION_AUXPOW) != 0) {
        // Emercoin writes a time behind the version of the parent's coinbase too, which Bitcoin does not
        // hash.
        const auto time = bytes.begin() + HEADER_BYTES + 4;
        bytes.erase(time, time + 4);
    }
    CheckForeignHeader(file.json, bytes, file.name, report);
    if (with_time) return report.Skip("transactions with a time field");
    const auto block = CheckBlock(bytes, file.name, report);
    if (block == nullptr) return;
    CheckMerkleRoot(*block, file.name, report);
    const auto& ids = Items(file.json["tx"]);
    report.Check(ids.size() == 1 && block->transactions.size() == 1 &&
                     TextField(ids[0]) == base::ReversedHex(block->transactions[0]->Txid()),
                 file.name + " transactions", "differ");
}

void RunNamecoinTransaction(const VectorFile& file, Report& report)
{
    const auto tx = CheckTransaction(HexField(file.json["hex"]), file.name, report);
    if (tx == nullptr) return;
    report.CheckText(base::ReversedHex(tx->Txid()), TextField(file.json["txid"]), "txid");
    report.Check(static_cast<int64_t>(tx->TotalSize()) == IntField(file.json["size"]), "size", "differs");
    const auto& outputs = Items(file.json["vout"]);
    for (size_t i = 0; i < outputs.size() && i < tx->Outputs().size(); ++i) {
        report.CheckBytes(tx->Outputs()[i].script_pubkey, HexField(outputs[i]["scriptPubKey"]["hex"]),
                          "output " + std::to_string(i));
        report.Check(tx->Outputs()[i].value == IntField(outputs[i]["value"]), "value " + std::to_string(i),
                     "differs");
    }
}

void RunRawTransaction(const VectorFile& file, Report& report)
{
    (void)CheckTransaction(file.bytes, file.name, report);
    if (file.bytes.empty()) return;
    report.Check(ParseTransaction(ByteSpan(file.bytes).first(file.bytes.size() - 1)) == nullptr,
                 "one byte short", "parsed");
}

void RunRawBlock(const VectorFile& file, Report& report)
{
    const auto block = CheckBlock(file.bytes, file.name, report);
    if (block != nullptr) CheckMerkleRoot(*block, file.name, report);
}

/// Headers as in the message `headers`: 80 bytes and a count of transactions, always 0.
void RunRawHeaders(const VectorFile& file, Report& report)
{
    codec::Reader reader(file.bytes);
    std::optional<Hash256> last;
    for (size_t i = 0; reader.Remaining() > 0; ++i) {
        const auto header = primitives::ReadBlockHeader(reader);
        const std::string id = "header " + std::to_string(i);
        const bool no_transactions = reader.CompactSize() == 0;
        if (!reader.Ok() || !no_transactions) return report.Fail(id, "does not parse");
        Bytes written = Serialize(header);
        report.CheckBytes(
            written, ByteSpan(file.bytes).subspan(reader.Position() - 1 - written.size(), written.size()),
            id + " written again");
        if (last) report.Check(header.prev_hash == *last, id + " follows the one before", "does not");
        last = header.Hash();
    }
}

/// Header, number of transactions, hashes and flags of a partial tree (BIP 37); the tree is not used here.
void RunMerkleProof(const VectorFile& file, Report& report)
{
    const auto proof = primitives::ParseMerkleProof(file.bytes);
    report.Check(proof.has_value(), "proof", "does not parse");
    if (!proof) return;
    report.CheckBytes(primitives::Serialize(*proof), file.bytes, "written again");
    const auto matches = primitives::ReadPartialMerkle(proof->tree);
    report.Check(matches && matches->root == proof->header.merkle_root, "tree",
                 "does not lead to the header's root");
}

using SmallNode = Bytes;

void HashPairsSha1(std::vector<SmallNode>& level)
{
    for (size_t i = 0; i < level.size() / 2; ++i) {
        SmallNode both = level[2 * i];
        both.insert(both.end(), level[2 * i + 1].begin(), level[2 * i + 1].end());
        const auto hash = crypto::Sha1(both);
        level[i].assign(hash.begin(), hash.end());
    }
    level.resize(level.size() / 2);
}

/// Nodes of a proof: both nodes of the lowest level, then on each level only the one beside the path, then
/// the root.
std::vector<SmallNode> ProofNodes(const std::vector<SmallNode>& leaves, size_t index)
{
    std::vector<SmallNode> nodes = primitives::MerkleSiblings(leaves, index, HashPairsSha1);
    if (!nodes.empty()) nodes.insert(nodes.begin() + (index % 2 == 0 ? 0 : 1), leaves[index]);
    std::vector<SmallNode> level = leaves;
    while (level.size() > 1)
        primitives::ClimbMerkleLevel(level, HashPairsSha1);
    if (leaves.size() > 1) nodes.push_back(level.front());
    return nodes;
}

std::vector<SmallNode> NodeList(const Json& value)
{
    std::vector<SmallNode> nodes;
    for (const Json& node : Items(value)) {
        if (node.isStr()) nodes.push_back(HexField(node));
    }
    return nodes;
}

/// Trees of SHA-1 hashes: all nodes, level by level, and the proof of each leaf.
void RunMerkleTrees(const VectorFile& file, Report& report)
{
    size_t number = 0;
    for (const Json& entry : Items(file.json)) {
        const std::string id = "tree " + std::to_string(number++);
        if (TextField(entry["hash"]) != "sha1") {
            report.Skip("another hash function than SHA-1");
            continue;
        }
        const auto leaves = NodeList(entry["values"]);
        std::vector<SmallNode> tree = leaves;
        for (std::vector<SmallNode> level = leaves; level.size() > 1;) {
            primitives::ClimbMerkleLevel(level, HashPairsSha1);
            tree.insert(tree.end(), level.begin(), level.end());
        }
        report.Check(tree == NodeList(entry["tree"]), id, "nodes differ");
        for (size_t i = 0; i < leaves.size(); ++i) {
            const Json& proof = entry["proofs"][base::Hex(leaves[i])];
            const bool repeated = std::count(leaves.begin(), leaves.end(), leaves[i]) > 1;
            if (!proof.isArray() || repeated) continue;
            auto want = NodeList(proof);
            report.Check(leaves.size() == 1 || ProofNodes(leaves, i) == want,
                         id + " proof " + std::to_string(i), "differs");
        }
    }
}

/// A hex string, or pieces and runs of one byte joined.
Bytes JoinParts(const Json& parts)
{
    Bytes out;
    for (const Json& part : Items(parts)) {
        if (part.isStr()) {
            const Bytes piece = HexField(part);
            out.insert(out.end(), piece.begin(), piece.end());
        } else {
            const Bytes value = HexField(part["byte"]);
            const auto byte = value.empty() ? static_cast<uint8_t>(IntField(part["byte"])) : value[0];
            out.insert(out.end(), static_cast<size_t>(IntField(part["count"])), byte);
        }
    }
    return out;
}

/// Only the structure: what is valid parses, writes the same and has the size told; what does not parse is
/// invalid.
void RunAuxPowStructure(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["cases"])) {
        if (TextField(entry["op"]) != "auxpow") continue;
        const std::string id = TextField(entry["id"]) + " structure";
        const Json& in = entry["in"];
        Bytes bytes = HexField(in["header"]);
        const auto header = ParseHeader(bytes);
        const Bytes proof =
            in.exists("auxpow_parts") ? JoinParts(in["auxpow_parts"]) : HexField(in["auxpow"]);
        bytes.insert(bytes.end(), proof.begin(), proof.end());
        codec::Reader reader(proof);
        const auto parsed = primitives::ReadAuxPow(reader);
        const bool valid = entry["expected"]["valid"].isTrue();
        const bool must_not_parse = TextField(entry["expected"]["hint"]).starts_with("parse");
        if (!header || !reader.Done()) {
            report.Check(header && !valid, id, "does not parse");
            continue;
        }
        report.Check(!must_not_parse, id, "parses");
        Bytes written;
        codec::Writer writer(written);
        primitives::Write(writer, parsed);
        report.CheckBytes(written, proof, id + " written again");
        report.Check(static_cast<int64_t>(proof.size()) == IntField(in["auxpow_size"]), id + " size",
                     "differs");
        report.CheckText(base::ReversedHex(header->Hash()), TextField(in["block_hash"]), id + " block hash");
    }
}

} // namespace

std::vector<Entry> PrimitivesEntries()
{
    constexpr std::string_view DECRED =
        "not applicable: a transaction in Decred's format (tree and version bytes, signatures apart)";
    constexpr std::string_view WITH_TIME =
        "not applicable: transactions with a time field (names: see the name scripts)";
    return {
        {"bitcoinjs/lib/transaction.json", RunTransactionFixtures},
        {"bitcoinjs/lib/block.json", RunBlockFixtures},
        {"bitcoinjs/lib/core_blocks.json", RunCoreBlocks},
        {"bitcoinjs/merkle_fixtures.json", RunMerkleTrees},
        {"python-bitcoinlib/checkblock_*.json", RunCheckBlock},
        {"electrumx/blocks/*.json", RunForeignBlocks},
        {"electrumx/transactions/namecoin_*.json", RunNamecoinTransaction},
        {"electrumx/transactions/*.json", nullptr, WITH_TIME},
        {"bcoin/tx*.raw", RunRawTransaction},
        {"bcoin/block*.raw", RunRawBlock},
        {"bcoin/headers*.raw", RunRawHeaders},
        {"bcoin/merkle*.raw", RunMerkleProof},
        {"btcd/many_inputs_tx.hex", nullptr, DECRED},
        {"chain/auxpow.json", RunAuxPowStructure},
    };
}

} // namespace emc::vectors
