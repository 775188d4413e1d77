#include "calls/call_store.h"

#include "base/mutex.h"
#include "base/random.h"
#include "codec/reader.h"
#include "crypto/sha256.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <map>
#include <set>

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

    /// Visits the records that keys of an index lead to, as long as `visit` wants more. Keys hold a number or
    /// nothing
    /// (`fixed`), the end, and what `call_key` makes the record's own key of.
    [[nodiscard]] StorageResult<void> Walk(ByteSpan prefix, const CallFilter& filter,
                                           const std::function<Bytes(ByteSpan key)>& call_key,
                                           const Visit& visit) const;
};

StorageResult<void> CallStore::Impl::Walk(ByteSpan prefix, const CallFilter& filter,
                                          const std::function<Bytes(ByteSpan key)>& call_key,
                                          const Visit& visit) const
{
    auto it = store->Iterate(prefix);
    Bytes first(prefix.begin(), prefix.end());
    PutBig(first, filter.from_ms);
    for (it.Seek(first); it.Valid(); it.Next()) {
        const ByteSpan key = it.Key();
        if (key.size() != CALL_KEY_BYTES)
            return storage::Broken(StorageError::Corrupt,
                                   store->Directory() + ": an odd key; " + std::string(REMEDY));
        if (BigAt(key, prefix.size()) >= filter.to_ms) return {};
        const Bytes own = call_key(key);
        Bytes row;
        if (std::equal(own.begin(), own.end(), key.begin(), key.end())) {
            row.assign(it.Value().begin(), it.Value().end());
        } else {
            auto found = store->Get(own);
            // Forgotten since the walk began.
            if (!found && found.Error().code == StorageError::NotFound) continue;
            if (!found) return base::Unexpected(found.Error());
            row = std::move(*found);
        }
        const auto call = Decode(row);
        if (!call) return base::Unexpected(call.Error());
        const bool wanted = filter.counterparty == 0 || call->caller == filter.counterparty ||
                            call->callee == filter.counterparty;
        if (wanted && !visit(*call)) return {};
    }
    return it.Status();
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

StorageResult<CallStore::Added> CallStore::Add(std::span<const CallRecord> calls,
                                               std::span<const SourceMark> marks)
{
    Added out;
    storage::KvBatch batch;
    std::map<Bytes, uint64_t> ends; // of this batch, by IdKey
    const base::LockGuard lock(m_impl->mutex);
    for (size_t i = 0; i < calls.size(); ++i) {
        CallRecord call = calls[i];
        const CallId id = IdOf(call.call_id);
        const Bytes id_key = IdKey(call, id);
        const auto [entry, is_new] = ends.try_emplace(id_key, call.end);
        uint64_t known_end = entry->second;
        if (is_new) {
            const auto row = m_impl->store->Get(id_key);
            if (!row && row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
            if (row) known_end = row->size() == NUMBER_BYTES ? BigAt(*row, 0) : 0;
            if (!row) {
                m_impl->random->Fill(call.salt);
                Bytes end;
                PutBig(end, call.end);
                batch.Put(CallKey(call, id), reward::EncodeCallRecord(call));
                batch.Put(TakenKey(call, id), {});
                batch.Put(TimeKey(call, id), {});
                batch.Put(id_key, end);
                ++out.added;
                continue;
            }
            entry->second = known_end;
        }
        if (known_end == call.end) {
            ++out.known;
        } else {
            out.differing.push_back(i);
        }
    }
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
    const auto id_of = [](ByteSpan key) { return key.last(ID_BYTES); };
    bool more = true;
    const Visit counted = [&](const CallRecord& call) { return more = visit(call); };
    if (filter.number == 0) {
        return m_impl->Walk(
            Key(storage::PREFIX_CALL_BY_TIME, {}), filter,
            [&](ByteSpan key) {
                return Key(storage::PREFIX_CALL, {BigAt(key, 9), BigAt(key, 1), BigAt(key, 17)}, id_of(key));
            },
            counted);
    }
    if (filter.outgoing) {
        const auto same = [](ByteSpan key) { return Bytes(key.begin(), key.end()); };
        if (auto done = m_impl->Walk(Key(storage::PREFIX_CALL, {filter.number}), filter, same, counted);
            !done || !more)
            return done;
    }
    if (!filter.incoming) return {};
    return m_impl->Walk(
        Key(storage::PREFIX_CALL_TAKEN, {filter.number}), filter,
        [&](ByteSpan key) {
            return Key(storage::PREFIX_CALL, {BigAt(key, 17), BigAt(key, 9), BigAt(key, 1)}, id_of(key));
        },
        counted);
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
