#include "calls/call_store.h"

#include "base/mutex.h"
#include "base/random.h"
#include "codec/reader.h"
#include "crypto/sha256.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <map>

namespace emc::calls {

using base::Bytes;
using base::ByteSpan;
using reward::CallRecord;
using storage::StorageError;
using storage::StorageResult;

namespace {

constexpr size_t NUMBER_BYTES = 8;
constexpr size_t ID_BYTES = 8;
constexpr size_t CALL_KEY_BYTES = 1 + 3 * NUMBER_BYTES + ID_BYTES;
constexpr size_t FORGET_BATCH = 10'000;
constexpr std::string_view REMEDY =
    "restore the directory from a backup, or remove it and import the records again";

using CallId = std::array<uint8_t, ID_BYTES>;

CallId IdOf(std::string_view call_id)
{
    const auto hash = crypto::Sha256Of(base::AsBytes(call_id));
    CallId out;
    std::copy_n(hash.bytes.begin(), ID_BYTES, out.begin());
    return out;
}

void PutBig(Bytes& out, uint64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<uint8_t>(value >> shift));
}

uint64_t BigAt(ByteSpan in, size_t at)
{
    uint64_t value = 0;
    for (size_t i = 0; i < NUMBER_BYTES; ++i)
        value = value << 8 | in[at + i];
    return value;
}

Bytes Key(uint8_t prefix, std::initializer_list<uint64_t> numbers, ByteSpan rest = {})
{
    Bytes out;
    out.reserve(CALL_KEY_BYTES);
    out.push_back(prefix);
    for (const uint64_t number : numbers)
        PutBig(out, number);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

Bytes CallKey(const CallRecord& call, const CallId& id)
{
    return Key(storage::PREFIX_CALL, {call.caller, call.end, call.callee}, id);
}

Bytes TakenKey(const CallRecord& call, const CallId& id)
{
    return Key(storage::PREFIX_CALL_TAKEN, {call.callee, call.end, call.caller}, id);
}

Bytes TimeKey(const CallRecord& call, const CallId& id)
{
    return Key(storage::PREFIX_CALL_BY_TIME, {call.end, call.caller, call.callee}, id);
}

Bytes IdPrefix(const CallId& id)
{
    return Key(storage::PREFIX_CALL_BY_ID, {}, id);
}

/// What makes a call the same one.
Bytes IdKey(const CallRecord& call, const CallId& id)
{
    Bytes out = IdPrefix(id);
    PutBig(out, call.caller);
    PutBig(out, call.callee);
    PutBig(out, call.answer);
    return out;
}

Bytes SourceKey(std::string_view source)
{
    return Key(storage::PREFIX_CALL_SOURCE, {}, base::AsBytes(source));
}

} // namespace

struct CallStore::Impl {
    std::unique_ptr<storage::KvStore> store;
    base::RandomSource* random = nullptr;
    base::Mutex<base::LockRank::Leaf> mutex; ///< one adds or forgets at a time

    [[nodiscard]] StorageResult<CallRecord> Decode(ByteSpan row) const
    {
        if (auto record = reward::DecodeCallRecord(row)) return std::move(*record);
        return storage::Broken(StorageError::Corrupt,
                               store->Directory() + ": a call record that is none; " + std::string(REMEDY));
    }

    [[nodiscard]] StorageResult<std::optional<CallRecord>> RecordAt(const storage::KvIterator& it,
                                                                    const Bytes& own_key) const;
};

namespace {

/// Keys of one index between two ends, rising or falling. They hold a number or nothing, the end, and what
/// makes up the rest of the record's own key.
class EndWalk
{
public:
    /// The record's own key, out of one of the index.
    using OwnKey = Bytes (*)(ByteSpan key);

    EndWalk(const storage::KvStore& store, Bytes prefix, OwnKey own_key, const CallFilter& filter)
        : m_prefix(std::move(prefix)), m_own_key(own_key), m_filter(filter), m_it(store.Iterate(m_prefix))
    {
        Bytes first = m_prefix;
        PutBig(first, filter.newest_first ? filter.to_ms : filter.from_ms);
        m_it.Seek(first);
        if (!filter.newest_first) return;
        if (m_it.Valid()) {
            m_it.Prev();
        } else {
            m_it.SeekToLast();
        }
    }

    [[nodiscard]] bool Odd() const { return m_it.Valid() && m_it.Key().size() != CALL_KEY_BYTES; }

    [[nodiscard]] bool Valid() const
    {
        if (!m_it.Valid()) return false;
        return m_filter.newest_first ? End() >= m_filter.from_ms : End() < m_filter.to_ms;
    }

    void Next()
    {
        if (m_filter.newest_first) {
            m_it.Prev();
        } else {
            m_it.Next();
        }
    }

    /// Of the call, in ms.
    [[nodiscard]] uint64_t End() const { return BigAt(m_it.Key(), m_prefix.size()); }

    [[nodiscard]] Bytes Own() const { return m_own_key(m_it.Key()); }

    [[nodiscard]] const storage::KvIterator& At() const { return m_it; }

private:
    Bytes m_prefix;
    OwnKey m_own_key;
    const CallFilter& m_filter;
    storage::KvIterator m_it;
};

Bytes OwnOfCall(ByteSpan key)
{
    return {key.begin(), key.end()};
}

Bytes OwnOfTaken(ByteSpan key)
{
    return Key(storage::PREFIX_CALL, {BigAt(key, 17), BigAt(key, 9), BigAt(key, 1)}, key.last(ID_BYTES));
}

Bytes OwnOfTime(ByteSpan key)
{
    return Key(storage::PREFIX_CALL, {BigAt(key, 9), BigAt(key, 1), BigAt(key, 17)}, key.last(ID_BYTES));
}

} // namespace

/// nullopt: forgotten since the walk began.
StorageResult<std::optional<CallRecord>> CallStore::Impl::RecordAt(const storage::KvIterator& it,
                                                                   const Bytes& own_key) const
{
    const ByteSpan key = it.Key();
    Bytes row;
    if (std::equal(own_key.begin(), own_key.end(), key.begin(), key.end())) {
        row.assign(it.Value().begin(), it.Value().end());
    } else {
        auto found = store->Get(own_key);
        if (!found && found.Error().code == StorageError::NotFound) return std::optional<CallRecord>();
        if (!found) return base::Unexpected(found.Error());
        row = std::move(*found);
    }
    auto call = Decode(row);
    if (!call) return base::Unexpected(call.Error());
    return std::optional(std::move(*call));
}

CallStore::CallStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

CallStore::~CallStore() = default;

StorageResult<std::unique_ptr<CallStore>> CallStore::Open(const Options& options, base::RandomSource& random)
{
    storage::KvStore::Options store_options;
    store_options.files = options.files;
    auto store = storage::KvStore::Open(options.directory, store_options);
    if (!store) return base::Unexpected(store.Error());
    const storage::ExpectedVersion version{storage::CALLS_VERSION, options.magic_be, REMEDY};
    if (const auto good = storage::CheckVersion(**store, version); !good)
        return base::Unexpected(good.Error());
    auto impl = std::make_unique<Impl>();
    impl->store = std::move(*store);
    impl->random = &random;
    return std::unique_ptr<CallStore>(new CallStore(std::move(impl)));
}

storage::KvStore& CallStore::Rows()
{
    return *m_impl->store;
}

std::string DifferingCall(const CallRecord& call)
{
    return "call " + call.call_id + " is known with another end; that one stays";
}

namespace {

/// A call on its way into the store.
struct Incoming {
    size_t place = 0; ///< among those that are added
    CallId id{};
    Bytes id_key;
    bool is_new = false;
};

/// By what makes calls the same one, so that neighbours are asked for one after the other: a random walk
/// through the store's tables costs most of an import.
std::vector<Incoming> InOrderOfId(std::span<const CallRecord> calls)
{
    std::vector<Incoming> out(calls.size());
    for (size_t i = 0; i < calls.size(); ++i) {
        out[i].place = i;
        out[i].id = IdOf(calls[i].call_id);
        out[i].id_key = IdKey(calls[i], out[i].id);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Incoming& a, const Incoming& b) { return a.id_key < b.id_key; });
    return out;
}

/// The rows of the new ones, one kind after the other for the same reason. `salts` has one for each of them.
void PutCalls(storage::KvBatch& batch, std::span<const CallRecord> calls,
              const std::vector<Incoming>& incoming, ByteSpan salts)
{
    std::vector<const Incoming*> added;
    for (const auto& in : incoming) {
        if (in.is_new) added.push_back(&in);
    }
    for (const Incoming* in : added) {
        Bytes end;
        PutBig(end, calls[in->place].end);
        batch.Put(in->id_key, end);
    }
    std::sort(added.begin(), added.end(),
              [](const Incoming* a, const Incoming* b) { return a->place < b->place; });
    for (const Incoming* in : added) {
        CallRecord call = calls[in->place];
        std::copy_n(salts.begin(), call.salt.size(), call.salt.begin());
        salts = salts.subspan(call.salt.size());
        batch.Put(CallKey(call, in->id), reward::EncodeCallRecord(call));
    }
    for (const Incoming* in : added)
        batch.Put(TakenKey(calls[in->place], in->id), {});
    for (const Incoming* in : added)
        batch.Put(TimeKey(calls[in->place], in->id), {});
}

} // namespace

StorageResult<CallStore::Added> CallStore::Add(std::span<const CallRecord> calls,
                                               std::span<const SourceMark> marks)
{
    Added out;
    auto incoming = InOrderOfId(calls);
    const base::LockGuard lock(m_impl->mutex);
    uint64_t known_end = 0; // of the call before
    for (size_t i = 0; i < incoming.size(); ++i) {
        Incoming& in = incoming[i];
        const CallRecord& call = calls[in.place];
        if (i == 0 || in.id_key != incoming[i - 1].id_key) {
            const auto row = m_impl->store->Get(in.id_key);
            if (!row && row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
            in.is_new = !row;
            known_end = call.end;
            if (row) known_end = row->size() == NUMBER_BYTES ? BigAt(*row, 0) : 0;
        }
        if (in.is_new) {
            ++out.added;
        } else if (known_end == call.end) {
            ++out.known;
        } else {
            out.differing.push_back(in.place);
        }
    }
    std::sort(out.differing.begin(), out.differing.end());
    Bytes salts(out.added * CallRecord{}.salt.size());
    m_impl->random->Fill(salts);
    storage::KvBatch batch;
    PutCalls(batch, calls, incoming, salts);
    for (const SourceMark& mark : marks) {
        if (mark.mark.empty()) {
            batch.Delete(SourceKey(mark.source));
        } else {
            batch.Put(SourceKey(mark.source), mark.mark);
        }
    }
    if (auto done = m_impl->store->Write(batch, storage::Durability::Synced); !done)
        return base::Unexpected(done.Error());
    return out;
}

StorageResult<std::optional<Bytes>> CallStore::Mark(std::string_view source) const
{
    auto row = m_impl->store->Get(SourceKey(source));
    if (row) return std::optional<Bytes>(std::move(*row));
    if (row.Error().code == StorageError::NotFound) return std::optional<Bytes>();
    return base::Unexpected(row.Error());
}

StorageResult<void> CallStore::Read(const CallFilter& filter, const Visit& visit) const
{
    const auto& store = *m_impl->store;
    std::vector<EndWalk> walks;
    if (filter.number == 0) {
        walks.emplace_back(store, Key(storage::PREFIX_CALL_BY_TIME, {}), OwnOfTime, filter);
    } else {
        if (filter.outgoing)
            walks.emplace_back(store, Key(storage::PREFIX_CALL, {filter.number}), OwnOfCall, filter);
        if (filter.incoming)
            walks.emplace_back(store, Key(storage::PREFIX_CALL_TAKEN, {filter.number}), OwnOfTaken, filter);
    }
    while (true) {
        EndWalk* next = nullptr; // the first one that has something, or the one whose call ended last
        for (auto& walk : walks) {
            if (walk.Odd())
                return storage::Broken(StorageError::Corrupt,
                                       store.Directory() + ": an odd key; " + std::string(REMEDY));
            if (const auto good = walk.At().Status(); !good) return good;
            if (!walk.Valid()) continue;
            if (next == nullptr || (filter.newest_first && walk.End() > next->End())) next = &walk;
        }
        if (next == nullptr) return {};
        const auto call = m_impl->RecordAt(next->At(), next->Own());
        if (!call) return base::Unexpected(call.Error());
        next->Next();
        if (!*call) continue;
        const bool wanted = filter.counterparty == 0 || (*call)->caller == filter.counterparty ||
                            (*call)->callee == filter.counterparty;
        if (wanted && !visit(**call)) return {};
    }
}

StorageResult<std::vector<CallRecord>> CallStore::ByCallId(std::string_view call_id) const
{
    const CallId id = IdOf(call_id);
    std::vector<CallRecord> out;
    auto it = m_impl->store->Iterate(IdPrefix(id));
    for (; it.Valid(); it.Next()) {
        const ByteSpan key = it.Key();
        const size_t numbers = 1 + ID_BYTES;
        if (key.size() != numbers + 3 * NUMBER_BYTES || it.Value().size() != NUMBER_BYTES) continue;
        auto row = m_impl->store->Get(
            Key(storage::PREFIX_CALL,
                {BigAt(key, numbers), BigAt(it.Value(), 0), BigAt(key, numbers + NUMBER_BYTES)}, id));
        if (!row && row.Error().code == StorageError::NotFound) continue;
        if (!row) return base::Unexpected(row.Error());
        auto call = m_impl->Decode(*row);
        if (!call) return base::Unexpected(call.Error());
        if (call->call_id == call_id) out.push_back(std::move(*call));
    }
    if (const auto status = it.Status(); !status) return base::Unexpected(status.Error());
    return out;
}

StorageResult<std::vector<CallTotals>> CallStore::Totals(const CallFilter& filter) const
{
    std::map<std::pair<uint64_t, uint64_t>, CallTotals> sums;
    const auto done = Read(filter, [&](const CallRecord& call) {
        auto& sum = sums[{call.caller, call.callee}];
        if (sum.calls == 0 || call.end < sum.first_end_ms) sum.first_end_ms = call.end;
        sum.last_end_ms = std::max(sum.last_end_ms, call.end);
        sum.minutes += reward::CallMinutes(call.answer, call.end);
        ++sum.calls;
        return true;
    });
    if (!done) return base::Unexpected(done.Error());
    std::vector<CallTotals> out;
    for (const auto& [pair, sum] : sums) {
        out.push_back(sum);
        out.back().caller = pair.first;
        out.back().callee = pair.second;
    }
    return out;
}

StorageResult<size_t> CallStore::Forget(uint64_t before_ms)
{
    const base::LockGuard lock(m_impl->mutex);
    CallFilter old;
    old.to_ms = before_ms;
    size_t removed = 0;
    while (true) {
        storage::KvBatch batch;
        size_t count = 0;
        const auto done = Read(old, [&](const CallRecord& call) {
            const CallId id = IdOf(call.call_id);
            for (const Bytes& key :
                 {CallKey(call, id), TakenKey(call, id), TimeKey(call, id), IdKey(call, id)})
                batch.Delete(key);
            return ++count < FORGET_BATCH;
        });
        if (!done) return base::Unexpected(done.Error());
        if (count == 0) return removed;
        if (auto written = m_impl->store->Write(batch, storage::Durability::Synced); !written)
            return base::Unexpected(written.Error());
        removed += count;
    }
}

} // namespace emc::calls
