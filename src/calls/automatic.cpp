#include "calls/automatic.h"

#include "base/log.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

namespace emc::calls {

using base::Bytes;
using interfaces::AutomaticMode;
using storage::Durability;

namespace {

constexpr uint8_t ROW_VERSION = 1;

Bytes Key()
{
    return Bytes{storage::PREFIX_CALL_AUTOMATIC};
}

void WriteMode(codec::Writer& writer, const AutomaticMode& mode)
{
    writer.U8(mode.on ? 1 : 0);
    writer.I64(mode.interval_sec);
    writer.I64(mode.period_sec);
    writer.I64(mode.least_minutes);
    writer.I64(mode.least_claim);
}

AutomaticMode ReadMode(codec::Reader& reader)
{
    AutomaticMode out;
    out.on = reader.U8() != 0;
    out.interval_sec = reader.I64();
    out.period_sec = reader.I64();
    out.least_minutes = reader.I64();
    out.least_claim = reader.I64();
    return out;
}

} // namespace

AutomaticSettings::AutomaticSettings(storage::KvStore& store, const AutomaticMode& from_options,
                                     base::Logger& log)
    : m_store(store), m_from_options(from_options), m_now(from_options)
{
    Read(log);
}

void AutomaticSettings::Read(base::Logger& log)
{
    const auto row = m_store.Get(Key());
    if (!row && row.Error().code == storage::StorageError::NotFound) return;
    AutomaticMode was;
    AutomaticMode set;
    bool whole = false;
    if (row) {
        codec::Reader reader(*row);
        const bool known = reader.U8() == ROW_VERSION;
        was = ReadMode(reader);
        set = ReadMode(reader);
        whole = known && reader.Done();
    }
    if (!whole) {
        EMC_LOG(log, Warning, Calls,
                "%s: what was set in place of -callreward cannot be read; the options count until it is set "
                "again",
                m_store.Directory().c_str());
    } else if (was == m_from_options) {
        const base::LockGuard lock(m_mutex);
        m_now = set;
        EMC_LOG(log, Info, Calls, "rewards without being asked are %s, as was set, not as -callreward says",
                set.on ? "on" : "off");
    } else {
        EMC_LOG(log, Info, Calls, "%s",
                "-callreward or one of its relatives was changed and counts from now on");
        storage::KvBatch changes;
        changes.Delete(Key());
        if (auto done = m_store.Write(changes, Durability::Synced); !done)
            EMC_LOG(log, Warning, Calls, "%s", storage::Describe(done.Error()).c_str());
    }
}

AutomaticMode AutomaticSettings::Now() const
{
    const base::LockGuard lock(m_mutex);
    return m_now;
}

storage::StorageResult<void> AutomaticSettings::Set(const AutomaticMode& mode)
{
    Bytes row;
    codec::Writer writer(row);
    writer.U8(ROW_VERSION);
    WriteMode(writer, m_from_options);
    WriteMode(writer, mode);
    const base::LockGuard lock(m_mutex);
    if (auto done = m_store.Put(Key(), row, Durability::Synced); !done) return done;
    m_now = mode;
    return {};
}

} // namespace emc::calls
