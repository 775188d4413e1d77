#include "reward/call_tree.h"

#include "base/check.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::reward {

namespace {

constexpr uint8_t LEAF_MARK = 0;
constexpr uint8_t NODE_MARK = 1;

/// Joins the neighbours of one level in place; an odd last one moves up as it is. Level by level this gives
/// the same tree as splitting at the largest power of two.
void NextLevel(std::vector<Hash256>& level)
{
    const size_t pairs = level.size() / 2;
    for (size_t i = 0; i < pairs; ++i)
        level[i] = CallNode(level[2 * i], level[2 * i + 1]);
    if (level.size() % 2 != 0) level[pairs] = level.back();
    level.resize((level.size() + 1) / 2);
}

} // namespace

Hash256 CallLeaf(ByteSpan encoded_record)
{
    crypto::Sha256 hash;
    hash.Write({&LEAF_MARK, 1});
    hash.Write(encoded_record);
    return hash.Finish();
}

Hash256 CallNode(const Hash256& left, const Hash256& right)
{
    crypto::Sha256 hash;
    hash.Write({&NODE_MARK, 1});
    hash.Write(left.Span());
    hash.Write(right.Span());
    return hash.Finish();
}

Hash256 TreeRoot(std::span<const Hash256> leaves)
{
    if (leaves.empty()) return crypto::Sha256Of({});
    std::vector<Hash256> level(leaves.begin(), leaves.end());
    while (level.size() > 1)
        NextLevel(level);
    return level[0];
}

std::vector<Hash256> TreePath(std::span<const Hash256> leaves, size_t index)
{
    EMC_CHECK(index < leaves.size());
    std::vector<Hash256> path;
    std::vector<Hash256> level(leaves.begin(), leaves.end());
    while (level.size() > 1) {
        const size_t sibling = index ^ 1;
        if (sibling < level.size()) path.push_back(level[sibling]);
        NextLevel(level);
        index /= 2;
    }
    return path;
}

bool VerifyCallProof(const Hash256& leaf, const CallProof& proof, const Hash256& root)
{
    if (proof.index >= proof.count) return false;
    uint64_t at = proof.index;
    uint64_t last = proof.count - 1; // index of the level's last node
    Hash256 hash = leaf;
    size_t used = 0;
    while (last > 0) {
        const bool is_right = at % 2 != 0;
        if (is_right || at < last) { // it has a sibling on this level
            if (used == proof.path.size()) return false;
            const Hash256& sibling = proof.path[used++];
            hash = is_right ? CallNode(sibling, hash) : CallNode(hash, sibling);
        }
        at /= 2;
        last /= 2;
    }
    return used == proof.path.size() && hash == root;
}

std::optional<CallBatchTree> MakeCallTree(const std::vector<CallRecord>& records)
{
    EMC_CHECK(!records.empty());
    CallBatchTree out;
    out.leaves.reserve(records.size());
    for (const CallRecord& record : records) {
        out.leaves.push_back(CallLeaf(EncodeCallRecord(record)));
        out.minutes += CallMinutes(record.answer, record.end);
    }
    std::sort(out.leaves.begin(), out.leaves.end());
    if (std::adjacent_find(out.leaves.begin(), out.leaves.end()) != out.leaves.end()) return std::nullopt;
    out.root = TreeRoot(out.leaves);
    return out;
}

} // namespace emc::reward
