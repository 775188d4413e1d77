/// Being paid: an address with label, amount and QR code; the addresses given out so far.
#pragma once

#include "qt/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace emc::qt {

class ContentModel;
class ContentView;
class Hint;

class ReceivePage final : public Page
{
    Q_OBJECT

public:
    ReceivePage(Desk& desk, QWidget* parent);

private:
    [[nodiscard]] QWidget* Form();
    [[nodiscard]] QWidget* Shown();
    void Make();
    void Reload();
    void Show();
    /// Shows an address of the list.
    void Choose();

    QLineEdit* m_label;
    QLineEdit* m_amount;
    Hint* m_amount_hint;
    QLineEdit* m_message;
    QComboBox* m_type;
    QPushButton* m_make;
    ContentModel* m_known;
    ContentView* m_known_view;
    int m_asked = 0; ///< counts readings of the list: only the newest counts
    QLabel* m_picture;
    QLabel* m_uri;
    Hint* m_hint;
    QString m_address; ///< shown
};

} // namespace emc::qt
