#include "calls/answers.h"

#include "base/log.h"
#include "base/text.h"
#include "calls/batches.h"
#include "calls/letters.h"
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "reward/claim.h"

#include <algorithm>

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::BatchState;

namespace {

constexpr size_t MAX_REFUSAL_BYTES = 400;
/// Withheld calls of a batch that the log names.
constexpr size_t MAX_NAMED_CALLS = 10;

/// A refusal may be shown anywhere.
bool IsShown(base::ByteSpan text)
{
    return std::all_of(text.begin(), text.end(), [](uint8_t c) { return c >= 0x20 && c <= 0x7e; });
}

} // namespace

std::string ArrivedLetter::Of(const BatchInfo& info) const
{
    return "batch " + base::Hex(info.id.Span()) + " of " + mail.from.Name() + " from peer " + peer;
}

void Answers::Read(const ArrivedLetter& arrived, bool automatic)
{
    const auto& mail = arrived.mail;
    const auto wallet = m_letters.WalletOf(mail.to);
    if (!wallet) return; // for somebody else
    const auto info = m_rooms.names.Find(mail.to.Name());
    const auto key = reward::LetterKey(mail.body);
    std::string flaw = "its key is none";
    std::optional<base::Bytes> content;
    if (info && key) {
        const auto secret = wallet->CallSecret(*key, info->record.owner_script);
        if (secret) content = reward::OpenLetter(*secret, mail.body);
        flaw = secret ? "it was sealed for another key" : secret.Error().message;
    }
    if (content && !content->empty() && content->front() == LETTER_BATCH)
        return ReadBatch(arrived, base::ByteSpan(*content).subspan(1), automatic);
    if (content && !content->empty() && content->front() == LETTER_REFUSAL)
        return ReadRefusal(arrived, base::ByteSpan(*content).subspan(1));
    if (content) flaw = "it holds neither a batch nor a refusal";
    EMC_LOG(m_rooms.log, Warning, Calls, "a letter of %s to %s, from peer %s, is not read: %s",
            mail.from.Name().c_str(), mail.to.Name().c_str(), arrived.peer.c_str(), flaw.c_str());
}

/// Why a batch that is new here is not kept; empty: it is. Without an own call there is nothing to compare,
/// and strangers could fill the store with invented ones.
std::string Answers::NotKept(const reward::CallBatch& batch) const
{
    const auto any = m_batches.KnowsCalls(batch);
    if (!any) return any.Error().message;
    if (!*any) return "none of its calls is known here";
    const int64_t oldest = m_rooms.chain.GetTip().median_time - reward::MAX_PERIOD_AGE_SEC;
    const auto waiting = m_store.Waiting(batch.pair, oldest);
    if (!waiting) return storage::Describe(waiting.Error());
    if (waiting->of_pair < MAX_OPEN_BATCHES && waiting->all < MAX_ALL_OPEN_BATCHES) return {};
    return "too many others wait to be looked at";
}

void Answers::ReadBatch(const ArrivedLetter& arrived, base::ByteSpan bytes, bool automatic)
{
    const auto& mail = arrived.mail;
    const auto report = [&](const std::string& what) {
        EMC_LOG(m_rooms.log, Warning, Calls, "a batch of %s from peer %s: %s", mail.from.Name().c_str(),
                arrived.peer.c_str(), what.c_str());
    };
    const auto file = reward::ParseBatchFile(bytes);
    if (!file) return report("this is no batch: " + std::string(reward::Text(file.Error())));
    const auto& pair = file->batch.pair;
    const bool from_caller = pair.caller == mail.from && pair.callee == mail.to;
    const bool from_callee = pair.callee == mail.from && pair.caller == mail.to;
    if (!from_caller && !from_callee) return report("it is of other numbers than the letter");
    const auto known = m_store.Find(reward::BatchDigest(file->genesis, file->batch));
    const bool settled = file->batch.caller_signature != crypto::CompactSignature{} &&
                         file->batch.callee_signature != crypto::CompactSignature{};
    if ((!known || !*known) && !settled) {
        if (const auto why = NotKept(file->batch); !why.empty()) return report("not kept: " + why);
    }
    const auto info = m_batches.Receive(bytes);
    if (!info) return report(info.Error().message);
    EMC_LOG(m_rooms.log, Info, Calls, "batch %s came from %s by peer %s", base::Hex(info->id.Span()).c_str(),
            mail.from.Name().c_str(), arrived.peer.c_str());
    if (automatic) Answer(*info, arrived);
}

void Answers::ReadRefusal(const ArrivedLetter& arrived, base::ByteSpan bytes)
{
    codec::Reader reader(bytes);
    const Hash256 id = reader.Hash();
    const base::ByteSpan text = reader.TakeSized();
    const auto& from = arrived.mail.from;
    const auto info = m_batches.Find(id);
    const bool concerns = info && (info->batch.pair.caller == from || info->batch.pair.callee == from);
    if (!reader.Done() || !IsShown(text) || text.empty() || text.size() > MAX_REFUSAL_BYTES || !concerns) {
        EMC_LOG(m_rooms.log, Warning, Calls, "a refusal of %s from peer %s is none of a known batch",
                from.Name().c_str(), arrived.peer.c_str());
        return;
    }
    const std::string reason = from.Name() + " refuses: " + base::ToText(text);
    EMC_LOG(m_rooms.log, Warning, Calls, "batch %s: %s (peer %s)", base::Hex(id.Span()).c_str(),
            reason.c_str(), arrived.peer.c_str());
    if (auto done = m_batches.Refuse(id, reason); !done)
        EMC_LOG(m_rooms.log, Info, Calls, "%s", done.Error().message.c_str());
}

/// Why the own records are too different for a signature without a person; empty: they are not. Own calls
/// that the other side does not count are reported: they would not be rewarded.
std::string Answers::TooDifferent(const BatchInfo& info, const ArrivedLetter& arrived)
{
    const auto check = m_batches.Check(info.id);
    if (!check) return {}; // Sign says so, too
    const auto& withheld = check->withheld;
    std::string named;
    for (size_t i = 0; i < std::min(withheld.size(), MAX_NAMED_CALLS); ++i)
        named += " " + withheld[i].call_id;
    if (withheld.size() > MAX_NAMED_CALLS) named += " …";
    if (!withheld.empty()) {
        EMC_LOG(m_rooms.log, Warning, Calls, "%s: calls withheld: %zu,%s", arrived.Of(info).c_str(),
                withheld.size(), named.c_str());
    }
    const size_t missing = check->disputed.size() + withheld.size() + info.left_out.size();
    if (check->agreed >= missing || check->agreed == 0) return {}; // all in dispute: Sign says why
    return base::Format("only %zu of %s of both sides %s: the records of one of them may come late",
                        static_cast<size_t>(check->agreed),
                        base::CountText(check->agreed + missing, "call").c_str(),
                        check->agreed == 1 ? "agrees" : "agree");
}

/// Signs what agrees with the own records and sends it back, or says why not.
void Answers::Answer(const BatchInfo& info, const ArrivedLetter& arrived)
{
    const auto wallet = m_letters.WalletOf(arrived.mail.to);
    if (!wallet) return;
    if (info.state == BatchState::Refused) return AnswerAgain(info, arrived);
    if (info.state != BatchState::Open && info.state != BatchState::Waiting) return;
    const bool unsigned_own = info.made_here && !info.caller_signed && !info.callee_signed;
    if (unsigned_own) return; // it came back as it was
    if (!info.made_here) {
        if (const auto why = TooDifferent(info, arrived); !why.empty()) return RefuseFor(info, why, arrived);
    }
    const auto done = m_batches.Sign(info.id, *wallet, Batches::Disputed::LeaveOut);
    if (done) {
        for (const auto& call : done->left_out) {
            EMC_LOG(m_rooms.log, Warning, Calls, "%s: call %s is left out: %s", arrived.Of(*done).c_str(),
                    call.call_id.c_str(), std::string(reward::Text(call.dispute)).c_str());
        }
        m_letters.HandOver(*done);
        return;
    }
    if (done.Error().code == CODE_PARAMETER) return RefuseFor(info, done.Error().message, arrived);
    EMC_LOG(m_rooms.log, Warning, Calls, "%s: %s", arrived.Of(info).c_str(), done.Error().message.c_str());
}

/// Says why not, here and to the other side, which may make another batch of the period.
void Answers::RefuseFor(const BatchInfo& info, const std::string& why, const ArrivedLetter& arrived)
{
    EMC_LOG(m_rooms.log, Warning, Calls, "%s: %s", arrived.Of(info).c_str(), why.c_str());
    if (const auto done = m_batches.Refuse(info.id, why.substr(0, MAX_REFUSAL_BYTES)); !done)
        EMC_LOG(m_rooms.log, Info, Calls, "%s", done.Error().message.c_str());
    Decline(info.id, why, arrived);
}

/// A batch that was refused came once more: the answer to it was lost.
void Answers::AnswerAgain(const BatchInfo& info, const ArrivedLetter& arrived)
{
    interfaces::BatchFilter filter;
    filter.state = BatchState::Waiting;
    filter.number = info.batch.pair.caller.number;
    const auto waiting = m_batches.List(filter);
    if (!waiting) return;
    for (const BatchInfo& other : *waiting) {
        const auto& batch = other.batch;
        if (batch.pair == info.batch.pair && batch.period_start == info.batch.period_start &&
            batch.period_end == info.batch.period_end)
            return m_letters.HandOver(other);
    }
    Decline(info.id, info.reason, arrived);
}

void Answers::Decline(const Hash256& id, const std::string& why, const ArrivedLetter& arrived)
{
    base::Bytes content{LETTER_REFUSAL};
    codec::Writer writer(content);
    writer.Raw(id.Span());
    writer.Sized(base::AsBytes(why.substr(0, MAX_REFUSAL_BYTES)));
    if (auto told = m_letters.Send(arrived.mail.to, arrived.mail.from, content); !told)
        EMC_LOG(m_rooms.log, Info, Calls, "the refusal was not sent: %s", told.Error().message.c_str());
}

} // namespace emc::calls
