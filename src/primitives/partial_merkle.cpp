#include "primitives/partial_merkle.h"

#include "base/check.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::primitives {
namespace {

uint32_t WidthAt(uint32_t leaves, int level)
{
    return (leaves + (1u << level) - 1) >> level;
}

int LevelOfRoot(uint32_t leaves)
{
    int level = 0;
    while (WidthAt(leaves, level) > 1)
        ++level;
    return level;
}

Hash256 Parent(const Hash256& left, const Hash256& right)
{
    base::Bytes both(left.begin(), left.end());
    both.insert(both.end(), right.begin(), right.end());
    return crypto::Sha256d(both);
}

/// Walks from the root down, noting for each node whether something below it is wanted.
class Maker
{
public:
    Maker(const std::vector<Hash256>& leaves, const std::vector<bool>& wanted)
    {
        m_hashes.push_back(leaves);
        m_wanted.push_back(wanted);
        while (m_hashes.back().size() > 1) {
            const auto& below = m_hashes.back();
            const auto& below_wanted = m_wanted.back();
            std::vector<Hash256> hashes;
            std::vector<bool> any;
            for (size_t i = 0; i < below.size(); i += 2) {
                const size_t right = std::min(i + 1, below.size() - 1);
                hashes.push_back(Parent(below[i], below[right]));
                any.push_back(below_wanted[i] || below_wanted[right]);
            }
            m_hashes.push_back(std::move(hashes));
            m_wanted.push_back(std::move(any));
        }
        m_tree.leaves = static_cast<uint32_t>(leaves.size());
    }

    PartialMerkle Make()
    {
        Visit(m_hashes.size() - 1, 0);
        return std::move(m_tree);
    }

private:
    void Visit(size_t level, size_t at)
    {
        const bool wanted = m_wanted[level][at];
        if (m_bits % 8 == 0) m_tree.flags.push_back(0);
        if (wanted) m_tree.flags.back() |= static_cast<uint8_t>(1u << (m_bits % 8));
        ++m_bits;
        if (level == 0 || !wanted) {
            m_tree.hashes.push_back(m_hashes[level][at]);
            return;
        }
        Visit(level - 1, 2 * at);
        if (2 * at + 1 < m_hashes[level - 1].size()) Visit(level - 1, 2 * at + 1);
    }

    std::vector<std::vector<Hash256>> m_hashes; ///< by level, leaves first
    std::vector<std::vector<bool>> m_wanted;
    PartialMerkle m_tree;
    size_t m_bits = 0;
};

class TreeReader
{
public:
    explicit TreeReader(const PartialMerkle& tree) : m_tree(tree) {}

    std::optional<MerkleMatches> Read()
    {
        if (m_tree.leaves == 0 || m_tree.leaves > MAX_TREE_LEAVES || m_tree.hashes.size() > m_tree.leaves)
            return std::nullopt;
        m_out.root = Visit(LevelOfRoot(m_tree.leaves), 0);
        const bool all_bits = (m_bits + 7) / 8 == m_tree.flags.size() && !BitsLeft();
        if (!m_good || !all_bits || m_hashes != m_tree.hashes.size()) return std::nullopt;
        return std::move(m_out);
    }

private:
    /// Is one of the bits that fill the last byte set?
    [[nodiscard]] bool BitsLeft() const
    {
        return m_bits % 8 != 0 && (m_tree.flags[m_bits / 8] >> (m_bits % 8)) != 0;
    }

    /// Zero after a fault. At most 17 levels deep.
    Hash256 Visit(int level, uint32_t at)
    {
        if (m_bits >= m_tree.flags.size() * 8) m_good = false;
        if (!m_good) return {};
        const bool wanted = (m_tree.flags[m_bits / 8] >> (m_bits % 8) & 1) != 0;
        ++m_bits;
        if (level == 0 || !wanted) {
            if (m_hashes >= m_tree.hashes.size()) m_good = false;
            if (!m_good) return {};
            const Hash256 hash = m_tree.hashes[m_hashes++];
            if (wanted) {
                m_out.leaves.push_back(hash);
                m_out.positions.push_back(at);
            }
            return hash;
        }
        const Hash256 left = Visit(level - 1, 2 * at);
        if (2 * at + 1 >= WidthAt(m_tree.leaves, level - 1)) return Parent(left, left);
        const Hash256 right = Visit(level - 1, 2 * at + 1);
        if (left == right) m_good = false;
        return Parent(left, right);
    }

    const PartialMerkle& m_tree;
    MerkleMatches m_out;
    size_t m_bits = 0;
    size_t m_hashes = 0;
    bool m_good = true;
};

} // namespace

PartialMerkle MakePartialMerkle(const std::vector<Hash256>& leaves, const std::vector<bool>& wanted)
{
    EMC_CHECK(!leaves.empty() && leaves.size() == wanted.size());
    return Maker(leaves, wanted).Make();
}

std::optional<MerkleMatches> ReadPartialMerkle(const PartialMerkle& tree)
{
    return TreeReader(tree).Read();
}

void Write(codec::Writer& out, const MerkleProof& proof)
{
    Write(out, proof.header);
    out.U32(proof.tree.leaves);
    out.CompactSize(proof.tree.hashes.size());
    for (const auto& hash : proof.tree.hashes)
        out.Raw(hash.Span());
    out.Sized(proof.tree.flags);
}

MerkleProof ReadMerkleProof(codec::Reader& in)
{
    MerkleProof out;
    out.header = ReadBlockHeader(in);
    out.tree.leaves = in.U32();
    if (out.tree.leaves > MAX_TREE_LEAVES) in.Fail();
    const size_t hashes = in.Count(Hash256::SIZE);
    for (size_t i = 0; i < hashes && in.Ok(); ++i)
        out.tree.hashes.push_back(in.Hash());
    out.tree.flags = in.SizedBytes();
    return out;
}

base::Bytes Serialize(const MerkleProof& proof)
{
    base::Bytes out;
    codec::Writer writer(out);
    Write(writer, proof);
    return out;
}

std::optional<MerkleProof> ParseMerkleProof(base::ByteSpan in)
{
    codec::Reader reader(in);
    auto out = ReadMerkleProof(reader);
    if (!reader.Done()) return std::nullopt;
    return out;
}

} // namespace emc::primitives
