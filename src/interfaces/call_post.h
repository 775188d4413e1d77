/// Mail between owners of numbers, over the peer-to-peer network. Implemented in the p2p room; any thread.
#pragma once

#include "base/function.h"
#include "reward/call_mail.h"

namespace emc::interfaces {

class CallPost
{
public:
    virtual ~CallPost() = default;

    /// Gets mail whose signature fits its sender, and who brought it.
    using Receiver = std::function<void(const reward::CallMail& mail, const std::string& peer)>;

    /// Who gets mail from now on; an empty one: nobody. It is called on the message thread and must not wait.
    /// When this returns, the one before is not called any more.
    virtual void SetReceiver(Receiver receiver) = 0;
    /// Gives signed mail to all peers that carry it; the number of them.
    virtual size_t Post(const reward::CallMail& mail) = 0;
};

} // namespace emc::interfaces
