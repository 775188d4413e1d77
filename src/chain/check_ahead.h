/// Signatures of blocks that wait for the writer, checked by a thread of their own while it works on another
/// one. Internal to this room.
#pragma once

#include "primitives/block.h"

namespace emc::consensus {
struct Params;
}

namespace emc::script {
class SignatureCache;
}

namespace emc::chain {

class StateCache;

/// Judges nothing: what holds is put into the signature cache, where the writer finds it. Small blocks have
/// too few signatures for ScriptPool; large ones are left to it.
class CheckAhead
{
public:
    /// All must outlive this.
    struct Deps {
        const consensus::Params& params;
        const StateCache& state;
        script::SignatureCache& cache;
    };

    explicit CheckAhead(const Deps& deps);
    /// Waits for the check under way.
    ~CheckAhead();
    CheckAhead(const CheckAhead&) = delete;
    CheckAhead& operator=(const CheckAhead&) = delete;

    /// A block whose form is right (consensus::CheckBlock) was queued for the writer; null: something else
    /// was. Any thread.
    void Queued(primitives::BlockRef block);
    /// The writer begins with the next one of those that were queued.
    void Taken();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::chain
