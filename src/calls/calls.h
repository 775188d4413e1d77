/// The room's front: the store of call records as RPC and GUI use it.
#pragma once

#include "base/function.h"
#include "calls/call_store.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::interfaces {
class CallBatches;
struct AutomaticMode;
} // namespace emc::interfaces

namespace emc::calls {

struct BatchDeps;
struct ExchangeDeps;

/// See CallBook.
class Calls final : public interfaces::CallBook
{
public:
    struct Options {
        CallStore::Options store;
        std::string numbering;            ///< ParseNumberingPlan
        std::string zone = "utc";         ///< ParseCdrZone
        std::vector<std::string> watches; ///< ParseFolderWatch
        bool poll = false;                ///< Clerk::Options
        int keep_days = 0;
        std::function<bool()> stop; ///< asked by long work; may be empty
        base::Clock* clock = nullptr;
        base::Logger* log = nullptr;
    };

    ~Calls() override;

    /// Opens the store and starts the clerk. Errors are sentences that name the option.
    [[nodiscard]] static base::Expected<std::unique_ptr<Calls>, std::string> Open(Options options,
                                                                                  base::RandomSource& random);

    /// Batches of these calls, from now on. Once, before other threads know of this object.
    void StartBatches(const BatchDeps& deps);
    /// Letters between the owners of numbers, from now on; after StartBatches, and as StartBatches. `mode`:
    /// as the options say.
    void StartExchange(const BatchDeps& rooms, const ExchangeDeps& deps,
                       const interfaces::AutomaticMode& mode);
    /// Null before StartBatches.
    [[nodiscard]] interfaces::CallBatches* GetBatches();

    [[nodiscard]] Result<bool> Add(const reward::CallRecord& record) override;
    [[nodiscard]] Result<interfaces::CallsImported> Import(const interfaces::CallImport& request) override;
    [[nodiscard]] Result<uint64_t> Number(const std::string& written) const override;
    [[nodiscard]] Result<void> Read(const CallFilter& filter, const Visit& visit) const override;
    [[nodiscard]] Result<std::vector<reward::CallRecord>> ByCallId(const std::string& call_id) const override;
    [[nodiscard]] Result<std::vector<CallTotals>> Totals(const CallFilter& filter) const override;
    [[nodiscard]] Result<uint64_t> Forget(uint64_t before_ms) override;
    [[nodiscard]] Result<uint64_t> Export(const CallFilter& filter, const std::string& file) const override;
    [[nodiscard]] Result<interfaces::CallsImported> Post(const std::string& body,
                                                         const std::string& format) override;
    [[nodiscard]] std::vector<interfaces::CallSource> Sources() const override;

private:
    struct Impl;
    explicit Calls(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::calls
