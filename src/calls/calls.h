/// The room's front: the store of call records as RPC and GUI use it.
#pragma once

#include "base/function.h"
#include "calls/call_store.h"
#include "calls/cdr.h"

namespace emc::calls {

/// See CallBook.
class Calls final : public interfaces::CallBook
{
public:
    struct Options {
        CallStore::Options store;
        NumberingPlan plan;
        CdrZone zone;
        std::function<bool()> stop; ///< asked by long work; may be empty
    };

    /// Errors are sentences.
    [[nodiscard]] static base::Expected<std::unique_ptr<Calls>, std::string> Open(Options options,
                                                                                  base::RandomSource& random);

    [[nodiscard]] Result<bool> Add(const reward::CallRecord& record) override;
    [[nodiscard]] Result<interfaces::CallsImported> Import(const interfaces::CallImport& request) override;
    [[nodiscard]] Result<uint64_t> Number(const std::string& written) const override;
    [[nodiscard]] Result<void> Read(const CallFilter& filter, const Visit& visit) const override;
    [[nodiscard]] Result<std::vector<reward::CallRecord>> ByCallId(const std::string& call_id) const override;
    [[nodiscard]] Result<std::vector<CallTotals>> Totals(const CallFilter& filter) const override;
    [[nodiscard]] Result<uint64_t> Forget(uint64_t before_ms) override;

private:
    Calls(Options options, std::unique_ptr<CallStore> store);

    Options m_options;
    std::unique_ptr<CallStore> m_store;
};

} // namespace emc::calls
