#include "codec/base58.h"
#include "crypto/sha256.h"
#include "reward/car.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::reward;

BOOST_AUTO_TEST_SUITE(car)

BOOST_AUTO_TEST_CASE(one_block)
{
    // Lengths whose sum with the CID crosses a byte of the varint.
    for (const size_t size : {0U, 1U, 91U, 92U, 5'000U, 20'000U}) {
        const base::Bytes data(size, 0x5a);
        const CarFile file = MakeCar(data);
        BOOST_TEST(file.cid[0] == 'b');
        const auto cid = codec::Base32Decode(file.cid.substr(1));
        BOOST_REQUIRE(cid && cid->size() == 36);
        const base::Hash256 hash = crypto::Sha256Of(data);
        BOOST_CHECK(std::equal(hash.begin(), hash.end(), cid->begin() + 4));
        // header, varint of what follows, CID, data
        const size_t head = 1 + file.bytes[0];
        BOOST_TEST(head == 59U);
        uint64_t length = 0;
        size_t at = head;
        for (unsigned shift = 0;; shift += 7) {
            length |= uint64_t{file.bytes[at] & 0x7fu} << shift;
            if ((file.bytes[at++] & 0x80) == 0) break;
        }
        BOOST_TEST(length == 36 + size);
        BOOST_TEST(file.bytes.size() == at + length);
        BOOST_CHECK(
            std::equal(cid->begin(), cid->end(), file.bytes.begin() + static_cast<std::ptrdiff_t>(at)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
