// The automatic mode: the latest word counts, of the options or of who set it.
#include "base/log.h"
#include "calls/automatic.h"
#include "storage/kv_store.h"
#include "storage/memory_files.h"
#include "storage/schema.h"

#include <boost/test/unit_test.hpp>

namespace emc::calls {
namespace {

using interfaces::AutomaticMode;

struct Fixture {
    storage::MemoryFiles files;
    std::unique_ptr<storage::KvStore> rows;
    base::Logger log;
    const AutomaticMode options{true, 60, 3'600, 2, 5};
    const AutomaticMode set{false, 600, 86'400, 30, 1'000};

    Fixture() { Open(); }

    void Open()
    {
        rows.reset();
        storage::KvStore::Options how;
        how.files = &files;
        auto opened = storage::KvStore::Open("/calls", how);
        BOOST_REQUIRE(opened.HasValue());
        rows = std::move(*opened);
    }

    [[nodiscard]] AutomaticMode After(const AutomaticMode& from_options)
    {
        Open();
        return AutomaticSettings(*rows, from_options, log).Now();
    }
};

BOOST_FIXTURE_TEST_SUITE(automatic, Fixture)

BOOST_AUTO_TEST_CASE(what_was_set_stays_while_the_options_stay)
{
    {
        AutomaticSettings settings(*rows, options, log);
        BOOST_TEST((settings.Now() == options));
        BOOST_REQUIRE(settings.Set(set).HasValue());
        BOOST_TEST((settings.Now() == set));
    }
    BOOST_TEST((After(options) == set));
    BOOST_TEST((After(options) == set));
    AutomaticMode changed = options;
    changed.least_minutes = 3;
    BOOST_TEST((After(changed) == changed));
    BOOST_TEST((After(options) == options)); // it is forgotten
}

BOOST_AUTO_TEST_CASE(a_damaged_row_leaves_the_options)
{
    const base::Bytes key{storage::PREFIX_CALL_AUTOMATIC};
    BOOST_REQUIRE(AutomaticSettings(*rows, options, log).Set(set).HasValue());
    auto row = *rows->Get(key);
    for (const size_t size : {size_t{0}, size_t{1}, row.size() - 1}) {
        const base::Bytes cut(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_REQUIRE(rows->Put(key, cut, storage::Durability::Synced).HasValue());
        BOOST_TEST((After(options) == options));
    }
    row[0] = 2; // a version this program does not know
    BOOST_REQUIRE(rows->Put(key, row, storage::Durability::Synced).HasValue());
    BOOST_TEST((After(options) == options));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
