// Mail between owners of numbers: one form, and only the owner reads a letter.
#include "crypto/random.h"
#include "reward/call_mail.h"

#include <boost/test/unit_test.hpp>

namespace emc::reward {
namespace {

struct Fixture {
    crypto::TestRandom random{5};
    crypto::PrivateKey owner = crypto::PrivateKey::Generate(random);
    CallMail letter;

    Fixture()
    {
        letter.kind = MailKind::Letter;
        letter.from = {18009359935, 0};
        letter.to = {442079460000, 999};
        letter.expiry = 1'800'000'000;
        letter.body = SealLetter(owner.Public(), Bytes{1, 2, 3}, random);
        letter.signature.fill(4);
    }

    static Bytes BytesOf(const CallMail& mail)
    {
        Bytes out;
        codec::Writer writer(out);
        WriteMail(writer, mail);
        return out;
    }

    static bool Reads(const Bytes& bytes)
    {
        codec::Reader reader(bytes);
        (void)ReadMail(reader);
        return reader.Done();
    }

    static std::optional<Bytes> Open(const crypto::PrivateKey& key, const Bytes& body)
    {
        const auto fresh = LetterKey(body);
        if (!fresh) return std::nullopt;
        return OpenLetter(key.Ecdh(*fresh).value(), body);
    }
};

BOOST_FIXTURE_TEST_SUITE(call_mail, Fixture)

BOOST_AUTO_TEST_CASE(comes_back)
{
    CallMail hello;
    hello.from = letter.from;
    hello.body.assign(HELLO_BYTES, 1);
    for (const CallMail& mail : {letter, hello}) {
        const Bytes bytes = BytesOf(mail);
        codec::Reader reader(bytes);
        BOOST_TEST((ReadMail(reader) == mail));
        BOOST_TEST(reader.Done());
        for (size_t size = 0; size < bytes.size(); ++size)
            BOOST_REQUIRE(!Reads({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused)
{
    const auto refused = [&](const auto& change) {
        CallMail mail = letter;
        change(mail);
        BOOST_TEST(!Reads(BytesOf(mail)));
    };
    refused([](CallMail& mail) { mail.kind = static_cast<MailKind>(3); });
    refused([](CallMail& mail) { mail.kind = MailKind::Hello; });
    refused([](CallMail& mail) { mail.from.number = 12; });
    refused([](CallMail& mail) { mail.from.slot = 1'000; });
    refused([](CallMail& mail) { mail.to = {}; });
    refused([](CallMail& mail) { mail.body.resize(49); });
    refused([](CallMail& mail) { mail.body.resize(MAX_MAIL_BODY_BYTES + 1); });
    Bytes bytes = BytesOf(letter);
    bytes[0] = 2;
    BOOST_TEST(!Reads(bytes));
}

BOOST_AUTO_TEST_CASE(only_the_owner_reads)
{
    for (const size_t size : {0U, 1U, 1'019U, 1'020U, 1'021U, 260'000U}) {
        Bytes content(size);
        for (size_t i = 0; i < size; ++i)
            content[i] = static_cast<uint8_t>(i);
        Bytes body = SealLetter(owner.Public(), content, random);
        BOOST_TEST((body.size() - 33 - 16) % 1'024 == 0U);
        BOOST_TEST(body.size() <= MAX_MAIL_BODY_BYTES);
        BOOST_CHECK(Open(owner, body) == content);
        BOOST_CHECK(!Open(crypto::PrivateKey::Generate(random), body));
        body.back() ^= 1;
        BOOST_CHECK(!Open(owner, body));
    }
    Bytes body = letter.body;
    body[0] ^= 1; // the other point with this x
    BOOST_CHECK(!Open(owner, body));
    body[0] = 9;
    BOOST_CHECK(!LetterKey(body));
    BOOST_CHECK(!LetterKey(Bytes(40, 2)));
}

BOOST_AUTO_TEST_CASE(all_but_the_signature_is_signed)
{
    const Hash256 digest = MailDigest({}, letter);
    Hash256 other;
    other.bytes[0] = 1;
    BOOST_TEST((MailDigest(other, letter) != digest));
    const auto changes = [&](const auto& change) {
        CallMail mail = letter;
        change(mail);
        BOOST_TEST((MailDigest({}, mail) != digest));
    };
    changes([](CallMail& mail) { mail.kind = MailKind::Hello; });
    changes([](CallMail& mail) { ++mail.from.number; });
    changes([](CallMail& mail) { ++mail.from.slot; });
    changes([](CallMail& mail) { ++mail.to.number; });
    changes([](CallMail& mail) { --mail.to.slot; });
    changes([](CallMail& mail) { ++mail.expiry; });
    changes([](CallMail& mail) { mail.body.push_back(0); });
    CallMail mail = letter;
    mail.signature.fill(5);
    BOOST_TEST((MailDigest({}, mail) == digest));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::reward
