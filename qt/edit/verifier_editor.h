/// The form of a verifier's record.
#pragma once

#include "qt/edit/editor.h"

class QLineEdit;

namespace emc::qt {

class Hint;

class VerifierEditor final : public NameEditor
{
    Q_OBJECT

public:
    explicit VerifierEditor(QWidget* parent);

    bool Load(const std::string& name, const base::Bytes& value) override;
    void FixName() override;
    [[nodiscard]] std::optional<std::string> Name() const override;
    [[nodiscard]] std::optional<base::Bytes> Value() const override;

private:
    void Check();

    QLineEdit* m_id;
    Hint* m_id_hint;
    std::vector<std::pair<std::string, QLineEdit*>> m_fields;
    Hint* m_hint;
    std::optional<base::Bytes> m_value;
};

} // namespace emc::qt
