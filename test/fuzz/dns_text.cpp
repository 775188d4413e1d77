// Values of `dns:` names to records: whatever comes out must be sound on the wire.
#include "base/check.h"
#include "dns/zone/entry.h"
#include "unit/dns/reply.h"

using namespace emc;
using namespace emc::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view value = base::AsText({data, size});
    const std::vector<Bytes> self{*NameFromText("ns1.gate.test")};
    const TextRecords records = ParseTextRecords(value, self);
    const Bytes key{1, 'x', 4, 'c', 'o', 'i', 'n'};
    EntryBuilder builder(key, EntryTerms{});
    for (const TextSet& set : records.sets)
        builder.AddSet(set.type, records.ttl_sec.value_or(DEFAULT_TTL_SEC), set.rdata);
    builder.AddSubdomains(records.subdomains, records.any_subdomain);
    const Bytes entry = std::move(builder).Finish();
    const EntryView view(entry.data());
    for (const TextSet& set : records.sets) {
        const auto found = view.Find(set.type);
        EMC_CHECK(found && found->count == set.rdata.size() && found->count <= MAX_ELEMENTS);
        std::vector<uint8_t> message = test::MakeQuestion("x.coin", 1);
        message[7] = static_cast<uint8_t>(found->count);
        message.insert(message.end(), found->records.begin(), found->records.end());
        EMC_CHECK(test::ParseReply(message).sound);
    }
    (void)view.HasSubdomain("www");
    return 0;
}
