// The file of local names.
#include "base/check.h"
#include "dns/records/local_zone.h"

using namespace emc;
using namespace emc::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    std::vector<std::string> warnings;
    const std::vector<Bytes> self{*NameFromText("ns1.gate.test")};
    const LocalZone zone = LocalZone::Parse(base::AsText({data, size}), self, warnings);
    for (const char* text : {"www", "a.local", "a.b.c", "x"}) {
        Bytes labels = *NameFromText(text);
        labels.pop_back();
        WireName name;
        EMC_CHECK(name.Assign(labels));
        const auto found = zone.Find(name);
        if (found.entry)
            EMC_CHECK(!zone.Empty() && found.first_label < name.labels && found.entry.Size() >= 24);
    }
    return 0;
}
