#include "p2p/relay/tx_requests.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <algorithm>
#include <list>
#include <set>

namespace emc::test {
namespace {

using p2p::PeerId;
using p2p::TxRequests;

enum class State : uint8_t { Waiting, InFlight, Done };

struct Entry {
    PeerId peer;
    uint8_t id;
    TxRequests::IdKind kind;
    TxRequests::Source source;
    int64_t ready_ms;
    State state = State::Waiting;
    int64_t expiry_ms = 0;
};

/// A list of announcements, searched from end to end for everything.
class Model
{
public:
    explicit Model(TxRequests& tracker) : m_tracker(tracker) {}

    void Announce(PeerId peer, uint8_t id, uint8_t flags)
    {
        Entry entry{.peer = peer,
                    .id = id,
                    .kind = (flags & 1) != 0 ? TxRequests::IdKind::Txid : TxRequests::IdKind::Wtxid,
                    .source = (flags & 2) != 0 ? TxRequests::Source::Preferred : TxRequests::Source::Other,
                    .ready_ms = m_now};
        if (entry.source == TxRequests::Source::Other) entry.ready_ms += p2p::INBOUND_TX_DELAY_MS;
        if (entry.kind == TxRequests::IdKind::Txid) entry.ready_ms += p2p::TXID_DELAY_MS;
        const bool fresh = Find(peer, id) == nullptr;
        EMC_CHECK(m_tracker.Announced(
                      {.peer = peer, .id = FilledHash(id), .kind = entry.kind, .source = entry.source},
                      m_now) == fresh);
        if (fresh) m_entries.push_back(entry);
    }

    /// What is asked must be allowed, and what is not asked must have a reason.
    void Ask(PeerId peer)
    {
        for (Entry& entry : m_entries) {
            if (entry.state == State::InFlight && entry.expiry_ms <= m_now) entry.state = State::Done;
        }
        Clean();
        for (const auto& request : m_tracker.Ask(peer, m_now)) {
            Entry* entry = Find(peer, request.id.bytes[0]);
            EMC_CHECK(entry != nullptr && entry->state == State::Waiting && entry->ready_ms <= m_now);
            EMC_CHECK(entry->kind == request.kind && !InFlight(entry->id));
            EMC_CHECK(entry->source == TxRequests::Source::Preferred || !HasRival(*entry, true));
            entry->state = State::InFlight;
            entry->expiry_ms = m_now + p2p::TX_REQUEST_TIMEOUT_MS;
        }
        for (const Entry& entry : m_entries) {
            if (entry.peer != peer || entry.state != State::Waiting || entry.ready_ms > m_now) continue;
            EMC_CHECK(InFlight(entry.id) || HasRival(entry, false) ||
                      CountInFlight(peer) == p2p::MAX_TX_IN_FLIGHT);
        }
    }

    void Answer(PeerId peer, uint8_t id)
    {
        m_tracker.Answered(peer, FilledHash(id));
        if (Entry* entry = Find(peer, id)) entry->state = State::Done;
        Clean();
    }

    void Forget(uint8_t id)
    {
        m_tracker.Forget(FilledHash(id));
        m_entries.remove_if([id](const Entry& e) { return e.id == id; });
    }

    void Disconnect(PeerId peer)
    {
        m_tracker.Disconnected(peer);
        m_entries.remove_if([peer](const Entry& e) { return e.peer == peer; });
        Clean();
    }

    void Pass(int64_t ms) { m_now += ms; }

    void Compare(PeerId peer) const
    {
        const auto own = std::count_if(m_entries.begin(), m_entries.end(),
                                       [peer](const Entry& e) { return e.peer == peer; });
        EMC_CHECK(m_tracker.Announcements(peer) == static_cast<size_t>(own));
        EMC_CHECK(m_tracker.InFlight(peer) == CountInFlight(peer));
        std::set<uint8_t> ids;
        for (const Entry& entry : m_entries)
            ids.insert(entry.id);
        EMC_CHECK(m_tracker.Transactions() == ids.size());
    }

private:
    Entry* Find(PeerId peer, uint8_t id)
    {
        const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                        [&](const Entry& e) { return e.peer == peer && e.id == id; });
        return found == m_entries.end() ? nullptr : &*found;
    }

    [[nodiscard]] bool InFlight(uint8_t id) const
    {
        return std::any_of(m_entries.begin(), m_entries.end(),
                           [id](const Entry& e) { return e.id == id && e.state == State::InFlight; });
    }

    [[nodiscard]] size_t CountInFlight(PeerId peer) const
    {
        return static_cast<size_t>(std::count_if(m_entries.begin(), m_entries.end(), [peer](const Entry& e) {
            return e.peer == peer && e.state == State::InFlight;
        }));
    }

    /// Another peer could be asked for the same now (a preferred one, when that is asked).
    [[nodiscard]] bool HasRival(const Entry& own, bool preferred) const
    {
        return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& e) {
            return e.id == own.id && e.peer != own.peer && e.state == State::Waiting && e.ready_ms <= m_now &&
                   CountInFlight(e.peer) < p2p::MAX_TX_IN_FLIGHT &&
                   (!preferred || e.source == TxRequests::Source::Preferred);
        });
    }

    /// What nobody is left to be asked for is forgotten.
    void Clean()
    {
        std::set<uint8_t> alive;
        for (const Entry& entry : m_entries) {
            if (entry.state != State::Done) alive.insert(entry.id);
        }
        m_entries.remove_if([&alive](const Entry& e) { return !alive.contains(e.id); });
    }

    TxRequests& m_tracker;
    std::list<Entry> m_entries;
    int64_t m_now = 1'000'000;
};

} // namespace

void SimulateTxRequests(base::ByteSpan input)
{
    codec::Reader in(input);
    TxRequests tracker(in.U8());
    Model model(tracker);
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const PeerId peer = 1 + in.U8() % 3u;
        const uint8_t id = in.U8() % 120;
        switch (operation % 8) {
        case 0: // a burst, to reach the limit in flight
            for (uint8_t i = 0; i < p2p::MAX_TX_IN_FLIGHT + 10; ++i)
                model.Announce(peer, i, operation >> 4);
            break;
        case 1:
        case 2:
            model.Announce(peer, id, operation >> 4);
            break;
        case 3:
            model.Ask(peer);
            break;
        case 4:
            model.Answer(peer, id);
            break;
        case 5:
            model.Forget(id);
            break;
        case 6:
            model.Pass(id * 300);
            break;
        case 7:
            if (id % 8 == 0) model.Disconnect(peer);
            break;
        }
        model.Compare(peer);
    }
}

} // namespace emc::test
