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

BOOST_AUTO_TEST_CASE(comes_back_and_nothing_else)
{
    for (const size_t size : {size_t{0}, size_t{1}, size_t{5'000}, CAR_BLOCK_BYTES, CAR_BLOCK_BYTES + 1,
                              3 * CAR_BLOCK_BYTES - 7}) {
        base::Bytes data(size);
        for (size_t i = 0; i < size; ++i)
            data[i] = static_cast<uint8_t>(i * i >> 5);
        const CarFile file = MakeCar(data);
        const auto cid = codec::Base32Decode(file.cid.substr(1));
        BOOST_REQUIRE(cid.has_value());
        BOOST_TEST((*cid)[1] == (size > CAR_BLOCK_BYTES ? 0x70 : 0x55));
        const auto back = ReadCar(file.bytes);
        BOOST_REQUIRE(back.has_value());
        BOOST_CHECK(*back == data);
        BOOST_TEST(IsCar(file.bytes));
        BOOST_TEST(!IsCar(data));
        BOOST_TEST(!IsCar({file.bytes.data(), 7}));
        base::Bytes longer = file.bytes;
        longer.push_back(0);
        BOOST_CHECK(!ReadCar(longer));
        BOOST_CHECK(!ReadCar({file.bytes.data(), file.bytes.size() - 1}));
        for (const size_t at :
             {size_t{0}, size_t{1}, size_t{30}, size_t{59}, size_t{70}, file.bytes.size() - 1}) {
            base::Bytes wrong = file.bytes;
            wrong[at] ^= 1;
            BOOST_CHECK(!ReadCar(wrong));
        }
    }
    BOOST_CHECK(!ReadCar({}));
    BOOST_CHECK(!ReadCar(base::Bytes(20, 0xff)));
}

BOOST_AUTO_TEST_SUITE_END()
