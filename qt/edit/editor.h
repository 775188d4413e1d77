/// Forms that make the name and value of a record.
#pragma once

#include "base/bytes.h"

#include <QWidget>
#include <optional>

namespace emc::qt {

/// One kind of record. On the window's thread.
class NameEditor : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Shows an existing record; a new one otherwise. False: this editor cannot show it without loss.
    virtual bool Load(const std::string& name, const base::Bytes& value) = 0;
    /// The name cannot be changed: a record that exists is edited.
    virtual void FixName() = 0;
    /// What the form makes now; nullopt while a field is wrong, which the form says itself.
    [[nodiscard]] virtual std::optional<std::string> Name() const = 0;
    [[nodiscard]] virtual std::optional<base::Bytes> Value() const = 0;

Q_SIGNALS:
    void Edited();
};

} // namespace emc::qt
