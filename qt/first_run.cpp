#include "qt/first_run.h"

#include "qt/form.h"
#include "qt/icons.h"
#include "qt/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSpinBox>
#include <QStorageInfo>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

constexpr int LEAST_PRUNE_MIB = 550;
constexpr int USUAL_PRUNE_MIB = 2'000;
constexpr int MOST_PRUNE_MIB = 1'000'000;
constexpr qint64 LEAST_FREE_BYTES = qint64{1} << 30;
const QString FILE_NAME = QStringLiteral("emercoin.conf");

/// The nearest folder above that exists.
QString Existing(QString path)
{
    while (!path.isEmpty() && !QFileInfo(path).isDir()) {
        const QString above = QFileInfo(path).path();
        if (above == path) break;
        path = above;
    }
    return path;
}

} // namespace

FirstRun::FirstRun(const QString& folder, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("first_run"));
    setWindowTitle(tr("Welcome"));
    setWindowIcon(ProgramIcon());
    auto* text = new QLabel(tr("This is the first start. The node keeps a verified copy of all numbers and "
                               "names, and your wallet, "
                               "in a folder on this computer."),
                            this);
    text->setWordWrap(true);
    m_folder = new QLineEdit(folder, this);
    m_folder->setObjectName(QStringLiteral("first_folder"));
    auto* browse = Button(tr("&Browse…"), QStringLiteral("first_browse"), this);
    auto* folder_row = new QWidget(this);
    auto* row = new QHBoxLayout(folder_row);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_folder, 1);
    row->addWidget(browse);
    m_hint = new Hint(QStringLiteral("first_hint"), this);
    m_space = new QLabel(this);
    m_space->setObjectName(QStringLiteral("first_space"));
    m_prune = new QCheckBox(tr("&Remove old blocks; keep at most"), this);
    m_prune_mib = new QSpinBox(this);
    m_prune_mib->setRange(LEAST_PRUNE_MIB, MOST_PRUNE_MIB);
    m_prune_mib->setValue(USUAL_PRUNE_MIB);
    m_prune_mib->setSuffix(tr(" MiB"));
    m_prune_mib->setEnabled(false);
    auto* prune = new QHBoxLayout;
    prune->addWidget(m_prune);
    prune->addWidget(m_prune_mib);
    prune->addStretch();
    const auto box = [this](const QString& title, const char* name, bool on) {
        auto* out = new QCheckBox(title, this);
        out->setObjectName(QLatin1String(name));
        out->setChecked(on);
        return out;
    };
    m_wallet = box(tr("&Wallet: coins and names of your own"), "first_wallet", true);
    m_origin = new QComboBox(this);
    m_origin->setObjectName(QStringLiteral("first_origin"));
    m_origin->setAccessibleName(tr("Where the wallet comes from"));
    m_origin->addItem(tr("A new one"), static_cast<int>(FirstStep::None));
    m_origin->addItem(tr("Restore it from words"), static_cast<int>(FirstStep::Words));
    m_origin->addItem(tr("Restore it from a backup file"), static_cast<int>(FirstStep::Backup));
    m_staking = box(tr("&Staking: earn with coins that lie still, while the wallet is unlocked for it"),
                    "first_staking", true);
    m_dns =
        box(tr("&DNS server: your telephone system asks this computer where numbers are"), "first_dns", true);
    m_calls = box(tr("&Call records: be rewarded for calls your system completes"), "first_calls", false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_go = buttons->addButton(tr("S&tart"), QDialogButtonBox::AcceptRole);
    m_go->setObjectName(QStringLiteral("first_go"));
    m_go->setDefault(true);
    auto* form = new QFormLayout;
    AddRow(form, tr("&Folder:"), folder_row, m_hint);
    form->addRow(tr("Space:"), m_space);
    auto* column = new QVBoxLayout(this);
    column->addWidget(Heading(tr("Emercoin telephony node"), this));
    column->addWidget(text);
    column->addLayout(form);
    column->addLayout(prune);
    auto* wallet = new QHBoxLayout;
    wallet->addWidget(m_wallet);
    wallet->addWidget(m_origin);
    wallet->addStretch();
    column->addLayout(wallet);
    for (auto* check : {m_staking, m_dns, m_calls})
        column->addWidget(check);
    column->addWidget(buttons);
    connect(browse, &QPushButton::clicked, this, &FirstRun::Browse);
    connect(m_folder, &QLineEdit::textChanged, this, &FirstRun::Check);
    connect(m_prune, &QCheckBox::toggled, m_prune_mib, &QSpinBox::setEnabled);
    connect(m_wallet, &QCheckBox::toggled, m_staking, &QCheckBox::setEnabled);
    connect(m_wallet, &QCheckBox::toggled, m_origin, &QComboBox::setEnabled);
    connect(buttons, &QDialogButtonBox::accepted, this, &FirstRun::Finish);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    Check();
}

void FirstRun::Browse()
{
    auto* dialog = new QFileDialog(this, tr("Folder for data"), Existing(m_folder->text()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

QString FirstRun::Folder() const
{
    return QDir::cleanPath(m_folder->text().trimmed());
}

FirstStep FirstRun::Step() const
{
    return m_wallet->isChecked() ? static_cast<FirstStep>(m_origin->currentData().toInt()) : FirstStep::None;
}

void FirstRun::Check()
{
    const QString folder = m_folder->text().trimmed();
    QString problem;
    if (!QDir::isAbsolutePath(folder))
        problem = tr("Write the whole path, beginning with /.");
    else if (QFileInfo::exists(folder) && !QFileInfo(folder).isDir())
        problem = tr("This is a file, not a folder.");
    const QString there = Existing(folder);
    if (problem.isEmpty() && !QFileInfo(there).isWritable())
        problem = tr("Nothing can be written in %1.").arg(there);
    const qint64 free = QStorageInfo(there).bytesAvailable();
    m_space->setText(tr("%1 free").arg(BytesText(static_cast<double>(free))));
    m_hint->Problem(problem);
    if (problem.isEmpty() && free < LEAST_FREE_BYTES)
        m_hint->Note(tr("Less than 1 GB is free; removing old blocks helps."));
    if (problem.isEmpty() && QFileInfo::exists(folder + QLatin1Char('/') + FILE_NAME))
        m_hint->Note(tr("The folder holds a configuration file already; it stays as it is and the choices "
                        "below do not count."));
    m_go->setEnabled(problem.isEmpty());
}

QByteArray FirstRun::Config() const
{
    QByteArray out =
        "# Written at the first start of emercoin-qt; emercoin-qt -help explains every option.\n";
    if (m_prune->isChecked()) out += "prune=" + QByteArray::number(m_prune_mib->value()) + "\n";
    if (!m_wallet->isChecked()) out += "disablewallet=1\n";
    out += m_wallet->isChecked() && m_staking->isChecked() ? "staking=1\n" : "staking=0\n";
    out += m_dns->isChecked() ? "emcdns=1\n" : "emcdns=0\n";
    if (m_calls->isChecked()) out += "calls=1\n";
    return out;
}

void FirstRun::Finish()
{
    const QString folder = Folder();
    if (!QDir().mkpath(folder)) return m_hint->Problem(tr("%1 cannot be made.").arg(folder));
    const QString path = folder + QLatin1Char('/') + FILE_NAME;
    if (!QFileInfo::exists(path)) {
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(Config()) < 0 || !file.commit())
            return m_hint->Problem(tr("%1 cannot be written: %2.").arg(path, file.errorString()));
    }
    accept();
}

} // namespace emc::qt
