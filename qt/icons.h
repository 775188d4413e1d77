/// Pictures drawn by the program itself, in the colours of the palette.
#pragma once

#include <QIcon>

namespace emc::qt {

enum class Glyph {
    Overview,
    Send,
    Receive,
    History,
    Names,
    Rewards,
    Staking,
    Node,
    Locked,
    Open,
    Minting,
    Peers
};

[[nodiscard]] QIcon GlyphIcon(Glyph glyph);
/// The program's own: a receiver in a coin.
[[nodiscard]] QIcon ProgramIcon();

} // namespace emc::qt
