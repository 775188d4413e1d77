#include "unit/wallet/ledger_sim.h"

#include "names/op_codec.h"
#include "script/solver.h"

#include <algorithm>

namespace emc::test {

namespace {

constexpr uint32_t THIN_AIR = 12; ///< outpoints of strangers that several transactions may want to spend
constexpr uint32_t NAMES = 4;
constexpr uint32_t POPPED_AT_MOST = 3;

bool OfThinAir(const OutPoint& outpoint)
{
    const auto& bytes = outpoint.txid.bytes;
    return bytes[31] == 0xee &&
           std::all_of(bytes.begin() + 2, bytes.end() - 1, [](uint8_t b) { return b == 0; });
}

base::Bytes Script(bool mine, uint32_t tag)
{
    base::Hash160 id;
    id.bytes.fill(static_cast<uint8_t>(tag));
    id.bytes.back() = mine ? 2 : 3;
    return script::PayToWitnessKeyHash(id);
}

} // namespace

LedgerSim::LedgerSim(std::function<uint32_t(uint32_t)> pick)
    : m_pick(std::move(pick)), m_ledger(std::make_unique<wallet::Ledger>(ModelOwner, MODEL_MATURITY))
{
    Connect(MakeBlock());
}

std::string LedgerSim::Step()
{
    switch (m_pick(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        PoolTx();
        break;
    case 5:
    case 6:
    case 7:
        MineSome();
        break;
    case 8:
        PopSome();
        break;
    case 9:
        Reconnect();
        break;
    case 10:
        Drop();
        break;
    case 11:
        Abandon();
        break;
    case 12:
        Forget();
        break;
    case 13:
        SendAgain();
        break;
    case 14:
        if (m_pick(4) == 0) Reload();
        break;
    default:
        m_ledger->Rebuild();
        Compare("looking again at all outputs", {});
    }
    return m_difference;
}

// --- What may happen ---

void LedgerSim::PoolTx()
{
    const auto tx = MakeTx(false);
    const Txids replaced = WithDescendants(PoolConflicts(tx));
    const bool child = std::any_of(tx->Inputs().begin(), tx->Inputs().end(),
                                   [&](const auto& input) { return replaced.contains(input.prevout.txid); });
    if (child || !CanSpend(tx, true, {})) return;
    if (replaced.empty() && m_model.Concerns(*tx) && m_pick(2) == 0) {
        Record(tx);
        if (m_pick(4) == 0) return; // never sent
    }
    if (!replaced.empty()) LeavePool(replaced, true);
    EnterPool(tx);
}

void LedgerSim::MineSome()
{
    for (uint32_t i = m_pick(8) == 0 ? m_pick(6) : 0; i > 0; --i)
        Connect({FreshHash(), {MakeTx(true)}});
    m_undone.clear();
    Connect(MakeBlock());
}

void LedgerSim::PopSome()
{
    for (uint32_t i = m_pick(POPPED_AT_MOST) + 1; i > 0 && m_model.chain.size() > 1; --i)
        Disconnect();
}

void LedgerSim::Reconnect()
{
    if (m_undone.empty()) return;
    const ModelBlock block = m_undone.back();
    m_undone.pop_back();
    Connect(block);
}

void LedgerSim::Drop()
{
    if (!m_model.pool.empty()) LeavePool(WithDescendants({OneOf(m_model.pool)}), m_pick(3) == 0);
}

void LedgerSim::Abandon()
{
    if (m_model.known.empty()) return;
    Txids all;
    for (const auto& [txid, entry] : m_model.known)
        all.insert(txid);
    const Hash256 first = OneOf(all);
    const auto may = [this](const Hash256& txid) {
        const auto state = m_model.known.at(txid).state;
        return state == TxState::Inactive || state == TxState::Conflicted;
    };
    if (m_ledger->Abandon(first) != may(first)) Differ("abandoning is allowed or refused wrongly");
    std::vector<Hash256> queue{first};
    while (!queue.empty()) {
        const Hash256 txid = queue.back();
        queue.pop_back();
        if (!may(txid) || m_model.known.at(txid).abandoned) continue;
        m_model.known.at(txid).abandoned = true;
        for (const auto& [child, entry] : m_model.known) {
            for (const auto& outpoint : LedgerModel::SpentBy(*entry.tx)) {
                if (outpoint.txid == txid) queue.push_back(child);
            }
        }
    }
    Compare("abandoning", {});
}

/// As after a refusal: a transaction nothing builds on.
void LedgerSim::Forget()
{
    Txids candidates;
    for (const auto& [txid, entry] : m_model.known) {
        const bool parent =
            std::any_of(m_model.known.begin(), m_model.known.end(), [&id = txid](const auto& other) {
                const auto& inputs = other.second.tx->Inputs();
                return std::any_of(inputs.begin(), inputs.end(),
                                   [&](const auto& input) { return input.prevout.txid == id; });
            });
        if (entry.state == TxState::Inactive && !parent) candidates.insert(txid);
    }
    if (candidates.empty()) return;
    const Hash256 txid = OneOf(candidates);
    for (uint32_t i = 0; i < m_model.known.at(txid).tx->Outputs().size(); ++i)
        m_model.told.erase({txid, i});
    m_model.known.erase(txid);
    m_ledger->Forget(txid);
    Compare("forgetting", {});
}

void LedgerSim::SendAgain()
{
    std::vector<TxRef> waiting;
    for (const auto& [txid, entry] : m_model.known) {
        const bool out = entry.state != TxState::Confirmed && entry.state != TxState::InPool;
        if (out && !entry.generated && PoolConflicts(entry.tx).empty() && CanSpend(entry.tx, true, {}))
            waiting.push_back(entry.tx);
    }
    if (!waiting.empty()) EnterPool(waiting[m_pick(static_cast<uint32_t>(waiting.size()))]);
}

/// A new ledger from the rows on disk, brought up to date as the wallet does it.
void LedgerSim::Reload()
{
    std::vector<wallet::TransactionRow> rows;
    for (const auto& [key, value] : m_stored) {
        auto row = wallet::ReadTransactionRow(value);
        if (!row) return Differ("a stored row cannot be read");
        rows.push_back(std::move(*row));
    }
    m_ledger = std::make_unique<wallet::Ledger>(ModelOwner, MODEL_MATURITY);
    m_ledger->Load(std::move(rows));
    m_ledger->SetTip(m_model.Tip());
    const auto told = std::exchange(m_model.told, {});
    // Parents first, as the mempool lists them.
    Txids left = m_model.pool;
    while (!left.empty()) {
        const auto ready = std::find_if(left.begin(), left.end(), [&](const Hash256& txid) {
            const auto& inputs = m_made.at(txid)->Inputs();
            return std::none_of(inputs.begin(), inputs.end(),
                                [&](const auto& input) { return left.contains(input.prevout.txid); });
        });
        const auto tx = m_made.at(*ready);
        left.erase(ready);
        if (m_model.known.contains(tx->Txid())) Put(tx, TxState::InPool, nullptr);
    }
    Compare("loading", {});
    for (const auto& [outpoint, name] : m_ledger->UnknownNames()) {
        const auto until = told.find(outpoint);
        m_model.told[outpoint] = until == told.end() ? wallet::NAME_OVER : until->second;
        m_ledger->SetNameExpiry(outpoint, m_model.told[outpoint]);
    }
    Compare("looking names up", {});
}

// --- Single events ---

void LedgerSim::Put(const TxRef& tx, TxState state, const ModelBlock* block)
{
    wallet::TransactionRow row;
    row.tx = tx;
    row.state = state;
    row.received = 1'000 + m_pick(3);
    row.from_me = state == TxState::Inactive;
    if (block != nullptr) {
        row.block = block->hash;
        row.height = m_model.Tip();
        row.generated = block->txs[0] == tx;
    }
    m_ledger->Put(std::move(row));
}

void LedgerSim::Record(const TxRef& tx)
{
    m_model.Hear(tx, false);
    Put(tx, TxState::Inactive, nullptr);
    Compare("recording", {});
}

void LedgerSim::EnterPool(const TxRef& tx)
{
    m_model.pool.insert(tx->Txid());
    if (m_model.known.contains(tx->Txid()) || m_model.Concerns(*tx)) {
        m_model.Hear(tx, false);
        Put(tx, TxState::InPool, nullptr);
    }
    Compare("entering the pool", {});
}

void LedgerSim::LeavePool(const Txids& leaving, bool lost)
{
    LedgerModel::Freed freed;
    for (const auto& txid : leaving) {
        m_model.pool.erase(txid);
        m_ledger->LeavePool(txid, lost);
        AddFreedInPool(freed, txid);
        const auto entry = m_model.known.find(txid);
        if (lost && entry != m_model.known.end()) entry->second.lost = true;
    }
    // A loss counts from now on; what the losers had beaten themselves may come back.
    Compare(lost ? "losing in the pool" : "leaving the pool", freed);
}

void LedgerSim::Connect(const ModelBlock& block)
{
    m_model.chain.push_back(block);
    Txids beaten;
    for (const auto& tx : block.txs) {
        const bool concerns = m_model.Concerns(*tx);
        if (concerns != m_ledger->Concerns(*tx)) Differ("another opinion on what concerns the wallet");
        if (m_model.known.contains(tx->Txid()) || concerns) {
            m_model.Hear(tx, tx == block.txs[0]);
            Put(tx, TxState::Confirmed, &block);
        } else {
            m_ledger->NoteForeign(*tx, block.hash, m_model.Tip());
        }
        m_model.pool.erase(tx->Txid());
        beaten.merge(PoolConflicts(tx));
    }
    m_ledger->SetTip(m_model.Tip());
    TellNames(block);
    LedgerModel::Freed freed;
    for (const auto& txid : WithDescendants(beaten)) {
        m_model.pool.erase(txid);
        m_ledger->LeavePool(txid, true);
        AddFreedInPool(freed, txid);
        const auto entry = m_model.known.find(txid);
        if (entry != m_model.known.end()) entry->second.lost = true;
    }
    Compare("connecting a block", freed);
}

void LedgerSim::TellNames(const ModelBlock& block)
{
    for (const auto& tx : block.txs) {
        if (tx->Version() != primitives::NAME_TX_VERSION || m_pick(8) == 0) continue; // some are not told
        for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
            const auto parsed = names::ParseNameOutput(tx->Outputs()[i].script_pubkey);
            const bool live = parsed && parsed->op && parsed->op->kind != names::OpKind::Delete;
            if (!live || !ModelIsMine(parsed->op->owner_script)) continue;
            const int32_t until = m_model.Tip() + static_cast<int32_t>(m_pick(6));
            m_model.told[{tx->Txid(), i}] = until;
            m_ledger->SetNameExpiry({tx->Txid(), i}, until);
        }
    }
}

void LedgerSim::Disconnect()
{
    const ModelBlock block = m_model.chain.back();
    m_model.chain.pop_back();
    m_undone.push_back(block);
    LedgerModel::Freed freed;
    for (const auto& tx : block.txs)
        LedgerModel::AddFreed(freed, *tx);
    m_ledger->UndoBlock(block.hash);
    m_ledger->SetTip(m_model.Tip());
    Txids void_now = WithDescendants({block.txs[0]->Txid()});
    void_now.erase(block.txs[0]->Txid());
    for (const auto& txid : void_now) {
        m_model.pool.erase(txid);
        m_ledger->LeavePool(txid, false);
        AddFreedInPool(freed, txid);
    }
    Compare("disconnecting a block", freed);
    for (const auto& tx : block.txs) {
        const bool back = tx != block.txs[0] && m_pick(4) != 0;
        if (back && PoolConflicts(tx).empty() && CanSpend(tx, true, {})) EnterPool(tx);
    }
    for (Txids lone = PoolWithoutParents(); !lone.empty(); lone = PoolWithoutParents())
        LeavePool(WithDescendants(lone), false);
}

/// The wallet is not told of strangers that leave the pool.
void LedgerSim::AddFreedInPool(LedgerModel::Freed& freed, const Hash256& txid) const
{
    if (m_model.known.contains(txid)) LedgerModel::AddFreed(freed, *m_made.at(txid));
}

// --- The made-up node ---

Hash256 LedgerSim::FreshHash()
{
    Hash256 out;
    for (size_t i = 0; i < 4; ++i)
        out.bytes[i] = static_cast<uint8_t>(m_salt >> (8 * i));
    out.bytes[30] = 1;
    ++m_salt;
    return out;
}

bool LedgerSim::SpentInChain(const OutPoint& outpoint) const
{
    for (const auto& block : m_model.chain) {
        for (const auto& tx : block.txs) {
            if (LedgerModel::SpentBy(*tx).contains(outpoint)) return true;
        }
    }
    return false;
}

OutPoint LedgerSim::PickInput()
{
    std::set<OutPoint> outputs;
    for (const auto& [txid, tx] : m_made) {
        if (m_model.HeightOf(txid) < 0 && !m_model.pool.contains(txid)) continue;
        for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
            if (!SpentInChain({txid, i})) outputs.insert({txid, i});
        }
    }
    if (!outputs.empty() && m_pick(4) != 0) return OneOf(outputs);
    OutPoint out;
    out.txid.bytes[0] = static_cast<uint8_t>(m_pick(THIN_AIR));
    out.txid.bytes[1] = m_pick(3) == 0 ? 0 : static_cast<uint8_t>(m_salt);
    out.txid.bytes[31] = 0xee;
    out.index = 0;
    return out;
}

void LedgerSim::AddOutputs(primitives::MutableTransaction& fields)
{
    for (uint32_t i = m_pick(3) + 1; i > 0; --i) {
        const auto script = Script(m_pick(5) < 3, m_pick(200));
        const Amount value = 1 + m_pick(1000);
        if (m_pick(4) != 0) {
            fields.outputs.push_back({value, script});
            continue;
        }
        names::NameOp op;
        op.kind = std::array{names::OpKind::New, names::OpKind::Update, names::OpKind::Delete}[m_pick(3)];
        op.name = "n" + std::to_string(m_pick(NAMES));
        op.days = op.kind == names::OpKind::Delete ? 0 : 1;
        op.owner_script = script;
        fields.version = primitives::NAME_TX_VERSION;
        fields.outputs.push_back({value, names::WriteNameScript(op)});
    }
}

TxRef LedgerSim::MakeTx(bool generated)
{
    primitives::MutableTransaction fields;
    fields.lock_time = ++m_salt;
    std::set<OutPoint> inputs;
    if (generated) {
        inputs.insert(OutPoint{});
        fields.outputs.push_back({50, Script(m_pick(2) == 0, 1)});
    } else {
        for (uint32_t i = m_pick(3) + 1; i > 0; --i)
            inputs.insert(PickInput());
        AddOutputs(fields);
    }
    for (const auto& outpoint : inputs) {
        fields.inputs.emplace_back();
        fields.inputs.back().prevout = outpoint;
    }
    auto tx = primitives::MakeTx(std::move(fields));
    m_made[tx->Txid()] = tx;
    return tx;
}

bool LedgerSim::CanSpend(const TxRef& tx, bool pool, const std::vector<TxRef>& also) const
{
    return std::all_of(tx->Inputs().begin(), tx->Inputs().end(), [&](const auto& input) {
        if (SpentInChain(input.prevout)) return false;
        const auto taken = [&](const TxRef& other) {
            return LedgerModel::SpentBy(*other).contains(input.prevout);
        };
        if (std::any_of(also.begin(), also.end(), taken)) return false;
        const Hash256& parent = input.prevout.txid;
        const auto is_parent = [&](const TxRef& other) { return other->Txid() == parent; };
        return OfThinAir(input.prevout) || m_model.HeightOf(parent) >= 0 ||
               (pool && m_model.pool.contains(parent)) || std::any_of(also.begin(), also.end(), is_parent);
    });
}

/// A coinbase, some of the pool, some that waited, and now and then a stranger that spends what others want
/// to.
ModelBlock LedgerSim::MakeBlock()
{
    ModelBlock block{FreshHash(), {MakeTx(true)}};
    std::vector<TxRef> candidates;
    if (m_pick(3) == 0) candidates.push_back(MakeTx(false));
    for (const auto& txid : m_model.pool)
        candidates.push_back(m_made.at(txid));
    for (const auto& [txid, entry] : m_model.known) {
        if (!entry.generated && m_model.HeightOf(txid) < 0 && m_pick(6) == 0) candidates.push_back(entry.tx);
    }
    for (int round = 0; round < 2; ++round) { // children may stand before their parents
        for (const auto& tx : candidates) {
            const bool in = std::find(block.txs.begin(), block.txs.end(), tx) != block.txs.end();
            if (!in && m_pick(2) == 0 && CanSpend(tx, false, block.txs)) block.txs.push_back(tx);
        }
    }
    return block;
}

LedgerSim::Txids LedgerSim::PoolConflicts(const TxRef& tx) const
{
    Txids out;
    const auto wanted = LedgerModel::SpentBy(*tx);
    for (const auto& txid : m_model.pool) {
        if (txid == tx->Txid()) continue;
        for (const auto& outpoint : LedgerModel::SpentBy(*m_made.at(txid))) {
            if (wanted.contains(outpoint)) out.insert(txid);
        }
    }
    return out;
}

/// With everything in the pool that builds on them.
LedgerSim::Txids LedgerSim::WithDescendants(Txids txids) const
{
    for (size_t before = txids.size() + 1; before != txids.size();) {
        before = txids.size();
        for (const auto& txid : m_model.pool) {
            for (const auto& outpoint : LedgerModel::SpentBy(*m_made.at(txid))) {
                if (txids.contains(outpoint.txid)) txids.insert(txid);
            }
        }
    }
    return txids;
}

LedgerSim::Txids LedgerSim::PoolWithoutParents() const
{
    Txids out;
    for (const auto& txid : m_model.pool) {
        if (!CanSpend(m_made.at(txid), true, {})) out.insert(txid);
    }
    return out;
}

} // namespace emc::test
