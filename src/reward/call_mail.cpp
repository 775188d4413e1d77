#include "reward/call_mail.h"

#include "base/check.h"
#include "crypto/cipher.h"
#include "crypto/sha256.h"
#include "enum/number.h"

#include <algorithm>

namespace emc::reward {

namespace {

constexpr uint8_t MAIL_VERSION = 1;
constexpr size_t KEY_BYTES = 33;
constexpr size_t TAG_BYTES = 16;
constexpr size_t FILL_TO_BYTES = 1'024;

void WriteParty(codec::Writer& out, const BatchParty& party)
{
    out.U64(party.number);
    out.U16(party.slot);
}

BatchParty ReadParty(codec::Reader& in)
{
    BatchParty party;
    party.number = in.U64();
    party.slot = in.U16();
    return party;
}

bool IsParty(const BatchParty& party)
{
    return enumrec::Number::FromValue(party.number).has_value() && party.slot <= enumrec::MAX_SLOT;
}

void WriteSigned(codec::Writer& out, const CallMail& mail)
{
    out.U8(MAIL_VERSION);
    out.U8(static_cast<uint8_t>(mail.kind));
    WriteParty(out, mail.from);
    WriteParty(out, mail.to);
    out.U32(mail.expiry);
    out.Sized(mail.body);
}

/// A key is used for one letter only, so its nonce may be zero.
crypto::Key32 CipherKey(const Hash256& secret, ByteSpan letter_key)
{
    Bytes message;
    codec::Writer writer(message);
    writer.Raw(secret.Span());
    writer.Raw(letter_key);
    return crypto::TaggedHash("EMC/callmail/key", message).bytes;
}

} // namespace

void WriteMail(codec::Writer& out, const CallMail& mail)
{
    WriteSigned(out, mail);
    out.Raw(mail.signature);
}

CallMail ReadMail(codec::Reader& in)
{
    CallMail mail;
    if (in.U8() != MAIL_VERSION) in.Fail();
    const uint8_t kind = in.U8();
    mail.from = ReadParty(in);
    mail.to = ReadParty(in);
    mail.expiry = in.U32();
    const ByteSpan body = in.Take(static_cast<size_t>(in.CompactSize(MAX_MAIL_BODY_BYTES)));
    const ByteSpan signature = in.Take(mail.signature.size());
    const bool hello = kind == static_cast<uint8_t>(MailKind::Hello);
    const bool letter = kind == static_cast<uint8_t>(MailKind::Letter);
    const bool fits = hello ? mail.to == BatchParty{} && body.size() == HELLO_BYTES
                            : letter && IsParty(mail.to) && body.size() > KEY_BYTES + TAG_BYTES;
    if (!fits || !IsParty(mail.from)) in.Fail();
    if (!in.Ok()) return {};
    mail.kind = static_cast<MailKind>(kind);
    mail.body.assign(body.begin(), body.end());
    std::copy(signature.begin(), signature.end(), mail.signature.begin());
    return mail;
}

Hash256 MailDigest(const Hash256& genesis, const CallMail& mail)
{
    Bytes message;
    codec::Writer writer(message);
    writer.Raw(genesis.Span());
    WriteSigned(writer, mail);
    return crypto::TaggedHash("EMC/callmail", message);
}

Bytes SealLetter(const crypto::PublicKey& owner, ByteSpan content, base::RandomSource& random)
{
    EMC_CHECK(content.size() <= MAX_LETTER_BYTES);
    const auto fresh = crypto::PrivateKey::Generate(random);
    const auto secret = fresh.Ecdh(owner);
    EMC_CHECK(secret.has_value()); // recovered keys are points
    Bytes plain;
    codec::Writer writer(plain);
    writer.U32(static_cast<uint32_t>(content.size()));
    writer.Raw(content);
    plain.resize((plain.size() + FILL_TO_BYTES - 1) / FILL_TO_BYTES * FILL_TO_BYTES);
    const auto key = fresh.Public();
    Bytes out(key.Span().begin(), key.Span().end());
    const Bytes sealed = crypto::ChaCha20Poly1305Seal(CipherKey(*secret, key.Span()), {}, key.Span(), plain);
    out.insert(out.end(), sealed.begin(), sealed.end());
    return out;
}

std::optional<crypto::PublicKey> LetterKey(ByteSpan body)
{
    if (body.size() <= KEY_BYTES + TAG_BYTES) return std::nullopt;
    auto key = crypto::PublicKey::From(body.first(KEY_BYTES));
    if (!key || !key->IsOnCurve()) return std::nullopt;
    return key;
}

std::optional<Bytes> OpenLetter(const Hash256& secret, ByteSpan body)
{
    if (body.size() <= KEY_BYTES + TAG_BYTES) return std::nullopt;
    const ByteSpan key = body.first(KEY_BYTES);
    const auto plain = crypto::ChaCha20Poly1305Open(CipherKey(secret, key), {}, key, body.subspan(KEY_BYTES));
    if (!plain) return std::nullopt;
    codec::Reader reader(*plain);
    const uint32_t size = reader.U32();
    const ByteSpan content = reader.Take(size);
    if (!reader.Ok() || size > MAX_LETTER_BYTES) return std::nullopt;
    return Bytes(content.begin(), content.end());
}

} // namespace emc::reward
