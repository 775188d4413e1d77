// Entry point shared by the unit test programs. Boost.Test brings the options; see --help.
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <iostream>

namespace {

// What the test harness of automake understands as "skipped".
constexpr int EXIT_SKIPPED = 77;

bool NameSuite()
{
    boost::unit_test::framework::master_test_suite().p_name.value = "emercoin";
    return true;
}

} // namespace

int main(int argc, char* argv[])
{
    if (boost::unit_test::framework::master_test_suite().size() == 0) {
        std::cerr << argv[0] << ": no test cases in this program\n";
        return EXIT_SKIPPED;
    }
    return boost::unit_test::unit_test_main(&NameSuite, argc, argv);
}

// Read by LeakSanitizer. Berkeley DB 5.3 keeps pages of its cache when it finds a file damaged, which tests
// do on purpose.
extern "C" const char*
__lsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier): its name is given

extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libdb_cxx\n";
}
