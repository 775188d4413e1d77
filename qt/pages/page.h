/// What all pages have in common.
#pragma once

#include "qt/desk.h"

#include <QWidget>

namespace emc::qt {

class Page : public QWidget
{
    Q_OBJECT

public:
    Page(Desk& desk, const QString& name, QWidget* parent) : QWidget(parent), m_desk(desk)
    {
        setObjectName(name);
    }

Q_SIGNALS:
    /// A line for the status bar.
    void Said(const QString& line);

protected:
    Desk& m_desk;
};

} // namespace emc::qt
