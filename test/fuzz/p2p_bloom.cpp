// Filters of light clients as peers send them, and transactions they are tried on.
#include "p2p/relay/bloom_filter.h"
#include "p2p/wire/bloom.h"
#include "primitives/transaction.h"

using namespace emc;
using namespace emc::p2p;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    // One byte says how long the filter's message is; the transaction follows.
    if (size == 0) return 0;
    const size_t length = std::min<size_t>(data[0], size - 1);
    FieldReader in(FilterLoad::COMMAND, base::ByteSpan(data + 1, length));
    FilterLoad load;
    load.Read(in);
    if (in.Finish()) return 0;
    BloomFilter filter(load.filter, load.functions, load.tweak, load.flags);
    const base::ByteSpan rest(data + 1 + length, size - 1 - length);
    if (const auto tx = primitives::ParseTransaction(rest)) {
        const bool before = filter.Matches(*tx);
        EMC_CHECK(!before || filter.Matches(*tx)); // what matches goes on matching
        filter.Add(tx->Txid().Span());
        EMC_CHECK(filter.Matches(*tx));
    }
    filter.Add(rest);
    EMC_CHECK(filter.Has(rest) && filter.Bits().size() == load.filter.size());
    return 0;
}
