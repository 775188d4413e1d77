/// What the mempool keeps over a restart: its transactions and the fee estimator's history.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "consensus/params.h"
#include "mempool/candidate.h"
#include "mempool/estimator.h"
#include "mempool/pool_file.h"
#include "storage/small_file.h"

#include <algorithm>

namespace emc::mempool {

namespace {

using base::Unexpected;
using storage::StorageError;

constexpr std::string_view FEES_KIND = "FEES";

std::string PoolPath(const PoolOptions& options)
{
    return options.folder + "/mempool.dat";
}

std::string FeesPath(const PoolOptions& options)
{
    return options.folder + "/fee_estimates.dat";
}

} // namespace

base::Expected<std::string, Failure> Mempool::Save()
{
    if (m_options.folder.empty()) return Unexpected(Failure{-1, "This mempool has no folder to be kept in"});
    if (!m_loading->done.load())
        return Unexpected(
            Failure{-1, "The mempool was not loaded yet: mempool.dat of the last run is being read"});
    PoolFile file;
    {
        const base::LockGuard lock(m_mutex);
        for (const auto* entry : m_graph.EntriesByAge())
            file.rows.push_back({entry->tx, entry->time, entry->delta});
        for (const auto& [txid, delta] : m_graph.Deltas()) {
            if (m_graph.Find(txid) == nullptr) file.deltas.push_back({txid, delta});
        }
    }
    const std::string path = PoolPath(m_options);
    const auto written = storage::ReplaceFile(storage::SystemFiles(), path, Serialize(file));
    if (!written)
        return Unexpected(Failure{-1, "The mempool cannot be saved: " + storage::Describe(written.Error())});
    return path;
}

base::Expected<Mempool::Imported, Failure> Mempool::Import(const std::string& path,
                                                           const ImportOptions& options)
{
    const auto bytes = storage::ReadWholeFile(storage::SystemFiles(), path);
    if (!bytes) return Unexpected(Failure{-1, "Cannot read " + storage::Describe(bytes.Error())});
    const auto file = ParsePoolFile(*bytes);
    if (!file) return Unexpected(Failure{-1, path + " is damaged or no file of a mempool (version 1)"});
    const auto prioritise = [&](const Hash256& txid, Amount delta) {
        if (!options.apply_priorities || delta == 0) return;
        if (auto done = Prioritise(txid, delta); !done)
            EMC_LOG(m_log, Warning, Mempool, "%s: %s", path.c_str(), done.Error().message.c_str());
    };
    Imported out;
    std::unordered_map<Hash256, TxRef, SecretHasher> unpaid; // refused, but a child may pay for them
    const auto with_parent = [&](const TxRef& tx, const Options& how) {
        for (const auto& input : tx->Inputs()) {
            const auto parent = unpaid.find(input.prevout.txid);
            if (parent == unpaid.end()) continue;
            const std::vector<TxRef> package{parent->second, tx};
            (void)SubmitPackage(package, how);
            return Get(tx->Txid()) != nullptr;
        }
        return false;
    };
    const int64_t oldest = m_clock.NowSec() - m_options.expiry_sec;
    for (const auto& row : file->rows) {
        if (m_loading->stop.Requested()) break;
        ++out.read;
        if (options.keep_times && row.time < oldest) {
            ++out.expired;
            continue;
        }
        if (Get(row.tx->Txid()) != nullptr) {
            ++out.known;
            continue;
        }
        prioritise(row.tx->Txid(), row.delta);
        const Options how{.time = options.keep_times ? row.time : m_clock.NowSec()};
        const auto taken = Submit(row.tx, how);
        ++(taken ? out.accepted : out.refused);
        if (taken) continue;
        if (IsTruc(*row.tx)) {
            if (with_parent(row.tx, how)) {
                out.accepted += 2;
                out.refused -= 2;
                continue;
            }
            unpaid.emplace(row.tx->Txid(), row.tx);
        }
        EMC_LOG(m_log, Debug, Mempool, "%s: %s does not come in: %s", path.c_str(),
                base::ReversedHex(row.tx->Txid()).c_str(), taken.Error().message.c_str());
    }
    for (const auto& delta : file->deltas)
        prioritise(delta.txid, delta.delta);
    EMC_LOG(m_log, Info, Mempool,
            "%s: %zu transactions, %zu taken, %zu here already, %zu expired, %zu refused", path.c_str(),
            file->rows.size(), out.accepted, out.known, out.expired, out.refused);
    return out;
}

void Mempool::StartLoading()
{
    if (m_options.folder.empty()) return;
    const std::string fees = FeesPath(m_options);
    const auto file = storage::ReadWholeFile(storage::SystemFiles(), fees);
    if (file) {
        const auto content =
            storage::UnwrapFile({.magic_be = m_chain.Params().magic_be, .kind = FEES_KIND}, *file, fees);
        const base::LockGuard lock(m_mutex);
        if (!content) {
            EMC_LOG(m_log, Warning, Mempool, "fee estimates start anew: %s",
                    storage::Describe(content.Error()).c_str());
        } else if (!m_estimator.Load(*content)) {
            EMC_LOG(m_log, Warning, Mempool, "fee estimates start anew: %s holds impossible numbers",
                    fees.c_str());
        }
    } else if (file.Error().code != StorageError::NotFound) {
        EMC_LOG(m_log, Warning, Mempool, "fee estimates start anew: %s",
                storage::Describe(file.Error()).c_str());
    }
    m_loading->begun.store(true);
    if (!m_options.keep_transactions || !storage::SystemFiles().Exists(PoolPath(m_options))) return;
    m_loading->done.store(false);
    m_loading->thread = base::Thread("pool-load", [this] {
        const auto done = Import(PoolPath(m_options), {});
        if (!done) {
            EMC_LOG(m_log, Warning, Mempool, "the mempool starts empty: %s", done.Error().message.c_str());
        }
        if (!m_loading->stop.Requested()) m_loading->done.store(true);
    });
}

void Mempool::SaveFees() const
{
    base::Bytes content;
    {
        const base::LockGuard lock(m_mutex);
        content = m_estimator.Serialize();
    }
    const auto written = storage::ReplaceFile(
        storage::SystemFiles(), FeesPath(m_options),
        storage::WrapFile({.magic_be = m_chain.Params().magic_be, .kind = FEES_KIND}, content));
    if (!written) {
        EMC_LOG(m_log, Warning, Mempool, "fee estimates are not saved: %s",
                storage::Describe(written.Error()).c_str());
    }
}

void Mempool::SaveAtEnd()
{
    m_loading->stop.Request();
    m_loading->thread.Join();
    if (!m_loading->begun.load()) return;
    SaveFees();
    if (!m_options.keep_transactions || !m_loading->done.load())
        return; // a file that was not read to its end stays
    if (auto saved = Save(); !saved) EMC_LOG(m_log, Warning, Mempool, "%s", saved.Error().message.c_str());
}

} // namespace emc::mempool
