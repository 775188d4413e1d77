/// What the automatic mode does at each look: makes and sends batches, claims those that are signed.
#pragma once

#include "calls/exchange.h"
#include "interfaces/call_batches.h"

namespace emc::interfaces {
struct AutomaticMode;
struct CallTotals;
} // namespace emc::interfaces

namespace emc::calls {

class Letters;

/// Of the thread "callmail".
class AutomaticWork
{
public:
    /// All of them must outlive it.
    AutomaticWork(const Exchange::Own& own, const BatchDeps& rooms, const ExchangeDeps& deps,
                  Letters& letters)
        : m_own(own), m_rooms(rooms), m_deps(deps), m_letters(letters)
    {}

    /// All that is due now.
    void Do(const interfaces::AutomaticMode& mode);

private:
    struct Look;

    void MakeBatches(const Look& look, const reward::BatchParty& own, const interfaces::WalletApi& wallet);
    void MakeBatch(const interfaces::AutomaticMode& mode, const reward::BatchParty& own,
                   const interfaces::CallTotals& sum, const interfaces::WalletApi& wallet);
    void ClaimOne(const interfaces::AutomaticMode& mode, const interfaces::BatchInfo& info);

    const Exchange::Own& m_own;
    const BatchDeps& m_rooms;
    const ExchangeDeps& m_deps;
    Letters& m_letters;
};

} // namespace emc::calls
