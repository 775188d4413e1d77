#include "rpc/calls.h"

#include "rpc/call_figures.h"

#include <algorithm>

namespace emc::rpc {

namespace {

std::vector<const CallSpec*> CollectCalls()
{
    std::vector<const CallSpec*> out;
    for (const auto* table :
         {&ControlCalls(),      &ChainCalls(),         &IndexCalls(),      &PoolCalls(),
          &ProofCalls(),        &RawTxCalls(),         &RawSignCalls(),    &PsbtCalls(),
          &MiningCalls(),       &ChainStatsCalls(),    &ScanCalls(),       &WaitCalls(),
          &ClassicCalls(),      &PoolControlCalls(),   &FeeCalls(),        &SnapshotCalls(),
          &NetCalls(),          &NetControlCalls(),    &UtilCalls(),       &NameCalls(),
          &EnumCalls(),         &DnsCalls(),           &WalletCalls(),     &WalletKeyCalls(),
          &WalletNameCalls(),   &DescriptorCalls(),    &WalletFileCalls(), &WalletLockCalls(),
          &WalletImportCalls(), &WalletHistoryCalls(), &WalletSendCalls(), &WalletPsbtCalls(),
          &WorkCalls(),         &StakingCalls(),       &RecordCalls(),     &WalletExportCalls(),
          &NotifyCalls(),       &BatchCalls()}) {
        for (const auto& spec : *table)
            out.push_back(&spec);
    }
    std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    return out;
}

} // namespace

CallTable Joined(std::initializer_list<CallTable> parts)
{
    CallTable out;
    for (const auto& part : parts)
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

const std::vector<const CallSpec*>& AllCalls()
{
    static const std::vector<const CallSpec*> calls = CollectCalls();
    return calls;
}

const CallSpec* FindCall(std::string_view name)
{
    const auto& calls = AllCalls();
    const auto it = std::lower_bound(calls.begin(), calls.end(), name,
                                     [](const CallSpec* spec, std::string_view n) { return spec->name < n; });
    return it != calls.end() && (*it)->name == name ? *it : nullptr;
}

Json RunCall(const Services& services, const CallSpec& spec, std::vector<Json> args,
             const std::string& wallet)
{
    CheckArgs(spec, args);
    if (services.figures == nullptr) return spec.handler(Request(services, spec, std::move(args), wallet));
    const auto& calls = AllCalls();
    const auto place = std::lower_bound(calls.begin(), calls.end(), spec.name,
                                        [](const CallSpec* a, std::string_view n) { return a->name < n; });
    CallFigures::Run run(*services.figures, static_cast<size_t>(place - calls.begin()));
    Json out = spec.handler(Request(services, spec, std::move(args), wallet));
    run.Succeed();
    return out;
}

} // namespace emc::rpc
