#include "calls/letters.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "calls/batches.h"
#include "consensus/params.h"
#include "enum/number.h"
#include "interfaces/call_post.h"
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "reward/claim.h"
#include "script/solver.h"

#include <algorithm>
#include <map>

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::Failure;
using interfaces::WalletApi;
using reward::BatchParty;
using reward::CallMail;
using reward::MailKind;

namespace {

constexpr int CODE_NOT_CONNECTED = -9;
constexpr int64_t LETTER_LIFE_SEC = 1'800;
constexpr size_t MAX_HELLOS = 20;
constexpr size_t MAX_KNOWN_KEYS = 10'000;

/// Is it the key behind this owner script?
bool Owns(const crypto::PublicKey& key, base::ByteSpan owner_script)
{
    const auto solved = script::Solve(owner_script);
    if (solved.parts.empty() || !reward::MayOwnBatch(owner_script)) return false;
    const auto id = key.Id();
    return std::equal(id.begin(), id.end(), solved.parts[0].begin(), solved.parts[0].end());
}

} // namespace

struct Letters::Impl {
    const Exchange::Own own;
    const BatchDeps rooms;
    const ExchangeDeps deps;
    base::Mutex<base::LockRank::Leaf> mutex;

    struct Heard {
        crypto::PublicKey key;
        int64_t at = 0; ///< unix seconds
    };

    std::map<BatchParty, Heard> owners EMC_GUARDED_BY(mutex); ///< that were heard from

    Impl(const Exchange::Own& mine, const BatchDeps& r, const ExchangeDeps& d) : own(mine), rooms(r), deps(d)
    {}
};

Letters::Letters(const Exchange::Own& own, const BatchDeps& rooms, const ExchangeDeps& deps)
    : m_impl(std::make_unique<Impl>(own, rooms, deps))
{}

Letters::~Letters() = default;

bool Letters::Hear(const CallMail& mail)
{
    const auto digest = reward::MailDigest(m_impl->rooms.chain.Params().genesis_hash, mail);
    const auto key = crypto::RecoverCompact(digest, mail.signature);
    const base::LockGuard lock(m_impl->mutex);
    auto& owners = m_impl->owners;
    if (!key || (!owners.contains(mail.from) && owners.size() >= MAX_KNOWN_KEYS)) return false;
    return owners.insert_or_assign(mail.from, Impl::Heard{*key, m_impl->rooms.clock.NowSec()}).second;
}

std::optional<int64_t> Letters::HeardAt(const BatchParty& party) const
{
    const base::LockGuard lock(m_impl->mutex);
    const auto found = m_impl->owners.find(party);
    return found == m_impl->owners.end() ? std::nullopt : std::optional(found->second.at);
}

std::shared_ptr<WalletApi> Letters::WalletOf(const BatchParty& party) const
{
    const auto info = m_impl->rooms.names.Find(party.Name());
    if (!info || !info->live) return nullptr;
    for (auto& wallet : m_impl->deps.wallets.Loaded()) {
        if (wallet->IsMine(info->record.owner_script)) return wallet;
    }
    return nullptr;
}

Letters::Result<CallMail> Letters::Signed(CallMail mail, WalletApi& wallet) const
{
    const auto info = m_impl->rooms.names.Find(mail.from.Name());
    if (!info || !info->live) return Wrong(mail.from.Name() + " is not registered, or has expired");
    const auto signature = wallet.SignCallMail(mail, info->record.owner_script);
    if (!signature) return base::Unexpected(signature.Error());
    std::copy_n(signature->begin(), std::min(signature->size(), mail.signature.size()),
                mail.signature.begin());
    return mail;
}

Letters::Result<void> Letters::Send(const BatchParty& from, const BatchParty& to, base::ByteSpan content)
{
    if (content.size() > reward::MAX_LETTER_BYTES)
        return Wrong(
            "the batch is too large for a letter: choose a shorter period, or hand it over as a file");
    std::optional<crypto::PublicKey> key;
    {
        const base::LockGuard lock(m_impl->mutex);
        if (const auto found = m_impl->owners.find(to); found != m_impl->owners.end())
            key = found->second.key;
    }
    const auto info = m_impl->rooms.names.Find(to.Name());
    if (!key || !info || !Owns(*key, info->record.owner_script)) {
        return Wrong(
            "the owner of " + to.Name() +
            " has not been heard from: its node says hello every 20 minutes while it runs with -calls "
            "and its wallet is open");
    }
    const auto wallet = WalletOf(from);
    if (!wallet) return base::Unexpected(Failure{CODE_WALLET, from.Name() + " is no wallet's here"});
    CallMail mail;
    mail.kind = MailKind::Letter;
    mail.from = from;
    mail.to = to;
    mail.expiry = static_cast<uint32_t>(m_impl->rooms.clock.NowSec() + LETTER_LIFE_SEC);
    mail.body = reward::SealLetter(*key, content, m_impl->deps.random);
    const auto signed_mail = Signed(std::move(mail), *wallet);
    if (!signed_mail) return base::Unexpected(signed_mail.Error());
    if (m_impl->deps.post.Post(*signed_mail) == 0)
        return base::Unexpected(Failure{CODE_NOT_CONNECTED, "no peer is connected that carries letters"});
    return {};
}

Letters::Result<BatchInfo> Letters::SendBatch(const Hash256& id)
{
    const auto info = m_impl->own.batches.Find(id);
    if (!info) return base::Unexpected(info.Error());
    const auto file = m_impl->own.batches.File(id);
    if (!file) return base::Unexpected(file.Error());
    const auto& [caller, callee] = info->batch.pair;
    const bool is_caller = WalletOf(caller) != nullptr;
    base::Bytes content{LETTER_BATCH};
    content.insert(content.end(), file->begin(), file->end());
    const auto sent = Send(is_caller ? caller : callee, is_caller ? callee : caller, content);
    if (!sent && sent.Error().code == CODE_WALLET)
        return base::Unexpected(sent.Error()); // whose it is, is not known
    const auto noted = m_impl->own.store.Change(id, [&](BatchRow& row) {
        if (row.asked == 0) row.asked = m_impl->rooms.clock.NowSec();
        row.asked_caller = !is_caller;
        row.handed_over = row.handed_over || sent;
    });
    if (!noted) return Failed(noted.Error());
    if (!sent) return base::Unexpected(sent.Error());
    return m_impl->own.batches.Find(id);
}

void Letters::HandOver(const BatchInfo& info)
{
    if (const auto sent = SendBatch(info.id); !sent) {
        EMC_LOG(m_impl->rooms.log, Info, Calls, "batch %s was not sent: %s",
                base::Hex(info.id.Span()).c_str(), sent.Error().message.c_str());
    }
}

std::vector<BatchParty> Letters::OwnNumbers(const WalletApi& wallet) const
{
    std::vector<BatchParty> out;
    WalletApi::NameQuery query;
    query.prefix = "enum:";
    query.mine_only = true;
    for (const auto& own : wallet.ListNames(query)) {
        const auto name = enumrec::ParseRecordName(own.info.name);
        if (!name || !name->number || !own.info.live || own.pending) continue;
        CallFilter filter;
        filter.number = name->number->Value();
        bool any = false;
        const auto read = m_impl->own.calls.Read(filter, [&](const reward::CallRecord&) {
            any = true;
            return false;
        });
        if (!read || !any) continue;
        out.push_back({filter.number, static_cast<uint16_t>(name->slot)});
        if (out.size() == MAX_HELLOS) break;
    }
    return out;
}

bool Letters::SayHello()
{
    size_t heard = 0;
    for (const auto& wallet : m_impl->deps.wallets.Loaded()) {
        for (const BatchParty& own : OwnNumbers(*wallet)) {
            CallMail mail;
            mail.from = own;
            mail.body.resize(reward::HELLO_BYTES); // or nodes would take the next one for this one
            m_impl->deps.random.Fill(mail.body);
            mail.expiry = static_cast<uint32_t>(m_impl->rooms.clock.NowSec() + LETTER_LIFE_SEC);
            const auto hello = Signed(std::move(mail), *wallet);
            if (hello) heard += m_impl->deps.post.Post(*hello); // a locked wallet says nothing
        }
    }
    return heard > 0;
}

} // namespace emc::calls
