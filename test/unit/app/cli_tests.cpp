#include "app/cli.h"
#include "app/daemonize.h"
#include "app/shutdown.h"
#include "codec/json.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>
#include <unistd.h>

namespace emc::app {
namespace {

/// The params of the request, or "! " and the error.
std::string Params(const std::string& method, const std::vector<std::string>& words, bool named = false)
{
    const auto made = MakeRequest(method, words, named);
    if (!made) return "! " + made.Error();
    const auto json = codec::ParseJson(*made);
    BOOST_REQUIRE(json.HasValue());
    BOOST_TEST((*json)["method"].get_str() == method);
    return codec::WriteJson((*json)["params"]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli)

BOOST_AUTO_TEST_CASE(words_become_what_the_call_wants)
{
    BOOST_TEST(Params("getblockhash", {"5"}) == "[5]");
    BOOST_TEST(Params("getblock", {"00ff", "1"}) == R"(["00ff",1])");
    BOOST_TEST(Params("getblock", {"5", "true"}) == R"(["5",true])");
    BOOST_TEST(Params("getblockstats", {"7"}) == "[7]");
    BOOST_TEST(Params("getblockstats", {"00ff"}) == R"(["00ff"])");
    BOOST_TEST(Params("echo", {"1", "null", "{}"}) == R"(["1","null","{}"])");
    BOOST_TEST(Params("echojson", {"1", "null", "{}", "x"}) == R"([1,null,{},"x"])");
    BOOST_TEST(Params("sendtoaddress", {"a", "1.50"}) == R"(["a",1.50])");
    BOOST_TEST(Params("createrawtransaction", {"[]", R"({"a":1})"}) == R"([[],{"a":1}])");
    BOOST_TEST(Params("nosuchcall", {"1", "true"}) == R"(["1","true"])");
    BOOST_TEST(Params("uptime", {"1"}) == R"(["1"])");
    BOOST_TEST(Params("getblockhash", {"many"}).starts_with("! Argument 'many' is not JSON"));
    BOOST_TEST(Params("createrawtransaction", {"[", "{}"}).starts_with("! Argument '[' is not JSON"));
}

BOOST_AUTO_TEST_CASE(named_words)
{
    BOOST_TEST(Params("getblock", {"blockhash=00", "verbosity=2"}, true) ==
               R"({"blockhash":"00","verbosity":2})");
    BOOST_TEST(Params("getblock", {"00", "verbose=2"}, true) == R"({"verbose":2,"args":["00"]})");
    BOOST_TEST(Params("echo", {"arg1=2"}, true) == R"({"arg1":"2"})");
    BOOST_TEST(Params("name_new", {"a=b"}, true) == R"({"args":["a=b"]})");
    BOOST_TEST(Params("uptime", {}, true) == "{}");
}

BOOST_AUTO_TEST_CASE(nobody_there)
{
    RpcTarget target;
    target.port = 1;
    const auto answer = PostJson(target, "{}");
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.Error().starts_with("Nobody answers at 127.0.0.1:1"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shutdown_signal)

BOOST_AUTO_TEST_CASE(requests_and_signals)
{
    {
        ShutdownSignal signal;
        BOOST_TEST(!signal.Requested());
        signal.Request();
        BOOST_TEST(signal.Requested());
        BOOST_TEST((signal.Wait() == ShutdownSignal::Event::Shutdown));
    }
    ShutdownSignal signal;
    BOOST_TEST(!signal.Requested());
    BOOST_TEST(kill(getpid(), SIGHUP) == 0);
    BOOST_TEST(!signal.Requested(), "SIGHUP does not stop");
    BOOST_TEST((signal.Wait() == ShutdownSignal::Event::ReopenLog));
    BOOST_TEST(kill(getpid(), SIGTERM) == 0);
    BOOST_TEST(signal.Requested(), "seen without anybody waiting");
    BOOST_TEST((signal.Wait() == ShutdownSignal::Event::Shutdown));
    BOOST_TEST(signal.Requested(), "also when the signal was taken");
}

BOOST_AUTO_TEST_CASE(another_thread_ends_the_wait)
{
    ShutdownSignal signal;
    std::thread other([&signal] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        signal.Request();
    });
    BOOST_TEST((signal.Wait() == ShutdownSignal::Event::Shutdown));
    other.join();
}

BOOST_AUTO_TEST_CASE(no_background_nothing_to_release)
{
    Background background;
    background.Release(1); // must not touch any descriptor
    BOOST_TEST(write(STDERR_FILENO, "", 0) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::app
