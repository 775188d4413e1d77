/// The form of a `dns:` record.
#pragma once

#include "qt/edit/editor.h"

class QLineEdit;
class QTableWidget;

namespace emc::qt {

class Hint;

class DnsEditor final : public NameEditor
{
    Q_OBJECT

public:
    explicit DnsEditor(QWidget* parent);

    bool Load(const std::string& name, const base::Bytes& value) override;
    void FixName() override;
    [[nodiscard]] std::optional<std::string> Name() const override;
    [[nodiscard]] std::optional<base::Bytes> Value() const override;

private:
    void AddLine(const QString& type, const QString& value);
    void Check();

    QLineEdit* m_host;
    Hint* m_host_hint;
    QTableWidget* m_lines;
    Hint* m_lines_hint;
    std::optional<base::Bytes> m_value;
};

} // namespace emc::qt
