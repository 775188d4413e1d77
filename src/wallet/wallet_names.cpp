/// Name operations of a wallet.
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "consensus/params.h"
#include "enum/number.h"
#include "enum/record.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "names/transition.h"
#include "reward/batch.h"
#include "reward/call_mail.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>
#include <unordered_map>

namespace emc::wallet {

namespace {

using base::Format;
using interfaces::NameInfo;
using interfaces::OwnName;
using interfaces::PendingName;
using names::OpKind;

/// Committed names as the rules want them.
class CommittedNames final : public names::NameView
{
public:
    explicit CommittedNames(const interfaces::NameReader& reader) : m_reader(reader) {}

    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override
    {
        auto info = m_reader.Find(name);
        if (!info) return std::nullopt;
        return std::move(info->record);
    }

private:
    const interfaces::NameReader& m_reader;
};

base::Unexpected<Failure> FailWith(const names::NameFailure& failure)
{
    std::string message =
        std::string(names::RuleId(failure.error)) + ": " + std::string(names::Text(failure.error));
    if (!failure.detail.empty()) message += " (" + failure.detail + ")";
    return wallet::FailWith(CODE_INTERNAL, std::move(message));
}

/// What needs no state, in the words of name_new and its family.
Result<void> CheckShape(const WalletApi::NameChange& change)
{
    if (change.name.empty() || change.name.size() > names::MAX_NAME_BYTES) {
        return wallet::FailWith(CODE_INTERNAL, "name is too long or empty: 1 to 512 bytes");
    }
    if (change.value.size() > names::MAX_VALUE_BYTES) {
        return wallet::FailWith(CODE_INTERNAL, "value is too long: at most 20480 bytes");
    }
    if (change.kind == OpKind::New && change.days < 1) {
        return wallet::FailWith(CODE_INTERNAL, "rental days must be greater than 0");
    }
    if (change.days < 0) return wallet::FailWith(CODE_INTERNAL, "rental days must be greater or equal 0");
    if (change.days > names::MAX_DAYS) {
        return wallet::FailWith(CODE_INTERNAL, "rental days value is too large: at most 36500");
    }
    return {};
}

/// Takes out the SIG lines that stand in the old value, too: they name its owner and end with the transfer.
size_t DropOldSignatures(Bytes& value, const Bytes& old_value)
{
    const auto lines_of = [](ByteSpan text) {
        std::vector<std::string> out(1);
        for (const uint8_t byte : text) {
            if (byte == '\n') {
                out.emplace_back();
            } else {
                out.back().push_back(static_cast<char>(byte));
            }
        }
        return out;
    };
    const auto old_lines = lines_of(old_value);
    const auto is_old = [&old_lines](const std::string& line) {
        return line.starts_with("SIG=") &&
               std::find(old_lines.begin(), old_lines.end(), line) != old_lines.end();
    };
    auto lines = lines_of(value);
    const size_t dropped = std::erase_if(lines, is_old);
    if (dropped == 0) return 0;
    value.clear();
    for (size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) value.push_back('\n');
        value.insert(value.end(), lines[i].begin(), lines[i].end());
    }
    return dropped;
}

} // namespace

Result<Bytes> Wallet::OwnerFor(const NameChange& change, const std::optional<NameInfo>& current, bool preview)
{
    if (change.to_address == "legacy") return FreshScript(AddressType::Legacy, false, preview);
    if (!change.to_address.empty()) {
        auto script = script::DecodeAddress(m_params.addresses, change.to_address);
        if (!script) return wallet::FailWith(CODE_ADDRESS, "emercoin address is invalid: " + script.Error());
        return std::move(*script);
    }
    if (change.kind == OpKind::New || !current) return FreshScript(AddressType::Bech32, false, preview);
    return current->record.owner_script;
}

Result<void> Wallet::DraftOne(const NameChange& change, const std::optional<NameInfo>& current, Draft& draft)
{
    // As the first block will see it that can hold the operation.
    const bool live = current && current->record.LiveAt(m_deps.chain.GetTip().height + 1);
    if (change.kind == OpKind::New && live)
        return wallet::FailWith(CODE_INTERNAL, "name_new on an unexpired name");
    if (change.kind != OpKind::New) {
        const std::string op(names::OpName(change.kind));
        if (!live) {
            return wallet::FailWith(CODE_INTERNAL, op + " on an inactive name: " + change.name +
                                                       (current ? " has expired" : " is not registered") +
                                                       "; name_new registers it");
        }
        const auto* coin = m_book->ledger.Coin(current->record.outpoint);
        if (coin == nullptr || coin->kind == CoinKind::None) {
            return wallet::FailWith(CODE_INTERNAL, "prev name tx is not yours or is not spendable");
        }
        primitives::TxIn input;
        input.prevout = current->record.outpoint;
        draft.tx.inputs.push_back(std::move(input));
        draft.spent.push_back(coin->out);
    }
    auto owner = OwnerFor(change, current, draft.preview);
    if (!owner) return base::Unexpected(owner.Error());
    names::NameOp op;
    op.kind = change.kind;
    op.name = change.name;
    op.owner_script = std::move(*owner);
    if (change.kind != OpKind::Delete) {
        op.days = change.days;
        op.value = change.value;
    }
    if (change.kind == OpKind::Update && op.owner_script != current->record.owner_script) {
        if (const size_t dropped = DropOldSignatures(op.value, current->record.value); dropped > 0) {
            draft.dropped_signatures += dropped;
            EMC_LOG(m_deps.log, Info, Wallet,
                    "%zu signatures of verifiers for the old owner of %s are left out", dropped,
                    change.name.c_str());
        }
    }
    if (!names::IsOwnerScript(op.owner_script)) {
        return wallet::FailWith(CODE_ADDRESS, "An address of this kind cannot own a name");
    }
    draft.burned += names::NameFee(op);
    draft.tx.outputs.push_back({m_options.name_amount, names::WriteNameScript(op)});
    return {};
}

Result<Wallet::Draft> Wallet::DraftNames(const std::vector<NameChange>& changes, bool preview)
{
    Draft draft;
    draft.preview = preview;
    draft.tx.version = primitives::NAME_TX_VERSION;
    draft.purpose = base::CountText(changes.size(), "name operation");
    std::set<std::string> seen;
    for (const auto& change : changes) {
        if (auto shape = CheckShape(change); !shape) return base::Unexpected(shape.Error());
        if (!seen.insert(change.name).second)
            return wallet::FailWith(CODE_INTERNAL, "Name duplicate is not allowed");
        if (const auto pending = m_deps.pool.PendingNameOf(change.name)) {
            return wallet::FailWith(CODE_INTERNAL, "there are 1 pending operations on that name, including " +
                                                       base::ReversedHex(pending->txid));
        }
        if (auto done = DraftOne(change, m_deps.names.Find(change.name), draft); !done) {
            return base::Unexpected(done.Error());
        }
    }
    if (auto checked = CheckNames(draft.tx); !checked) return base::Unexpected(checked.Error());
    return draft;
}

/// The rules of names, enum: and ver: run before anything is paid or sent.
Result<void> Wallet::CheckNames(const primitives::MutableTransaction& fields) const
{
    auto with_input = fields;
    if (with_input.inputs.empty()) { // a NEW has its inputs chosen later
        with_input.inputs.resize(1);
        with_input.inputs[0].prevout.index = 0;
    }
    const primitives::Transaction tx(std::move(with_input));
    auto ops = names::CheckNameOutputs(tx);
    if (!ops) return FailWith(ops.Error());
    const CommittedNames view(m_deps.names);
    names::NameContext context;
    context.height = m_deps.chain.GetTip().height + 1;
    context.view = &view;
    context.addresses = &m_params.addresses;
    std::vector<names::SpentName> spent;
    for (const auto& op : *ops) {
        const auto current = view.Get(op.op.name);
        for (size_t i = 0; i < tx.Inputs().size(); ++i) {
            if (current && current->outpoint == tx.Inputs()[i].prevout) spent.push_back({i, op.op.name});
        }
    }
    const auto deltas = names::CheckTransition(tx, *ops, spent, context);
    if (!deltas) return FailWith(deltas.Error());
    return {};
}

Result<Hash256> Wallet::ChangeNames(const std::vector<NameChange>& changes)
{
    Sync();
    return SendNames(changes);
}

Result<Hash256> Wallet::SendNames(const std::vector<NameChange>& changes)
{
    Result<Built> built = wallet::FailWith(CODE_MISC, "");
    {
        const base::LockGuard lock(m_mutex);
        auto draft = DraftNames(changes, false);
        if (!draft) return base::Unexpected(draft.Error());
        built = Build(std::move(*draft), {});
    }
    if (!built) return base::Unexpected(built.Error());
    return Broadcast(*built);
}

Result<WalletApi::NamePreview> Wallet::PreviewNames(const std::vector<NameChange>& changes)
{
    Sync();
    const base::LockGuard lock(m_mutex);
    auto draft = DraftNames(changes, true);
    if (!draft) return base::Unexpected(draft.Error());
    NamePreview out;
    out.burned = draft->burned;
    out.dropped_signatures = draft->dropped_signatures;
    draft->fee_rate_per_kvb = FeeRate({});
    const auto fee = Fund(*draft);
    if (!fee) return base::Unexpected(fee.Error());
    out.network_fee = *fee;
    const int32_t height = m_deps.chain.GetTip().height + 1;
    for (const auto& change : changes) {
        const auto current = m_deps.names.Find(change.name);
        const int32_t from = change.kind == OpKind::Update && current ? current->record.expiry : height;
        const auto days = static_cast<int32_t>(change.days);
        if (change.kind != OpKind::Delete) out.expiry = from + days * names::BLOCKS_PER_DAY;
    }
    return out;
}

namespace {

/// Of a name that is not committed yet nothing of this is known: it has no expiry.
bool FitsTime(const WalletApi::NameQuery& query, int32_t expiry, bool live)
{
    const bool committed = expiry != 0;
    if (query.mine_only && committed && !live) return false;
    return !query.expires_by || (committed && live && expiry <= *query.expires_by);
}

/// Finds by a view without a copy.
struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
};

} // namespace

struct Wallet::NameWalk {
    /// Names told of at a time: what is used again should stay in the processor's cache.
    static constexpr size_t BATCH = 128;

    struct Row {
        OwnName own;
        bool ask = false; ///< only the chain can tell of it
    };

    const NameQuery& query;
    PendingByName pending = {};
    std::string from = {};      ///< the next name to look at
    size_t left = 0;            ///< to be told of at most
    bool end = false;           ///< there are no more
    std::vector<Row> rows = {}; ///< used again for each batch
    size_t used = 0;            ///< of these
    std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> addresses = {}; ///< by script

    /// Not yet behind what is asked for.
    [[nodiscard]] bool Before(std::string_view name) const
    {
        if (!query.exact.empty()) return name == query.exact;
        return name.compare(0, query.prefix.size(), query.prefix) <= 0;
    }

    [[nodiscard]] bool Begins(std::string_view name) const { return name.starts_with(query.prefix); }

    [[nodiscard]] bool Full() const { return used >= std::min(left, BATCH); }

    /// Encoding one takes longer than the rest of a name, and many names lie on one address.
    const std::string& AddressOf(const Bytes& script, const script::AddressParams& params)
    {
        auto it = addresses.find(base::AsText(script));
        if (it == addresses.end()) {
            it = addresses.emplace(base::ToText(script), script::EncodeAddress(params, script).value_or(""))
                     .first;
        }
        return it->second;
    }

    OwnName& Add()
    {
        if (used == rows.size()) rows.emplace_back();
        rows[used].ask = false;
        return rows[used++].own;
    }

    void AddUnknown(std::string_view name, const PendingName* operation)
    {
        auto& own = Add();
        own = OwnName{};
        own.info.name = name;
        if (operation != nullptr) own.pending = std::make_shared<PendingName>(*operation);
        rows[used - 1].ask = true;
    }

    /// What the wallet knows of a name that lies in one of its coins.
    OwnName& AddHeld(const Ledger::HeldName& held, bool live, const script::AddressParams& params)
    {
        auto parsed = names::ParseNameOutput(held.script);
        EMC_CHECK(parsed && parsed->op); // it is held under the name read from there
        auto& own = Add();
        own.info.name = std::move(parsed->op->name);
        auto& record = own.info.record;
        record.outpoint = *held.outpoint;
        record.value = std::move(parsed->op->value);
        record.owner_script = std::move(parsed->op->owner_script);
        record.born_height = 0;
        record.updated_height = held.coin->height;
        record.expiry = held.coin->live_until;
        own.info.live = live;
        own.mine = true;
        own.address = AddressOf(record.owner_script, params);
        own.pending.reset();
        return own;
    }
};

void Wallet::OwnNames(NameWalk& walk) const
{
    auto next = walk.pending.lower_bound(walk.from);
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    const int32_t tip = book.ledger.TipHeight();
    // Operations on names that no coin of this wallet holds yet, or not any more.
    const auto add_pending = [&](const std::string_view* up_to) {
        for (; next != walk.pending.end() && walk.Before(next->first) && !walk.Full(); ++next) {
            if (up_to != nullptr && next->first >= *up_to) return;
            if (book.OwnerOf(next->second->op.owner_script) != Owner::Others)
                walk.AddUnknown(next->first, next->second);
        }
    };
    book.ledger.ForEachName(walk.from, [&](const Ledger::HeldName& held) {
        if (!walk.Before(held.name)) return false;
        add_pending(&held.name);
        if (walk.Full()) return false;
        const PendingName* operation = nullptr;
        if (next != walk.pending.end() && next->first == held.name) {
            operation = next->second;
            ++next;
        }
        if (held.coin == nullptr) {
            walk.AddUnknown(held.name, operation);
            return !walk.Full();
        }
        const int32_t expiry = held.coin->live_until;
        const bool live = tip <= expiry;
        if (!walk.Begins(held.name) || !FitsTime(walk.query, expiry, live)) return true;
        auto& own = walk.AddHeld(held, live, m_params.addresses);
        if (operation != nullptr) own.pending = std::make_shared<PendingName>(*operation);
        return !walk.Full();
    });
    add_pending(nullptr);
    walk.end = !walk.Full() || !walk.query.exact.empty();
    if (walk.used > 0) walk.from = walk.rows[walk.used - 1].own.info.name + '\0'; // the very next name
}

bool Wallet::AskChain(OwnName& own, const NameQuery& query) const
{
    auto info = m_deps.names.Find(own.info.name);
    if (!info && !own.pending) return false; // it was deleted
    if (info) own.info = std::move(*info);
    const auto& record = own.info.record;
    const Bytes& owner = record.expiry != 0 ? record.owner_script : own.pending->op.owner_script;
    own.mine = IsMine(owner);
    own.address = AddressOf(owner);
    if (query.mine_only && !own.mine) return false;
    return std::string_view(own.info.name).starts_with(query.prefix) &&
           FitsTime(query, record.expiry, own.info.live);
}

void Wallet::ForEachName(const NameQuery& query, const std::function<void(const OwnName&)>& visit) const
{
    const auto operations = m_deps.pool.PendingNames();
    NameWalk walk{query};
    for (const auto& op : operations)
        walk.pending.emplace(op.op.name, &op);
    walk.from = !query.exact.empty() ? query.exact : std::max(query.from, query.prefix);
    walk.left = query.count;
    while (!walk.end && walk.left > 0) {
        walk.used = 0;
        OwnNames(walk);
        for (size_t i = 0; i < walk.used; ++i) {
            auto& row = walk.rows[i];
            if (row.ask && !AskChain(row.own, query)) continue;
            visit(row.own);
            --walk.left;
        }
    }
}

std::vector<OwnName> Wallet::ListNames(const NameQuery& query) const
{
    std::vector<OwnName> out;
    ForEachName(query, [&out](const OwnName& own) { out.push_back(own); });
    return out;
}

Result<std::string> Wallet::SignEnum(const std::string& verifier, const std::string& number,
                                     const std::string& owner_address, uint32_t expiry)
{
    if (!enumrec::IsVerifierName(verifier)) {
        return wallet::FailWith(CODE_PARAMETER, "'" + verifier + "' is no verifier name like ver:example");
    }
    const auto parsed = enumrec::Number::FromHuman(number);
    if (!parsed)
        return wallet::FailWith(CODE_PARAMETER, "'" + number + "' is no telephone number with country code");
    const auto owner = script::DecodeAddress(m_params.addresses, owner_address);
    if (!owner) return wallet::FailWith(CODE_ADDRESS, "Invalid owner address: " + owner.Error());
    const auto info = m_deps.names.Find(verifier);
    if (!info || !info->live)
        return wallet::FailWith(CODE_WALLET, verifier + " is not registered or has expired");
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto key = m_book->keys.KeyOfScript(info->record.owner_script);
    if (!key) return wallet::FailWith(CODE_WALLET, verifier + " is not owned by this wallet");
    const std::string address = AddressOf(*owner); // as this network writes it
    const std::string text = enumrec::SignatureText(*parsed, address, expiry);
    enumrec::Sig sig;
    sig.verifier = verifier;
    sig.signature = key->SignCompact(script::MessageDigest(text));
    sig.expiry = expiry;
    return enumrec::PrintLine(sig);
}

Result<crypto::PrivateKey> Wallet::OwnerKey(ByteSpan owner_script) const
{
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    auto key = m_book->keys.KeyOfScript(owner_script);
    if (!key) return wallet::FailWith(CODE_WALLET, "The key of the number's owner is not in this wallet");
    return std::move(*key);
}

Result<Bytes> Wallet::SignCallBatch(const reward::CallBatch& batch, ByteSpan owner_script)
{
    const base::LockGuard lock(m_mutex);
    const auto key = OwnerKey(owner_script);
    if (!key) return base::Unexpected(key.Error());
    const auto signature = key->SignCompact(reward::BatchDigest(m_params.genesis_hash, batch));
    return Bytes(signature.begin(), signature.end());
}

Result<Bytes> Wallet::SignCallMail(const reward::CallMail& mail, ByteSpan owner_script)
{
    const base::LockGuard lock(m_mutex);
    const auto key = OwnerKey(owner_script);
    if (!key) return base::Unexpected(key.Error());
    const auto signature = key->SignCompact(reward::MailDigest(m_params.genesis_hash, mail));
    return Bytes(signature.begin(), signature.end());
}

Result<Hash256> Wallet::CallSecret(const crypto::PublicKey& key, ByteSpan owner_script)
{
    const base::LockGuard lock(m_mutex);
    const auto own = OwnerKey(owner_script);
    if (!own) return base::Unexpected(own.Error());
    const auto secret = own->Ecdh(key);
    if (!secret) return wallet::FailWith(CODE_PARAMETER, "The letter's key is not on the curve");
    return *secret;
}

} // namespace emc::wallet
