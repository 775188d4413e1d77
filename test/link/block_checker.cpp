// Checks blocks with the rule book and what lies below it: no storage, no chain state, no network. With a
// hexadecimal block as argument it checks that one; without, the genesis blocks and a spoiled copy of each.
// Last line: the counts.
#include "base/bytes.h"
#include "consensus/block_rules.h"
#include "consensus/params.h"

#include <cstdio>
#include <string>

namespace {

using emc::consensus::Params;

/// The broken rule of a block, empty when there is none.
std::string Judge(const emc::primitives::Block& block)
{
    const auto verdict = emc::consensus::CheckBlock(block);
    return verdict ? std::string{} : emc::consensus::Describe(verdict.Error());
}

int JudgeHex(std::string_view hex)
{
    const auto bytes = emc::base::FromHex(hex);
    const auto block = bytes ? emc::primitives::ParseBlock(*bytes) : nullptr;
    if (block == nullptr) {
        std::printf("not a block in hexadecimal\n");
        return 1;
    }
    const std::string fault = Judge(*block);
    std::printf("%s\n", fault.empty() ? "good" : fault.c_str());
    return fault.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
{
    if (argc == 2) return JudgeHex(argv[1]);
    int passed = 0;
    int failed = 0;
    const auto count = [&](const std::string& name, const std::string& fault, bool good) {
        if (fault.empty() == good) {
            ++passed;
            return;
        }
        ++failed;
        std::printf("%s: %s\n", name.c_str(), good ? fault.c_str() : "should have been refused");
    };
    for (const char* name : {"main", "test", "regtest"}) {
        const Params* params = emc::consensus::ParamsByName(name);
        if (params == nullptr) {
            count(name, "unknown network", true);
            continue;
        }
        emc::primitives::Block block = params->genesis;
        count(name, Judge(block), true);
        block.transactions.push_back(block.transactions.front());
        count(name, Judge(block), false);
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
