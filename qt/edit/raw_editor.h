/// Any name with any value: text, hex, base64 or a file.
#pragma once

#include "qt/edit/editor.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace emc::qt {

class Hint;

class RawEditor final : public NameEditor
{
    Q_OBJECT

public:
    explicit RawEditor(QWidget* parent);

    bool Load(const std::string& name, const base::Bytes& value) override;
    void FixName() override;
    [[nodiscard]] std::optional<std::string> Name() const override;
    [[nodiscard]] std::optional<base::Bytes> Value() const override;

private:
    enum Form { Text, Hex, Base64 };

    void Check();
    void ReadFile();
    void Take(const QString& path);
    void Show(const base::Bytes& value);
    /// The value shown in another form.
    void ChangeForm();

    QLineEdit* m_name;
    QComboBox* m_form;
    QPlainTextEdit* m_text;
    Hint* m_hint;
    QLabel* m_size;
    std::optional<std::string> m_fixed_name; ///< names that are no text cannot be shown in the field
    std::optional<base::Bytes> m_value;
};

} // namespace emc::qt
