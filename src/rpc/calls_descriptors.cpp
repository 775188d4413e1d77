#include "consensus/params.h"
#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"
#include "script/descriptor.h"

namespace emc::rpc {

namespace {

constexpr int64_t MAX_ADDRESSES = 10'000;

Json GetDescriptorInfo(const Request& request)
{
    const auto parsed = script::Descriptor::Parse(request.Chain().Params().addresses, request.Str(0), false);
    if (!parsed) throw RpcError(Code::AddressOrKey, parsed.Error());
    const std::string given = request.Str(0);
    Json out = codec::JsonObject();
    out.pushKV("descriptor", parsed->Text());
    out.pushKV("checksum", script::DescriptorChecksum(given.substr(0, given.find('#'))).value_or(""));
    out.pushKV("isrange", parsed->IsRange());
    out.pushKV("issolvable", parsed->IsSolvable());
    out.pushKV("hasprivatekeys", parsed->HasPrivateKeys());
    return out;
}

Json DeriveAddresses(const Request& request)
{
    const auto& params = request.Chain().Params();
    const auto parsed = script::Descriptor::Parse(params.addresses, request.Str(0), true);
    if (!parsed) throw RpcError(Code::AddressOrKey, parsed.Error());
    if (parsed->IsRange() != request.Has(1)) {
        throw RpcError(Code::Parameter, parsed->IsRange() ? "The descriptor has a wildcard: give the range"
                                                          : "The descriptor has no wildcard: give no range");
    }
    const auto [begin, end] = request.Has(1) ? IndexRange(request.Raw(1)) : std::pair<uint32_t, uint32_t>();
    if (int64_t{end} - begin >= MAX_ADDRESSES)
        throw RpcError(Code::Parameter, "The range is larger than 10000");
    Json out = codec::JsonArray();
    for (uint32_t index = begin; index <= end; ++index) {
        const auto scripts = parsed->Scripts(index);
        if (!scripts) throw RpcError(Code::AddressOrKey, scripts.Error());
        for (const auto& script : *scripts) {
            const auto address = script::EncodeAddress(params.addresses, script);
            if (address) out.push_back(*address);
            if (!address && scripts->size() == 1)
                throw RpcError(Code::AddressOrKey, "The descriptor's script has no address");
        }
    }
    return out;
}

} // namespace

std::string DescriptorOf(const consensus::Params& params, base::ByteSpan script)
{
    const auto address = AddressText(params, script);
    const std::string text = address.empty() ? "raw(" + base::Hex(script) + ")" : "addr(" + address + ")";
    return text + "#" + script::DescriptorChecksum(text).value_or("");
}

std::pair<uint32_t, uint32_t> IndexRange(const Json& range)
{
    const auto number = [](const Json& value) -> int64_t {
        if (!value.isNum()) throw RpcError(Code::Parameter, "A range is an end, or [ begin, end ]");
        return value.get_int64();
    };
    int64_t begin = 0;
    int64_t end = 0;
    if (range.isArray() && range.size() == 2) {
        begin = number(range[0]);
        end = number(range[1]);
    } else {
        end = number(range);
    }
    if (begin < 0 || end < begin || end >= int64_t{script::HARDENED})
        throw RpcError(Code::Parameter, "A range goes up, from 0 to 2147483647 at most");
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

const CallTable& DescriptorCalls()
{
    static const CallTable table = {
        {"getdescriptorinfo",
         "Util",
         CallKind::Quick,
         "Reads an output descriptor.",
         {{"descriptor", ArgType::String, "", "the descriptor, with or without its checksum"}},
         "{ descriptor, checksum, isrange, issolvable, hasprivatekeys }    descriptor: without private "
         "keys;\n"
         "  checksum: of what was given",
         "\"wpkh(02…)\"",
         GetDescriptorInfo},
        {"deriveaddresses",
         "Util",
         CallKind::Slow,
         "The addresses of an output descriptor.",
         {{"descriptor", ArgType::String, "", "the descriptor with its checksum"},
          {"range", ArgType::Any, "-",
           "of indices, with a wildcard: an end, or [ begin, end ]; 10000 at most"}},
         "[ \"address\" ]",
         "\"wpkh(xpub…/0/*)#…\" '[0,2]'",
         DeriveAddresses},
    };
    return table;
}

} // namespace emc::rpc
