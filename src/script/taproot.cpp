#include "script/taproot.h"

#include "crypto/random.h"
#include "script/hash_writer.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

using base::Hash256;

// Order of the curve's group (SEC 2), most significant byte first.
constexpr std::array<uint8_t, 32> GROUP_ORDER = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

// The secret of the mirrored point: order − secret. Takes the same time for every secret.
std::optional<crypto::PrivateKey> Negated(const crypto::PrivateKey& key)
{
    std::array<uint8_t, 32> out{};
    unsigned borrow = 0;
    for (size_t i = out.size(); i-- > 0;) {
        const unsigned difference = 0x100u + GROUP_ORDER[i] - key.Span()[i] - borrow;
        out[i] = static_cast<uint8_t>(difference);
        borrow = 1 - (difference >> 8);
    }
    auto negated = crypto::PrivateKey::From(out, key.IsCompressed());
    crypto::Wipe(out);
    return negated;
}

// A finished part of a tree that waits for its sibling.
struct Subtree {
    size_t depth = 0;
    Hash256 hash;
    std::vector<size_t> leaves; // indices
};

Subtree Join(const Subtree& left, const Subtree& right, std::vector<std::vector<Hash256>>& paths)
{
    for (const size_t leaf : left.leaves)
        paths[leaf].push_back(right.hash);
    for (const size_t leaf : right.leaves)
        paths[leaf].push_back(left.hash);
    Subtree out{left.depth - 1, TapBranchHash(left.hash, right.hash), left.leaves};
    out.leaves.insert(out.leaves.end(), right.leaves.begin(), right.leaves.end());
    return out;
}

} // namespace

Hash256 TapLeafHash(uint8_t leaf_version, ByteSpan script)
{
    static const crypto::Sha256 TAGGED = crypto::TaggedHasher("TapLeaf");
    return HashWriter(TAGGED).U8(leaf_version).Sized(script).Single();
}

Hash256 TapBranchHash(const Hash256& a, const Hash256& b)
{
    static const crypto::Sha256 TAGGED = crypto::TaggedHasher("TapBranch");
    const bool ordered = a < b;
    return HashWriter(TAGGED).Raw((ordered ? a : b).Span()).Raw((ordered ? b : a).Span()).Single();
}

Hash256 TapTweakHash(const crypto::XOnlyKey& internal, const Hash256* root)
{
    static const crypto::Sha256 TAGGED = crypto::TaggedHasher("TapTweak");
    HashWriter out(TAGGED);
    out.Raw(internal.Span());
    if (root != nullptr) out.Raw(root->Span());
    return out.Single();
}

std::optional<crypto::PrivateKey> TapTweakSecret(const crypto::PrivateKey& internal, const Hash256* root)
{
    const auto even = crypto::ToXOnly(internal.Public());
    if (!even) return std::nullopt;
    const Hash256 tweak = TapTweakHash(even->key, root);
    if (!even->odd) return internal.AddTweak(tweak);
    const auto negated = Negated(internal);
    return negated ? negated->AddTweak(tweak) : std::nullopt;
}

bool IsControlSize(size_t bytes)
{
    return bytes >= CONTROL_BASE_BYTES && bytes <= CONTROL_BASE_BYTES + CONTROL_NODE_BYTES * MAX_TREE_DEPTH &&
           (bytes - CONTROL_BASE_BYTES) % CONTROL_NODE_BYTES == 0;
}

Hash256 RootFromControl(ByteSpan control, const Hash256& leaf_hash)
{
    EMC_CHECK(IsControlSize(control.size()));
    Hash256 node = leaf_hash;
    for (size_t at = CONTROL_BASE_BYTES; at < control.size(); at += CONTROL_NODE_BYTES) {
        node = TapBranchHash(node, *Hash256::From(control.subspan(at, CONTROL_NODE_BYTES)));
    }
    return node;
}

bool CommitsTo(const crypto::XOnlyKey& output_key, ByteSpan control, const Hash256& leaf_hash)
{
    const Hash256 root = RootFromControl(control, leaf_hash);
    const auto internal = *crypto::XOnlyKey::From(control.subspan(1, 32));
    return crypto::CheckTweak(output_key, (control[0] & 1) != 0, internal, TapTweakHash(internal, &root));
}

std::optional<TapTree> BuildTapTree(const crypto::XOnlyKey& internal, const std::vector<TapLeaf>& leaves)
{
    TapTree out;
    std::vector<std::vector<Hash256>> paths(leaves.size());
    std::vector<Subtree> open;
    for (size_t i = 0; i < leaves.size(); ++i) {
        if (leaves[i].depth > MAX_TREE_DEPTH) return std::nullopt;
        out.leaf_hashes.push_back(TapLeafHash(leaves[i].version, leaves[i].script));
        Subtree current{leaves[i].depth, out.leaf_hashes.back(), {i}};
        while (!open.empty() && open.back().depth == current.depth && current.depth > 0) {
            current = Join(open.back(), current, paths);
            open.pop_back();
        }
        if (!open.empty() && (open.back().depth > current.depth || current.depth == 0)) return std::nullopt;
        open.push_back(std::move(current));
    }
    if (open.size() > 1 || (!open.empty() && open[0].depth != 0)) return std::nullopt;
    if (!open.empty()) out.root = open[0].hash;
    const auto output = crypto::TweakXOnly(internal, TapTweakHash(internal, out.root ? &*out.root : nullptr));
    if (!output) return std::nullopt;
    out.output_key = output->key;
    out.odd = output->odd;
    for (size_t i = 0; i < leaves.size(); ++i) {
        Bytes control{static_cast<uint8_t>(leaves[i].version | (out.odd ? 1 : 0))};
        control.insert(control.end(), internal.begin(), internal.end());
        for (const Hash256& hash : paths[i])
            control.insert(control.end(), hash.begin(), hash.end());
        out.control_blocks.push_back(std::move(control));
    }
    return out;
}

std::optional<TapOutput> MakeTapOutput(const crypto::XOnlyKey& internal, const std::vector<TapLeaf>& leaves)
{
    auto tree = BuildTapTree(internal, leaves);
    if (!tree) return std::nullopt;
    TapOutput out{tree->output_key, {internal, tree->root, {}}};
    for (size_t i = 0; i < leaves.size(); ++i)
        out.spend.leaves.push_back({leaves[i].version, leaves[i].script, std::move(tree->control_blocks[i])});
    return out;
}

std::optional<LeafKeys> SolveLeaf(ByteSpan script)
{
    LeafKeys out;
    ScriptReader reader(script);
    auto next = reader.Next();
    while (next && next->opcode == crypto::XOnlyKey::SIZE) {
        out.keys.push_back(*crypto::XOnlyKey::From(next->data));
        const auto check = reader.Next();
        const uint8_t wanted = out.keys.size() == 1 ? uint8_t{OP_CHECKSIG} : uint8_t{OP_CHECKSIGADD};
        if (!check || check->opcode != wanted) return std::nullopt;
        next = reader.Next();
    }
    if (out.keys.empty() || reader.Broken()) return std::nullopt;
    if (!next) return out.keys.size() == 1 ? std::optional(out) : std::nullopt;
    std::optional<int64_t> threshold;
    if (next->opcode >= OP_1 && next->opcode <= OP_16) threshold = next->opcode - OP_1 + 1;
    if (next->opcode > 0 && next->opcode < OP_PUSHDATA1) threshold = DecodeScriptNumber(next->data);
    const auto compare = reader.Next();
    if (!threshold || *threshold < 1 || *threshold > static_cast<int64_t>(out.keys.size()) || !compare ||
        compare->opcode != OP_NUMEQUAL || reader.Next() || reader.Broken())
        return std::nullopt;
    out.threshold = static_cast<size_t>(*threshold);
    return out;
}

} // namespace emc::script
