#include "qt/passphrase_dialog.h"

#include "qt/form.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSet>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace emc::qt {

namespace {

constexpr int GOOD_BITS = 70;
constexpr int WEAK_BITS = 45;
constexpr int BAR_BITS = 100;

} // namespace

int PassphraseBits(const QString& passphrase)
{
    int alphabet = 0;
    const auto has = [&passphrase](auto test) {
        return std::any_of(passphrase.begin(), passphrase.end(), test);
    };
    if (has([](QChar c) { return c.isLower(); })) alphabet += 26;
    if (has([](QChar c) { return c.isUpper(); })) alphabet += 26;
    if (has([](QChar c) { return c.isDigit(); })) alphabet += 10;
    if (has([](QChar c) { return !c.isLetterOrNumber(); })) alphabet += 20;
    if (alphabet == 0) return 0;
    // Repeated characters add little: the length counts up to three times the number of different ones.
    const auto different = static_cast<int>(QSet<QChar>(passphrase.begin(), passphrase.end()).size());
    const int length = std::min(static_cast<int>(passphrase.size()), 3 * different);
    // Words people remember carry less than random characters: two thirds.
    return static_cast<int>(length * std::log2(alphabet) * 2 / 3);
}

PassphraseDialog::PassphraseDialog(Mode mode, QWidget* parent) : QDialog(parent), m_mode(mode)
{
    setObjectName(QStringLiteral("passphrase_dialog"));
    setWindowTitle(mode == Mode::Change ? tr("Change the passphrase") : tr("Passphrase"));
    auto* text = new QLabel(
        mode == Mode::Optional
            ? tr("With a passphrase, nobody who gets the file can spend from it. Leave it empty to have "
                 "none.")
            : tr("Whoever has the file needs the passphrase to spend. There is no way around a forgotten one "
                 "but the words you wrote down."),
        this);
    text->setWordWrap(true);
    const auto field = [this](const char* name) {
        auto* out = new QLineEdit(this);
        out->setObjectName(QLatin1String(name));
        out->setEchoMode(QLineEdit::Password);
        connect(out, &QLineEdit::textChanged, this, &PassphraseDialog::Check);
        return out;
    };
    m_old = field("passphrase_old");
    m_new = field("passphrase_new");
    m_again = field("passphrase_again");
    m_strength = new QProgressBar(this);
    m_strength->setRange(0, BAR_BITS);
    m_strength->setTextVisible(true);
    m_old_hint = new Hint(QStringLiteral("passphrase_old_hint"), this);
    m_hint = new Hint(QStringLiteral("passphrase_new_hint"), this);
    auto* form = new QFormLayout;
    if (mode == Mode::Change)
        AddRow(form, tr("&Present passphrase:"), m_old, m_old_hint);
    else
        m_old->hide();
    AddRow(form, tr("&New passphrase:"), m_new);
    AddRow(form, tr("&Again:"), m_again, m_hint);
    form->addRow(tr("Strength:"), m_strength);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setObjectName(QStringLiteral("passphrase_go"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        m_ok->setEnabled(false);
        Q_EMIT Given();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    Check();
}

void PassphraseDialog::Check()
{
    m_old_hint->Problem({});
    const int bits = PassphraseBits(m_new->text());
    m_strength->setValue(std::min(bits, BAR_BITS));
    m_strength->setFormat(bits >= GOOD_BITS ? tr("strong") : bits >= WEAK_BITS ? tr("fair") : tr("weak"));
    const bool empty = m_new->text().isEmpty();
    const bool same = m_new->text() == m_again->text();
    m_hint->Problem(!same && !m_again->text().isEmpty() ? tr("The two are not the same.") : QString());
    if (same && !empty && bits < WEAK_BITS)
        m_hint->Note(tr("Several words that have nothing to do with each other are harder to guess."));
    m_ok->setEnabled(same && (!empty || m_mode == Mode::Optional) &&
                     (m_mode != Mode::Change || !m_old->text().isEmpty()));
}

void PassphraseDialog::Refuse(const QString& sentence)
{
    Check();
    (m_mode == Mode::Change ? m_old_hint : m_hint)->Problem(sentence);
}

QString PassphraseDialog::OldOne() const
{
    return m_old->text();
}

QString PassphraseDialog::NewOne() const
{
    return m_new->text();
}

} // namespace emc::qt
