// A chain on files in memory, a naive model of its state, and helpers to grow trees of blocks.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "crypto/random.h"
#include "storage/memory_files.h"
#include "unit/chain/builder.h"

#include <deque>

namespace emc::test {

/// What blocks do to coins and names, written as plainly as possible and apart from the code under test.
struct Model {
    std::map<OutPoint, primitives::Coin> coins;
    std::map<std::string, names::NameRecord> names;
    primitives::Amount supply = 0;

    void Connect(const primitives::Block& block, int32_t height);
    bool operator==(const Model&) const = default;
};

/// A block of the test's own tree with the state after it.
struct Made {
    BlockRef block;
    Hash256 hash;
    int32_t height = 0;
    uint32_t time = 0;
    std::shared_ptr<const Model> state;
};

/// A chain and everything it is given. Restart() closes and opens it anew on the same files.
class Node
{
public:
    explicit Node(const consensus::Params& params);

    chain::ChainOptions options;
    storage::MemoryFiles files;
    base::Clock clock;
    base::Logger log;
    crypto::TestRandom random{7};
    std::vector<chain::FatalError> fatal;
    std::function<bool()> interrupted; ///< given to Open
    std::unique_ptr<chain::Chain> chain;

    /// The error's text when it cannot be opened.
    std::string Open();

    void Close() { chain.reset(); }

    /// What the whole state comes down to.
    struct Hashes {
        Hash256 coins;
        Hash256 names;
        primitives::Amount supply = 0;

        bool operator==(const Hashes&) const = default;
    };

    /// Checks on the way that the sums over the names which the store keeps are those of a walk.
    Hashes StateHashes() const;
    Hash256 CheckedNameHash() const;

    /// Coins and names of the store at the tip, read through the public API.
    Model Read() const;
    const consensus::Params& params;
};

/// State hashes of undisturbed nodes that were given nothing but the blocks up to a tip, in order. Remembers
/// what it worked out.
class Replays
{
public:
    explicit Replays(const class Tree& tree, const consensus::Params& params) : m_tree(tree), m_params(params)
    {}

    const Node::Hashes& At(const Hash256& tip);

private:
    const Tree& m_tree;
    const consensus::Params& m_params;
    std::map<Hash256, Node::Hashes> m_known;
};

/// Grows blocks with random payments and name operations on any block it made before.
class Tree
{
public:
    Tree(const consensus::Params& params, uint64_t seed);

    const Made& Genesis() const { return m_blocks.front(); }

    /// A new block on `parent`; empty of transactions with `transactions` 0.
    const Made& Grow(const Made& parent, size_t transactions);
    const Made& Find(const Hash256& hash) const;
    /// From the block after genesis up to this one.
    std::vector<const Made*> PathTo(const Made& made) const;
    /// Takes a block made elsewhere.
    const Made& Adopt(const Made& parent, const BlockRef& block);

    Builder builder;
    crypto::TestRandom random;

    /// Coins of ours that may be spent on top of `parent`, live names' coins apart.
    std::vector<Own> Spendable(const Made& parent) const;
    std::string RandomName();

private:
    TxRef RandomTx(const Made& parent, std::vector<Own>& free, std::map<std::string, bool>& touched);

    const consensus::Params& m_params;
    std::deque<Made> m_blocks;
    std::map<Hash256, size_t> m_by_hash;
    uint32_t m_tag = 0;
};

} // namespace emc::test
