#include "mining/block_maker.h"

#include "chain/chain.h"
#include "chain/view.h"
#include "codec/writer.h"
#include "consensus/header_rules.h"
#include "consensus/target.h"
#include "crypto/sha256.h"

#include <algorithm>
#include <cstring>

namespace emc::mining {

namespace {

using base::Unexpected;
using interfaces::Failure;

constexpr int CODE_MISC = -1;
constexpr int CODE_VERIFY = -25;
constexpr int MAX_STALE_RETRIES = 5;
constexpr uint64_t TRIES_BETWEEN_QUESTIONS = 65'536; ///< some 30 ms

} // namespace

bool FindNonce(primitives::BlockHeader& header, const consensus::Params& params, uint64_t tries,
               const std::function<bool()>& stop)
{
    constexpr size_t HEAD_BYTES = 64;
    base::Bytes bytes;
    codec::Writer writer(bytes);
    primitives::Write(writer, static_cast<const primitives::PlainHeader&>(header));
    std::array<uint8_t, HEAD_BYTES> head{};
    std::copy_n(bytes.begin(), HEAD_BYTES, head.begin());
    const crypto::Sha256dTail hasher(head);
    std::array<uint8_t, 16> tail{}; // the rest of the Merkle root, time, bits, nonce
    std::copy(bytes.begin() + HEAD_BYTES, bytes.end(), tail.begin());
    const auto target = consensus::TargetOf(header.bits).value_or(base::U256{});
    for (uint64_t i = 0; i < tries; ++i) {
        if (i % TRIES_BETWEEN_QUESTIONS == 0 && stop && stop()) return false;
        std::memcpy(tail.data() + 12, &header.nonce, sizeof(header.nonce)); // machines are little-endian
        const auto hash = hasher.Of(tail);
        // The first question is cheap, the second the rule.
        if (base::U256::FromHash(hash) <= target && consensus::MeetsWork(hash, header.bits, params))
            return true;
        if (++header.nonce == 0) return false;
    }
    return false;
}

base::Expected<BlockMaker::Made, Failure> BlockMaker::MakeBlock(const Options& options)
{
    for (int attempt = 0; attempt < MAX_STALE_RETRIES; ++attempt) {
        TemplateOptions wanted;
        wanted.coinbase_script = options.coinbase_script;
        wanted.max_weight = m_max_weight;
        wanted.transactions = options.transactions;
        auto made = m_builder.Build(wanted);
        if (!made) return Unexpected(made.Error());
        if (!FindNonce(made->block.header, m_chain.Params(), options.max_tries, options.stop)) {
            return Unexpected(Failure{CODE_MISC, "No block found within maxtries nonces"});
        }
        auto block = std::make_shared<const primitives::Block>(std::move(made->block));
        const Made result{block->header.Hash(), block};
        const auto verdict = options.submit ? m_chain.AcceptBlock(block) : m_chain.TestBlock(block);
        if (verdict.Good()) return result;
        if (verdict.outcome == chain::Outcome::Waiting && m_chain.GetTip().hash != block->header.prev_hash)
            continue;
        const std::string reason = verdict.text.empty() ? consensus::Describe(verdict.rule) : verdict.text;
        return Unexpected(Failure{CODE_VERIFY, "TestBlockValidity failed: " + reason});
    }
    return Unexpected(Failure{CODE_MISC, "The tip moved while the block was made; try again"});
}

} // namespace emc::mining
