/// What RPC, wallet, DNS and GUI see of the chain. Internal to this room; made by Chain.
#pragma once

#include "base/mutex.h"
#include "chain/engine.h"

#include <atomic>

namespace emc::chain {

class Reader final : public interfaces::ChainReader
{
public:
    explicit Reader(Engine& engine) : m_engine(engine) {}

    [[nodiscard]] const consensus::Params& Params() const override;
    [[nodiscard]] interfaces::Tip GetTip() const override;
    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHash(const base::Hash256& hash) const override;
    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHeight(int32_t height) const override;
    [[nodiscard]] base::Expected<primitives::BlockRef, interfaces::Failure>
    ReadBlock(const base::Hash256& hash) const override;
    [[nodiscard]] base::Expected<std::vector<std::vector<primitives::Coin>>, interfaces::Failure>
    ReadSpentCoins(const base::Hash256& hash) const override;
    [[nodiscard]] std::optional<primitives::Coin>
    GetCoin(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::vector<ChainTip> Tips() const override;
    [[nodiscard]] base::Expected<interfaces::CoinStats, interfaces::Failure>
    ComputeCoinStats(interfaces::CoinHash kind) const override;
    [[nodiscard]] base::Expected<interfaces::Tip, interfaces::Failure>
    ScanCoins(const CoinVisit& visit) const override;
    [[nodiscard]] double VerificationProgress() const override;
    [[nodiscard]] uint64_t DiskBytes() const override;

private:
    [[nodiscard]] interfaces::BlockInfo InfoOf(const BlockEntry& entry) const;
    /// Below a loaded snapshot, and not reached by the check of its history?
    [[nodiscard]] bool Awaited(const BlockEntry& entry) const;

    Engine& m_engine;
    mutable std::atomic<uint64_t> m_disk_bytes{0};
    mutable std::atomic<int64_t> m_disk_until_us{0}; ///< when to look again
};

class NamesReader final : public interfaces::NameReader
{
public:
    explicit NamesReader(Engine& engine) : m_engine(engine) {}

    [[nodiscard]] std::optional<interfaces::NameInfo> Find(std::string_view name) const override;
    void Scan(std::string_view from,
              const std::function<bool(const interfaces::NameInfo&)>& visit) const override;
    void ByOwner(base::ByteSpan owner_script,
                 const std::function<bool(const interfaces::NameInfo&)>& visit) const override;
    [[nodiscard]] interfaces::Tip NamesTip() const override;
    [[nodiscard]] Stats NameStats() const override;

private:
    Engine& m_engine;
};

class Control final : public interfaces::ChainControl
{
public:
    explicit Control(Engine& engine) : m_engine(engine) {}

    [[nodiscard]] std::optional<std::string> SubmitBlock(const primitives::BlockRef& block) override;
    [[nodiscard]] std::optional<std::string> SubmitHeader(const primitives::BlockHeader& header) override;
    [[nodiscard]] base::Expected<void, interfaces::Failure>
    InvalidateBlock(const base::Hash256& hash) override;
    [[nodiscard]] base::Expected<void, interfaces::Failure>
    ReconsiderBlock(const base::Hash256& hash) override;
    [[nodiscard]] base::Expected<void, interfaces::Failure> PreferBlock(const base::Hash256& hash) override;
    void FlushToDisk() override;
    [[nodiscard]] Pruning GetPruning() const override;
    [[nodiscard]] base::Expected<int32_t, interfaces::Failure> Prune(int32_t height) override;
    [[nodiscard]] std::optional<int32_t> HeightSince(int64_t time) const override;
    [[nodiscard]] base::Expected<void, interfaces::Failure> Verify(int level, int32_t blocks) override;

private:
    class VerifyTurn;
    /// Adds up all names and compares with what the store keeps; text of a difference.
    [[nodiscard]] std::optional<std::string> VerifyNameTotals() const;

    Engine& m_engine;
    base::Mutex<base::LockRank::Leaf> m_verify_mutex;
    base::CondVar m_verify_wake;
    bool m_verifying EMC_GUARDED_BY(m_verify_mutex) = false;
};

} // namespace emc::chain
