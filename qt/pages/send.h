/// Paying: several receivers, chosen coins, a fee that is known before, and transactions for others to sign.
#pragma once

#include "qt/pages/page.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QCheckBox;
class QVBoxLayout;

namespace emc::qt {

class Hint;

/// One receiver.
class RecipientRow : public QWidget
{
    Q_OBJECT

public:
    RecipientRow(const script::AddressParams& addresses, int number, QWidget* parent);

    void Fill(const QString& address, const QString& amount, const QString& label);
    /// What is written; nullopt, with a sentence below the field, when something is wrong. `tell`: empty
    /// fields are wrong, too.
    [[nodiscard]] std::optional<interfaces::Recipient> Read(bool tell);
    [[nodiscard]] QString Label() const;
    [[nodiscard]] QString Address() const;

Q_SIGNALS:
    void Edited();
    void RemoveWanted();

private:
    const script::AddressParams& m_addresses;
    QLineEdit* m_address;
    Hint* m_address_hint;
    QLineEdit* m_amount;
    Hint* m_amount_hint;
    QLineEdit* m_label;
    QCheckBox* m_subtract;
};

class SendPage final : public Page
{
    Q_OBJECT

public:
    SendPage(Desk& desk, QWidget* parent);

    /// Fills in an emercoin: URI; the error is a sentence.
    [[nodiscard]] base::Expected<void, QString> Open(const QString& uri);

private:
    [[nodiscard]] QWidget* Options();
    [[nodiscard]] QWidget* Buttons();
    RecipientRow* AddRow();
    void RemoveRow(RecipientRow* row);
    void Clear();
    void ChooseCoins();
    void Review();
    void ReviewFunded(const interfaces::WalletMoneyApi::Funded& funded);
    void Pay(const primitives::MutableTransaction& tx);
    void MakePsbt();
    [[nodiscard]] std::optional<std::vector<interfaces::Recipient>> Recipients(bool tell);
    [[nodiscard]] std::optional<interfaces::WalletMoneyApi::SendOptions> SendOptions(bool tell);
    void ShowCoins();
    /// Something was edited: the fee is worked out anew once the person pauses.
    void Edited();
    void AskFee();
    /// Builds the transaction off the window's thread and hands it on.
    template <typename Then>
    void Fund(Then then);

    std::vector<RecipientRow*> m_rows;
    QVBoxLayout* m_list;
    QComboBox* m_speed;
    QLineEdit* m_rate;
    Hint* m_rate_hint;
    QLabel* m_coins;
    QLabel* m_fee;
    Hint* m_hint;
    QPushButton* m_send = nullptr;
    QTimer m_pause;
    int m_asked_fee = 0;                        ///< counts questions: only the newest counts
    std::vector<primitives::OutPoint> m_chosen; ///< coins to spend; empty: the wallet chooses
    primitives::Amount m_chosen_value = 0;
};

} // namespace emc::qt
