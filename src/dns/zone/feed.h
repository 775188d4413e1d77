/// Keeps the zone store in step with the chain: one full pass at start, then only what blocks change.
#pragma once

#include "interfaces/events.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::dns {

class ChangeListener;
class Compiler;
class LocalFile;
class PatientRevocation;
class TollFreeSources;
class ZoneSigners;
class ZoneStore;
struct ChainState;

/// Own thread; the chain's callbacks only note what has changed and, outside the full pass, wait until it is
/// carried out, so that whoever waits for the chain's events sees the new answers.
class Feed final : public interfaces::EventSink
{
public:
    struct Parts {
        const Compiler* compiler = nullptr;
        ZoneStore* store = nullptr;
        ChainState* chain = nullptr;
        TollFreeSources* toll_free = nullptr;
        LocalFile* local = nullptr;
        PatientRevocation* revocation = nullptr;
        const base::Clock* clock = nullptr;
        base::Logger* log = nullptr;
        ChangeListener* listener = nullptr;   ///< null: nobody wants to know
        const ZoneSigners* signers = nullptr; ///< null: no zone is signed
    };

    explicit Feed(const Parts& parts);
    ~Feed() override;

    /// Takes the tip as it is now and begins.
    void Start();
    /// Ends the thread; a full pass is given up. Callbacks return at once from then on.
    void Stop();
    /// Waits until everything noted so far is carried out, a full pass included, or Stop.
    void WaitIdle();

    /// Reads and judges all names anew, in its own time. Any thread.
    void ReadAnew();

    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
