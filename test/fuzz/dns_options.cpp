// What options give: the zone list, the gateway suffix, host names, trusted verifiers, addresses to listen
// on, secrets of cookies, keys, who may copy zones and who is told of changes, the query log.
#include "base/check.h"
#include "dns/limit/cookie.h"
#include "dns/transfer/access.h"
#include "dns/transfer/tsig.h"
#include "dns/transport/bind.h"
#include "dns/transport/query_log.h"
#include "dns/zone/zone_config.h"

using namespace emc;
using namespace emc::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text(base::AsText({data, size}));
    const ZoneList list = ParseZones(text);
    EMC_CHECK(list.zones.size() <= MAX_ZONES);
    for (const Zone& zone : list.zones) {
        EMC_CHECK(!zone.label.empty() && zone.label.size() <= MAX_LABEL_BYTES);
        EMC_CHECK(zone.limit <= (zone.IsEnum() ? MAX_DIGIT_LIMIT : MAX_LABELS));
    }
    if (const auto suffix = ParseSuffix(text)) {
        WireName name;
        EMC_CHECK(name.Assign(suffix->tail) && name.Assign(suffix->replacement) && name.labels <= 1);
    }
    std::vector<std::string> warnings;
    for (const Bytes& name : ParseSelfNames(text, warnings))
        EMC_CHECK(!name.empty() && name.size() <= MAX_NAME_BYTES && name.back() == 0);
    for (const std::string& name : ParseTrust({text}, warnings))
        EMC_CHECK(name.starts_with("ver:"));
    if (const auto where = ParseBind({text}, 5335)) {
        for (const ListenAddress& one : *where)
            EMC_CHECK(!one.ToText().empty());
    }
    if (const auto secrets = ParseCookieSecrets(text)) EMC_CHECK(secrets->size() <= text.size() / 32);
    TsigKeys keys;
    EMC_CHECK(keys.Add("k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").HasValue());
    (void)keys.Add(text);
    (void)ParseTransferRule(text, keys);
    if (const auto target = ParseNotifyTarget(text, keys)) EMC_CHECK(!target->Text().empty());
    if (const auto log = ParseQueryLog(text)) EMC_CHECK(log->every >= 1);
    return 0;
}
