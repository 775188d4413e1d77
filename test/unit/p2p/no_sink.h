// A sink for networks that are never started: nothing comes.
#pragma once

#include "p2p/socket/link.h"

namespace emc::test {

class NoSink final : public p2p::LinkSink
{
public:
    bool Admits(const p2p::Endpoint&, p2p::Permissions) override { return true; }

    void OnOpened(const p2p::LinkInfo&) override {}

    void OnMessage(p2p::LinkId, p2p::RawMessage) override {}

    void OnClosed(p2p::LinkId, const std::string&) override {}

    void OnOpening(const p2p::OpenRequest&) override {}

    void OnOpenFailed(const p2p::OpenRequest&, const std::string&) override {}

    void OnResolved(const std::string&, const std::vector<p2p::Endpoint>&) override {}
};

} // namespace emc::test
