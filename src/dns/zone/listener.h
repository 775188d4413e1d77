/// Who must hear of every change of the compiled answers: zone transfers.
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

/// All calls come from the feed's thread.
class ChangeListener
{
public:
    virtual ~ChangeListener() = default;
    /// The store is about to be filled anew; any entry may differ.
    virtual void OnRebuild() = 0;
    /// The entries of these keys were compiled anew; most differ.
    virtual void OnChanged(const std::vector<base::Bytes>& keys) = 0;
    /// Nothing that is known of is left to do: the store stands for this tip.
    virtual void OnSettled(const base::Hash256& tip, int32_t height) = 0;
};

} // namespace emc::dns
