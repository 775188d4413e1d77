#include "calls/exchange.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "calls/automatic.h"
#include "calls/batches.h"
#include "consensus/params.h"
#include "enum/number.h"
#include "interfaces/call_post.h"
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "reward/claim.h"
#include "script/solver.h"

#include <algorithm>
#include <deque>
#include <map>

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::BatchState;
using interfaces::Failure;
using interfaces::WalletApi;
using reward::BatchParty;
using reward::CallMail;
using reward::MailKind;

namespace {

constexpr int CODE_NOT_CONNECTED = -9;
constexpr uint8_t LETTER_BATCH = 1;
constexpr uint8_t LETTER_REFUSAL = 2;
constexpr size_t MAX_REFUSAL_BYTES = 400;
constexpr int64_t LETTER_LIFE_SEC = 1'800;
constexpr int64_t HELLO_EVERY_SEC = 1'200;
constexpr int64_t GREET_EVERY_SEC = 10;
/// Until somebody has heard the first hello.
constexpr int64_t HELLO_AGAIN_SEC = 5;
constexpr size_t MAX_HELLOS = 20;
constexpr int64_t WAIT_MS = 1'000;
/// A letter holds so many calls at most, whatever their Call-IDs.
constexpr size_t MAX_LETTER_CALLS = 600;
/// Withheld calls of a batch that the log names.
constexpr size_t MAX_NAMED_CALLS = 10;

/// Is it the key behind this owner script?
bool Owns(const crypto::PublicKey& key, base::ByteSpan owner_script)
{
    const auto solved = script::Solve(owner_script);
    if (solved.parts.empty() || !reward::MayOwnBatch(owner_script)) return false;
    const auto id = key.Id();
    return std::equal(id.begin(), id.end(), solved.parts[0].begin(), solved.parts[0].end());
}

/// A refusal may be shown anywhere.
bool IsShown(base::ByteSpan text)
{
    return std::all_of(text.begin(), text.end(), [](uint8_t c) { return c >= 0x20 && c <= 0x7e; });
}

} // namespace

struct Exchange::Impl {
    struct Arrived {
        CallMail mail;
        std::string peer;

        /// A batch in it, for the log.
        [[nodiscard]] std::string Of(const BatchInfo& info) const
        {
            return "batch " + base::Hex(info.id.Span()) + " of " + mail.from.Name() + " from peer " + peer;
        }
    };

    Impl(const Own& own, const BatchDeps& r, const ExchangeDeps& d)
        : calls(own.calls), store(own.store), batches(own.batches), settings(own.settings), rooms(r), deps(d)
    {}

    // Message thread:
    void Arrive(const CallMail& mail, const std::string& peer);

    // The thread "callmail":
    void Loop();
    void Read(const Arrived& arrived);
    void ReadBatch(const Arrived& arrived, base::ByteSpan bytes);
    void ReadRefusal(const Arrived& arrived, base::ByteSpan bytes);
    [[nodiscard]] std::string NotKept(const reward::CallBatch& batch) const;
    [[nodiscard]] std::string TooDifferent(const BatchInfo& info, const Arrived& arrived);
    void RefuseFor(const BatchInfo& info, const std::string& why, const Arrived& arrived);
    void Answer(const BatchInfo& info, const Arrived& arrived);
    void AnswerAgain(const BatchInfo& info, const Arrived& arrived);
    void Decline(const Hash256& id, const std::string& why, const Arrived& arrived);
    [[nodiscard]] std::vector<BatchParty> OwnNumbers(const WalletApi& wallet) const;
    /// False when nobody heard it.
    bool SayHello();
    void DoWhatIsDue();
    void MakeBatches(const BatchParty& own, const WalletApi& wallet, const std::vector<BatchInfo>& known);
    void MakeBatch(const BatchParty& own, const CallTotals& sum, const WalletApi& wallet);
    void HandOver(const BatchInfo& info);
    void ClaimOne(const BatchInfo& info);

    // Any thread:
    [[nodiscard]] std::shared_ptr<WalletApi> WalletOf(const BatchParty& party) const;
    [[nodiscard]] Batches::Result<CallMail> Signed(CallMail mail, WalletApi& wallet) const;
    [[nodiscard]] Batches::Result<void> SendLetter(const BatchParty& from, const BatchParty& to,
                                                   base::ByteSpan content);
    [[nodiscard]] Batches::Result<BatchInfo> Send(const Hash256& id);

    CallStore& calls;
    BatchStore& store;
    Batches& batches;
    const AutomaticSettings& settings;
    const BatchDeps rooms;
    const ExchangeDeps deps;
    interfaces::AutomaticMode mode; ///< of the look that is taken; the thread's

    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    std::deque<Arrived> letters EMC_GUARDED_BY(mutex);
    std::map<BatchParty, crypto::PublicKey> keys EMC_GUARDED_BY(mutex); ///< of the owners heard from
    bool greet EMC_GUARDED_BY(mutex) = false;                           ///< somebody new was heard from
    bool stop EMC_GUARDED_BY(mutex) = false;
    base::Thread thread;
};

void Exchange::Impl::Arrive(const CallMail& mail, const std::string& peer)
{
    const auto digest = reward::MailDigest(rooms.chain.Params().genesis_hash, mail);
    const auto key = crypto::RecoverCompact(digest, mail.signature);
    const base::LockGuard lock(mutex);
    if (key && (keys.contains(mail.from) || keys.size() < MAX_KNOWN_KEYS)) {
        const auto [entry, is_new] = keys.insert_or_assign(mail.from, *key);
        if (is_new) { // it may not know of us either
            greet = true;
            changed.NotifyAll();
        }
    }
    if (mail.kind != MailKind::Letter) return;
    if (letters.size() >= MAX_WAITING_LETTERS) {
        EMC_LOG(rooms.log, Warning, Calls, "a letter of %s from peer %s is dropped: %zu others wait",
                mail.from.Name().c_str(), peer.c_str(), letters.size());
        return;
    }
    letters.push_back({mail, peer});
    changed.NotifyAll();
}

std::shared_ptr<WalletApi> Exchange::Impl::WalletOf(const BatchParty& party) const
{
    const auto info = rooms.names.Find(party.Name());
    if (!info || !info->live) return nullptr;
    for (auto& wallet : deps.wallets.Loaded()) {
        if (wallet->IsMine(info->record.owner_script)) return wallet;
    }
    return nullptr;
}

Batches::Result<CallMail> Exchange::Impl::Signed(CallMail mail, WalletApi& wallet) const
{
    const auto info = rooms.names.Find(mail.from.Name());
    if (!info || !info->live) return Wrong(mail.from.Name() + " is not registered, or has expired");
    const auto signature = wallet.SignCallMail(mail, info->record.owner_script);
    if (!signature) return base::Unexpected(signature.Error());
    std::copy_n(signature->begin(), std::min(signature->size(), mail.signature.size()),
                mail.signature.begin());
    return mail;
}

Batches::Result<void> Exchange::Impl::SendLetter(const BatchParty& from, const BatchParty& to,
                                                 base::ByteSpan content)
{
    if (content.size() > reward::MAX_LETTER_BYTES)
        return Wrong(
            "the batch is too large for a letter: choose a shorter period, or hand it over as a file");
    std::optional<crypto::PublicKey> key;
    {
        const base::LockGuard lock(mutex);
        if (const auto found = keys.find(to); found != keys.end()) key = found->second;
    }
    const auto info = rooms.names.Find(to.Name());
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
    mail.expiry = static_cast<uint32_t>(rooms.clock.NowSec() + LETTER_LIFE_SEC);
    mail.body = reward::SealLetter(*key, content, deps.random);
    const auto signed_mail = Signed(std::move(mail), *wallet);
    if (!signed_mail) return base::Unexpected(signed_mail.Error());
    if (deps.post.Post(*signed_mail) == 0)
        return base::Unexpected(Failure{CODE_NOT_CONNECTED, "no peer is connected that carries letters"});
    return {};
}

Batches::Result<BatchInfo> Exchange::Impl::Send(const Hash256& id)
{
    const auto info = batches.Find(id);
    if (!info) return base::Unexpected(info.Error());
    const auto file = batches.File(id);
    if (!file) return base::Unexpected(file.Error());
    const auto& [caller, callee] = info->batch.pair;
    const bool is_caller = WalletOf(caller) != nullptr;
    base::Bytes content{LETTER_BATCH};
    content.insert(content.end(), file->begin(), file->end());
    const auto sent = SendLetter(is_caller ? caller : callee, is_caller ? callee : caller, content);
    if (!sent) return base::Unexpected(sent.Error());
    const auto noted = store.Change(id, [](BatchRow& row) { row.handed_over = true; });
    if (!noted) return Failed(noted.Error());
    return batches.Find(id);
}

void Exchange::Impl::Read(const Arrived& arrived)
{
    const auto& mail = arrived.mail;
    const auto wallet = WalletOf(mail.to);
    if (!wallet) return; // for somebody else
    const auto info = rooms.names.Find(mail.to.Name());
    const auto key = reward::LetterKey(mail.body);
    std::string flaw = "its key is none";
    std::optional<base::Bytes> content;
    if (info && key) {
        const auto secret = wallet->CallSecret(*key, info->record.owner_script);
        if (secret) content = reward::OpenLetter(*secret, mail.body);
        flaw = secret ? "it was sealed for another key" : secret.Error().message;
    }
    if (content && !content->empty() && content->front() == LETTER_BATCH)
        return ReadBatch(arrived, base::ByteSpan(*content).subspan(1));
    if (content && !content->empty() && content->front() == LETTER_REFUSAL)
        return ReadRefusal(arrived, base::ByteSpan(*content).subspan(1));
    if (content) flaw = "it holds neither a batch nor a refusal";
    EMC_LOG(rooms.log, Warning, Calls, "a letter of %s to %s, from peer %s, is not read: %s",
            mail.from.Name().c_str(), mail.to.Name().c_str(), arrived.peer.c_str(), flaw.c_str());
}

/// Why a batch that is new here is not kept; empty: it is. Without an own call there is nothing to compare,
/// and strangers could fill the store with invented ones.
std::string Exchange::Impl::NotKept(const reward::CallBatch& batch) const
{
    const auto any = batches.KnowsCalls(batch);
    if (!any) return any.Error().message;
    if (!*any) return "none of its calls is known here";
    const int64_t oldest = rooms.chain.GetTip().median_time - reward::MAX_PERIOD_AGE_SEC;
    const auto waiting = store.Waiting(batch.pair, oldest);
    if (!waiting) return storage::Describe(waiting.Error());
    if (waiting->of_pair < MAX_OPEN_BATCHES && waiting->all < MAX_ALL_OPEN_BATCHES) return {};
    return "too many others wait to be looked at";
}

void Exchange::Impl::ReadBatch(const Arrived& arrived, base::ByteSpan bytes)
{
    const auto& mail = arrived.mail;
    const auto report = [&](const std::string& what) {
        EMC_LOG(rooms.log, Warning, Calls, "a batch of %s from peer %s: %s", mail.from.Name().c_str(),
                arrived.peer.c_str(), what.c_str());
    };
    const auto file = reward::ParseBatchFile(bytes);
    if (!file) return report("this is no batch: " + std::string(reward::Text(file.Error())));
    const auto& pair = file->batch.pair;
    const bool from_caller = pair.caller == mail.from && pair.callee == mail.to;
    const bool from_callee = pair.callee == mail.from && pair.caller == mail.to;
    if (!from_caller && !from_callee) return report("it is of other numbers than the letter");
    const auto known = store.Find(reward::BatchDigest(file->genesis, file->batch));
    const bool settled = file->batch.caller_signature != crypto::CompactSignature{} &&
                         file->batch.callee_signature != crypto::CompactSignature{};
    if ((!known || !*known) && !settled) {
        if (const auto why = NotKept(file->batch); !why.empty()) return report("not kept: " + why);
    }
    const auto info = batches.Receive(bytes);
    if (!info) return report(info.Error().message);
    EMC_LOG(rooms.log, Info, Calls, "batch %s came from %s by peer %s", base::Hex(info->id.Span()).c_str(),
            mail.from.Name().c_str(), arrived.peer.c_str());
    if (mode.on) Answer(*info, arrived);
}

void Exchange::Impl::ReadRefusal(const Arrived& arrived, base::ByteSpan bytes)
{
    codec::Reader reader(bytes);
    const Hash256 id = reader.Hash();
    const base::ByteSpan text = reader.TakeSized();
    const auto& from = arrived.mail.from;
    const auto info = batches.Find(id);
    const bool concerns = info && (info->batch.pair.caller == from || info->batch.pair.callee == from);
    if (!reader.Done() || !IsShown(text) || text.empty() || text.size() > MAX_REFUSAL_BYTES || !concerns) {
        EMC_LOG(rooms.log, Warning, Calls, "a refusal of %s from peer %s is none of a known batch",
                from.Name().c_str(), arrived.peer.c_str());
        return;
    }
    const std::string reason = from.Name() + " refuses: " + base::ToText(text);
    EMC_LOG(rooms.log, Warning, Calls, "batch %s: %s (peer %s)", base::Hex(id.Span()).c_str(), reason.c_str(),
            arrived.peer.c_str());
    if (auto done = batches.Refuse(id, reason); !done)
        EMC_LOG(rooms.log, Info, Calls, "%s", done.Error().message.c_str());
}

/// Why the own records are too different for a signature without a person; empty: they are not. Own calls
/// that the other side does not count are reported: they would not be rewarded.
std::string Exchange::Impl::TooDifferent(const BatchInfo& info, const Arrived& arrived)
{
    const auto check = batches.Check(info.id);
    if (!check) return {}; // Sign says so, too
    const auto& withheld = check->withheld;
    std::string named;
    for (size_t i = 0; i < std::min(withheld.size(), MAX_NAMED_CALLS); ++i)
        named += " " + withheld[i].call_id;
    if (withheld.size() > MAX_NAMED_CALLS) named += " …";
    if (!withheld.empty()) {
        EMC_LOG(rooms.log, Warning, Calls, "%s: calls withheld: %zu,%s", arrived.Of(info).c_str(),
                withheld.size(), named.c_str());
    }
    const size_t missing = check->disputed.size() + withheld.size() + info.left_out.size();
    if (check->agreed >= missing || check->agreed == 0) return {}; // all in dispute: Sign says why
    return base::Format("only %zu of %zu calls of both sides agree: the records of one of them may come late",
                        static_cast<size_t>(check->agreed), check->agreed + missing);
}

/// Signs what agrees with the own records and sends it back, or says why not.
void Exchange::Impl::Answer(const BatchInfo& info, const Arrived& arrived)
{
    const auto wallet = WalletOf(arrived.mail.to);
    if (!wallet) return;
    if (info.state == BatchState::Refused) return AnswerAgain(info, arrived);
    if (info.state != BatchState::Open && info.state != BatchState::Waiting) return;
    const bool unsigned_own = info.made_here && !info.caller_signed && !info.callee_signed;
    if (unsigned_own) return; // it came back as it was
    if (!info.made_here) {
        if (const auto why = TooDifferent(info, arrived); !why.empty()) return RefuseFor(info, why, arrived);
    }
    const auto done = batches.Sign(info.id, *wallet, Batches::Disputed::LeaveOut);
    if (done) {
        for (const auto& call : done->left_out) {
            EMC_LOG(rooms.log, Warning, Calls, "%s: call %s is left out: %s", arrived.Of(*done).c_str(),
                    call.call_id.c_str(), std::string(reward::Text(call.dispute)).c_str());
        }
        HandOver(*done);
        return;
    }
    if (done.Error().code == CODE_PARAMETER) return RefuseFor(info, done.Error().message, arrived);
    EMC_LOG(rooms.log, Warning, Calls, "%s: %s", arrived.Of(info).c_str(), done.Error().message.c_str());
}

/// Says why not, here and to the other side, which may make another batch of the period.
void Exchange::Impl::RefuseFor(const BatchInfo& info, const std::string& why, const Arrived& arrived)
{
    EMC_LOG(rooms.log, Warning, Calls, "%s: %s", arrived.Of(info).c_str(), why.c_str());
    if (const auto done = batches.Refuse(info.id, why.substr(0, MAX_REFUSAL_BYTES)); !done)
        EMC_LOG(rooms.log, Info, Calls, "%s", done.Error().message.c_str());
    Decline(info.id, why, arrived);
}

/// A batch that was refused came once more: the answer to it was lost.
void Exchange::Impl::AnswerAgain(const BatchInfo& info, const Arrived& arrived)
{
    interfaces::BatchFilter filter;
    filter.state = BatchState::Waiting;
    filter.number = info.batch.pair.caller.number;
    const auto waiting = batches.List(filter);
    if (!waiting) return;
    for (const BatchInfo& other : *waiting) {
        const auto& batch = other.batch;
        if (batch.pair == info.batch.pair && batch.period_start == info.batch.period_start &&
            batch.period_end == info.batch.period_end)
            return HandOver(other);
    }
    Decline(info.id, info.reason, arrived);
}

void Exchange::Impl::Decline(const Hash256& id, const std::string& why, const Arrived& arrived)
{
    base::Bytes content{LETTER_REFUSAL};
    codec::Writer writer(content);
    writer.Raw(id.Span());
    writer.Sized(base::AsBytes(why.substr(0, MAX_REFUSAL_BYTES)));
    if (auto told = SendLetter(arrived.mail.to, arrived.mail.from, content); !told)
        EMC_LOG(rooms.log, Info, Calls, "the refusal was not sent: %s", told.Error().message.c_str());
}

void Exchange::Impl::HandOver(const BatchInfo& info)
{
    if (const auto sent = Send(info.id); !sent) {
        EMC_LOG(rooms.log, Info, Calls, "batch %s was not sent: %s", base::Hex(info.id.Span()).c_str(),
                sent.Error().message.c_str());
    }
}

/// Numbers of a wallet that have calls; the first MAX_HELLOS.
std::vector<BatchParty> Exchange::Impl::OwnNumbers(const WalletApi& wallet) const
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
        const auto read = calls.Read(filter, [&](const reward::CallRecord&) {
            any = true;
            return false;
        });
        if (!read || !any) continue;
        out.push_back({filter.number, static_cast<uint16_t>(name->slot)});
        if (out.size() == MAX_HELLOS) break;
    }
    return out;
}

bool Exchange::Impl::SayHello()
{
    size_t heard = 0;
    for (const auto& wallet : deps.wallets.Loaded()) {
        for (const BatchParty& own : OwnNumbers(*wallet)) {
            CallMail mail;
            mail.from = own;
            mail.body.resize(reward::HELLO_BYTES); // or nodes would take the next one for this one
            deps.random.Fill(mail.body);
            mail.expiry = static_cast<uint32_t>(rooms.clock.NowSec() + LETTER_LIFE_SEC);
            const auto hello = Signed(std::move(mail), *wallet);
            if (hello) heard += deps.post.Post(*hello); // a locked wallet says nothing
        }
    }
    return heard > 0;
}

void Exchange::Impl::MakeBatch(const BatchParty& own, const CallTotals& sum, const WalletApi& wallet)
{
    constexpr uint64_t MS = 1'000;
    interfaces::BatchRequest request;
    request.caller = "+" + std::to_string(own.number) + ":" + std::to_string(own.slot);
    request.callee = "+" + std::to_string(sum.callee);
    const int64_t mtp = rooms.chain.GetTip().median_time;
    int64_t from = static_cast<int64_t>(sum.first_end_ms / MS);
    const auto rows = store.All();
    if (!rows) return;
    for (const auto& [id, row] : *rows) {
        const auto& batch = row.batch;
        if (row.signed_here && batch.pair.caller == own && batch.pair.callee.number == sum.callee)
            from = std::max(from, int64_t{batch.period_end});
    }
    if (mtp - from < mode.period_sec || mtp - from > reward::MAX_PERIOD_AGE_SEC) return;
    int64_t to = std::min(mtp, from + reward::MAX_PERIOD_SEC);
    CallFilter filter;
    filter.number = own.number;
    filter.counterparty = sum.callee;
    filter.incoming = false;
    filter.from_ms = static_cast<uint64_t>(from) * MS;
    filter.to_ms = static_cast<uint64_t>(to) * MS;
    size_t count = 0;
    uint64_t minutes = 0;
    const auto read = calls.Read(filter, [&](const reward::CallRecord& call) {
        if (count == MAX_LETTER_CALLS) { // this one begins the next batch
            to = std::max(from + 1, static_cast<int64_t>(call.end / MS));
            return false;
        }
        ++count;
        minutes += reward::CallMinutes(call.answer, call.end);
        return true;
    });
    if (!read || count == 0 || minutes < static_cast<uint64_t>(mode.least_minutes)) return;
    request.from = static_cast<uint32_t>(from);
    request.to = static_cast<uint32_t>(to);
    const auto made = batches.Create(request, wallet);
    if (made) return HandOver(*made);
    EMC_LOG(rooms.log, Info, Calls, "no batch of %s -> %s: %s", request.caller.c_str(),
            request.callee.c_str(), made.Error().message.c_str());
}

/// The caller's side makes the batches; those not answered yet are sent again.
void Exchange::Impl::MakeBatches(const BatchParty& own, const WalletApi& wallet,
                                 const std::vector<BatchInfo>& known)
{
    CallFilter filter;
    filter.number = own.number;
    filter.incoming = false;
    const int64_t oldest = rooms.chain.GetTip().median_time - reward::MAX_PERIOD_AGE_SEC;
    filter.from_ms = static_cast<uint64_t>(std::max<int64_t>(oldest, 0)) * 1'000;
    const auto sums = calls.Totals(filter);
    if (!sums) return;
    for (const CallTotals& sum : *sums) {
        const auto waiting = std::find_if(known.begin(), known.end(), [&](const BatchInfo& info) {
            return (info.state == BatchState::Open || info.state == BatchState::Waiting) && info.made_here &&
                   info.batch.pair.caller == own && info.batch.pair.callee.number == sum.callee;
        });
        if (waiting != known.end()) {
            HandOver(*waiting);
        } else {
            MakeBatch(own, sum, wallet);
        }
    }
}

void Exchange::Impl::ClaimOne(const BatchInfo& info)
{
    const auto wallet = WalletOf(info.batch.pair.callee);
    if (!wallet) return;
    interfaces::ClaimOptions options;
    options.preview = true;
    const auto plan = batches.Claim(info.id, options, *wallet);
    if (plan && plan->claim < mode.least_claim) return;
    options.preview = false;
    const auto done = plan ? batches.Claim(info.id, options, *wallet) : plan;
    if (!done) {
        EMC_LOG(rooms.log, Info, Calls, "batch %s is not claimed: %s", base::Hex(info.id.Span()).c_str(),
                done.Error().message.c_str());
    }
}

void Exchange::Impl::DoWhatIsDue()
{
    if (rooms.chain.GetTip().initial_download) return;
    const auto known = batches.List({});
    if (!known) {
        EMC_LOG(rooms.log, Warning, Calls, "%s", known.Error().message.c_str());
        return;
    }
    for (const auto& wallet : deps.wallets.Loaded()) {
        for (const BatchParty& own : OwnNumbers(*wallet))
            MakeBatches(own, *wallet, *known);
    }
    for (const BatchInfo& info : *known) {
        if (info.state != BatchState::Signed) continue;
        if (WalletOf(info.batch.pair.callee)) {
            ClaimOne(info);
        } else {
            HandOver(info); // until the other side has claimed: the last letter may have been lost
        }
    }
}

void Exchange::Impl::Loop()
{
    int64_t next_hello = 0;
    int64_t next_greeting = 0;
    int64_t looked = 0;
    while (true) {
        std::optional<Arrived> letter;
        bool greets = false;
        const int64_t now = base::SteadyMicros() / 1'000'000;
        const int64_t clock = rooms.clock.NowSec();
        {
            const base::LockGuard lock(mutex);
            const bool idle = letters.empty() && (!greet || now < next_greeting);
            if (!stop && idle) (void)changed.WaitFor(mutex, WAIT_MS);
            if (stop) return;
            if (!letters.empty()) {
                letter = std::move(letters.front());
                letters.pop_front();
            }
            greets = greet && now >= next_greeting;
            if (greets) greet = false;
        }
        mode = settings.Now();
        if (letter) Read(*letter);
        if (greets || now >= next_hello) {
            next_hello = now + (SayHello() ? HELLO_EVERY_SEC : HELLO_AGAIN_SEC);
            next_greeting = now + GREET_EVERY_SEC;
        }
        if (mode.on && clock - looked >= mode.interval_sec) {
            DoWhatIsDue();
            looked = clock;
        }
    }
}

Exchange::Exchange(const Own& own, const BatchDeps& rooms, const ExchangeDeps& deps)
    : m_impl(std::make_unique<Impl>(own, rooms, deps))
{
    auto& impl = *m_impl;
    impl.batches.SetSender([&impl](const Hash256& id) { return impl.Send(id); });
    impl.thread = base::Thread("callmail", [&impl] { impl.Loop(); });
    impl.deps.post.SetReceiver(
        [&impl](const CallMail& mail, const std::string& peer) { impl.Arrive(mail, peer); });
}

Exchange::~Exchange()
{
    auto& impl = *m_impl;
    impl.batches.SetSender({});
    impl.deps.post.SetReceiver({});
    {
        const base::LockGuard lock(impl.mutex);
        impl.stop = true;
        impl.changed.NotifyAll();
    }
    impl.thread.Join();
}

} // namespace emc::calls
