#include "mining/block_maker.h"

#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/header_rules.h"

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
    for (uint64_t i = 0; i < tries; ++i) {
        if (i % TRIES_BETWEEN_QUESTIONS == 0 && stop && stop()) return false;
        if (consensus::MeetsWork(header.Hash(), header.bits, params)) return true;
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
