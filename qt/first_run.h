/// The first start: where data go, and what the node is to do.
#pragma once

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace emc::qt {

class Hint;

/// What the person has to do once the node runs.
enum class FirstStep { None, Words, Backup };

class FirstRun : public QDialog
{
    Q_OBJECT

public:
    FirstRun(const QString& folder, QWidget* parent = nullptr);

    [[nodiscard]] QString Folder() const;
    /// How the wallet comes.
    [[nodiscard]] FirstStep Step() const;

private:
    void Browse();
    void Check();
    /// Makes the folder and writes emercoin.conf with what was chosen, unless there is one.
    void Finish();
    [[nodiscard]] QByteArray Config() const;

    QLineEdit* m_folder;
    Hint* m_hint;
    QLabel* m_space;
    QCheckBox* m_prune;
    QSpinBox* m_prune_mib;
    QCheckBox* m_wallet;
    QComboBox* m_origin;
    QCheckBox* m_dns;
    QCheckBox* m_staking;
    QCheckBox* m_calls;
    QPushButton* m_go;
};

} // namespace emc::qt
