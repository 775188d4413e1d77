/// The form of a telephone number's record.
#pragma once

#include "enum/compose.h"
#include "qt/desk.h"
#include "qt/edit/editor.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QTableWidget;

namespace emc::qt {

class Hint;

class EnumEditor final : public NameEditor
{
    Q_OBJECT

public:
    EnumEditor(Desk& desk, QWidget* parent);

    bool Load(const std::string& name, const base::Bytes& value) override;
    void FixName() override;
    [[nodiscard]] std::optional<std::string> Name() const override;
    [[nodiscard]] std::optional<base::Bytes> Value() const override;

private:
    void Build();
    [[nodiscard]] QWidget* RouteButtons();
    void AddRoute(const enumrec::ComposeRoute& route);
    void Check();
    void CheckRecord(const enumrec::Number& number);
    /// Looks for the first slot nobody has.
    void SuggestSlot();
    [[nodiscard]] enumrec::ComposeRoute RouteAt(int row) const;
    [[nodiscard]] base::Expected<std::vector<enumrec::Sig>, QString> Signatures() const;

    Desk& m_desk;
    QLineEdit* m_number;
    Hint* m_number_hint;
    QSpinBox* m_slot;
    Hint* m_slot_hint;
    QTableWidget* m_routes;
    Hint* m_route_hint;
    QLabel* m_sample;
    QSpinBox* m_ttl;
    QPlainTextEdit* m_signatures;
    Hint* m_signature_hint;
    std::optional<enumrec::Pvp> m_endpoint;       ///< kept as it was
    std::vector<enumrec::Extension> m_extensions; ///< likewise
    std::optional<base::Bytes> m_value;
    bool m_fixed = false;
    int m_asked_slot = 0; ///< counts questions for a free slot: only the newest counts
};

} // namespace emc::qt
