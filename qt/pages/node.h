/// The node: information, console, traffic, peers.
#pragma once

#include "qt/pages/page.h"

namespace emc::qt {

class NodePage final : public Page
{
    Q_OBJECT

public:
    NodePage(Desk& desk, QWidget* parent);
};

} // namespace emc::qt
