#include "codec/base58.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "rpc/auth.h"
#include "rpc/server.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace emc::rpc {
namespace {

std::string Basic(const std::string& text)
{
    return "Basic " + codec::Base64Encode(base::AsBytes(text));
}

std::string Slurp(const std::string& path)
{
    std::ifstream file(path);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(auth)

BOOST_AUTO_TEST_CASE(cookie)
{
    const test::TempDir folder;
    crypto::TestRandom random(1);
    Authenticator::Options options;
    options.cookie_file = folder.File(".cookie");
    const auto made = Authenticator::Make(options, random);
    BOOST_REQUIRE(made.HasValue());
    const auto secret = Slurp(options.cookie_file);
    BOOST_TEST(secret.starts_with("__cookie__:"));
    BOOST_TEST(secret.size() == 11U + 64U);

    struct stat info {};

    BOOST_TEST(stat(options.cookie_file.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600);
    BOOST_TEST(made->Check(Basic(secret)).value_or("") == "__cookie__");
    for (const auto& bad :
         {Basic(secret + "0"), Basic(secret.substr(0, 74)), Basic("x"), Basic(""), Basic("__cookie__:"),
          std::string("Bearer x"), std::string("Basic !!"), std::string(), secret}) {
        BOOST_TEST(!made->Check(bad).has_value());
    }
    made->RemoveCookie();
    BOOST_TEST(Slurp(options.cookie_file).empty());
    options.cookie_file = folder.File("missing/.cookie");
    const auto failed = Authenticator::Make(options, random);
    BOOST_REQUIRE(!failed);
    BOOST_TEST(failed.Error().starts_with("Cannot write"));
}

BOOST_AUTO_TEST_CASE(passwords_and_salted_users)
{
    crypto::TestRandom random(1);
    Authenticator::Options options;
    options.user = "alice";
    options.password = "pass:word";
    const std::string salt = "f7efda5c189b999524f151318c0c86";
    const auto hash = crypto::HmacSha256(base::AsBytes(salt), base::AsBytes(std::string_view("secret")));
    std::string upper = base::Hex(hash.Span());
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    options.rpcauth = {"bob:" + salt + "$" + upper};
    const auto made = Authenticator::Make(options, random);
    BOOST_REQUIRE(made.HasValue());
    BOOST_TEST(made->Check(Basic("alice:pass:word")).value_or("") == "alice");
    BOOST_TEST(made->Check(Basic("bob:secret")).value_or("") == "bob");
    for (const auto* bad : {"alice:pass", "bob:pass:word", "bob:Secret", "carol:secret", "bob:", ":secret"})
        BOOST_TEST(!made->Check(Basic(bad)).has_value());
    for (const auto* bad : {"bob", "bob:salt", ":a$", "bob:$00", "bob:salt$00", "bob:salt$zz"}) {
        options.rpcauth = {bad};
        BOOST_TEST(!Authenticator::Make(options, random).HasValue());
    }
}

BOOST_AUTO_TEST_CASE(whitelists)
{
    Whitelist list;
    BOOST_TEST((list.Of("bob") == nullptr));
    BOOST_TEST(list.Add("bob:uptime, getblockcount,").HasValue());
    BOOST_TEST((*list.Of("bob") == MethodSet{"getblockcount", "uptime"}));
    BOOST_TEST(list.Add("bob:uptime,stop").HasValue());
    BOOST_TEST((*list.Of("bob") == MethodSet{"uptime"}));
    BOOST_TEST(list.Add("carol").HasValue());
    BOOST_TEST(list.Of("carol")->empty());
    BOOST_TEST(list.Add("bob:nosuch").Error().find("there is no call 'nosuch'") != std::string::npos);
    list.deny_others = true;
    BOOST_TEST(list.Of("dave")->empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
