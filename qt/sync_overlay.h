/// Lies over the pages while the chain is fetched: how far, how fast, how long.
#pragma once

#include "qt/node_model.h"

#include <QFrame>

class QLabel;
class QProgressBar;

namespace emc::qt {

class SyncOverlay : public QFrame
{
    Q_OBJECT

public:
    explicit SyncOverlay(QWidget* parent);

    void Show(const NodeState& state);
    /// Takes the parent's size.
    void Fit();

private:
    QProgressBar* m_bar;
    QLabel* m_blocks;
    QLabel* m_speed;
    QLabel* m_left;
    QLabel* m_ready;
    bool m_put_away = false; ///< by the person
};

} // namespace emc::qt
