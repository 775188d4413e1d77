#include "qt/edit/dns_editor.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QHostAddress>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableWidget>
#include <QUrl>

namespace emc::qt {

namespace {

enum LineColumn { Type, Text, LineColumns };

const QString PREFIX = QStringLiteral("dns:");

const QStringList& Types()
{
    static const QStringList types = {QStringLiteral("A"),   QStringLiteral("AAAA"),  QStringLiteral("CNAME"),
                                      QStringLiteral("MX"),  QStringLiteral("NS"),    QStringLiteral("PTR"),
                                      QStringLiteral("SRV"), QStringLiteral("TXT"),   QStringLiteral("NAPTR"),
                                      QStringLiteral("URI"), QStringLiteral("SSHFP"), QStringLiteral("TTL"),
                                      QStringLiteral("SD")};
    return types;
}

/// What is wrong with a value of this type; empty when nothing is.
QString ProblemOf(const QString& type, const QString& value)
{
    if (value.isEmpty()) return Words::tr("%1 has no value").arg(type);
    if (value.contains(QLatin1Char('|')))
        return Words::tr("%1: the mark | separates records and cannot be part of one").arg(type);
    if (type == QStringLiteral("TTL")) {
        bool number = false;
        value.toUInt(&number);
        return number ? QString() : Words::tr("TTL is a number of seconds, like 3600");
    }
    const bool v4 = type == QStringLiteral("A");
    if (!v4 && type != QStringLiteral("AAAA")) return {};
    for (const auto& one : value.split(QLatin1Char(','))) {
        QHostAddress address;
        const auto wanted = v4 ? QAbstractSocket::IPv4Protocol : QAbstractSocket::IPv6Protocol;
        const bool whole = !v4 || one.count(QLatin1Char('.')) == 3; // Qt takes 1.2.3 for 1.2.0.3
        if (whole && address.setAddress(one.trimmed()) && address.protocol() == wanted) continue;
        return v4 ? Words::tr("A: '%1' is no IPv4 address like 192.0.2.1").arg(one)
                  : Words::tr("AAAA: '%1' is no IPv6 address like 2001:db8::1").arg(one);
    }
    return {};
}

/// What is wrong with a host name; empty when nothing is, or nothing was written.
QString HostProblem(const QString& host)
{
    static const QRegularExpression plain(
        QStringLiteral("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$"));
    if (host.isEmpty() || plain.match(host.toLower()).hasMatch()) return {};
    const QString ascii = QString::fromLatin1(QUrl::toAce(host));
    if (!ascii.isEmpty() && ascii != host && plain.match(ascii).hasMatch())
        return Words::tr("In the DNS other letters are written in another way: %1.").arg(ascii);
    return Words::tr("A host name is words of letters, digits, dashes and underscores joined by dots, like "
                     "example.coin; a word has at most 63 characters.");
}

} // namespace

DnsEditor::DnsEditor(QWidget* parent) : NameEditor(parent)
{
    auto* form = new QFormLayout(this);
    m_host = new QLineEdit(this);
    m_host->setObjectName(QStringLiteral("dns_host"));
    m_host->setPlaceholderText(QStringLiteral("example.coin"));
    m_host_hint = new Hint(QStringLiteral("dns_host_hint"), this);
    AddRow(form, tr("&Host name:"), m_host, m_host_hint);
    m_lines = new QTableWidget(0, LineColumns, this);
    m_lines->setObjectName(QStringLiteral("dns_lines"));
    m_lines->setHorizontalHeaderLabels({tr("Type"), tr("Value")});
    m_lines->horizontalHeader()->setStretchLastSection(true);
    m_lines->verticalHeader()->hide();
    m_lines_hint = new Hint(QStringLiteral("dns_lines_hint"), this);
    AddRow(form, tr("&Records:"), m_lines, m_lines_hint);
    const auto buttons = MakeLineButtons(tr("&Add a record"), tr("Re&move it"), QStringLiteral("dns"), this);
    form->addRow(QString(), buttons.row);
    connect(buttons.add, &QPushButton::clicked, this, [this] {
        AddLine(Types().front(), {});
        Check();
    });
    connect(buttons.remove, &QPushButton::clicked, this, [this] {
        if (m_lines->currentRow() >= 0) m_lines->removeRow(m_lines->currentRow());
        Check();
    });
    connect(m_host, &QLineEdit::textChanged, this, &DnsEditor::Check);
    AddLine(Types().front(), {});
    Check();
}

void DnsEditor::AddLine(const QString& type, const QString& value)
{
    const int row = m_lines->rowCount();
    m_lines->insertRow(row);
    auto* types = new QComboBox(m_lines);
    types->setEditable(true);
    types->addItems(Types());
    types->setEditText(type);
    m_lines->setCellWidget(row, Type, types);
    auto* text = new QLineEdit(value, m_lines);
    text->setObjectName(QStringLiteral("dns_value_%1").arg(row));
    text->setPlaceholderText(QStringLiteral("192.0.2.1"));
    m_lines->setCellWidget(row, Text, text);
    m_lines->setCurrentCell(row, Text);
    connect(types, &QComboBox::editTextChanged, this, &DnsEditor::Check);
    connect(text, &QLineEdit::textChanged, this, &DnsEditor::Check);
}

void DnsEditor::Check()
{
    m_value.reset();
    const QString host = m_host->text().trimmed();
    m_host_hint->Problem(HostProblem(host));
    QStringList parts;
    QString problem;
    for (int row = 0; row < m_lines->rowCount(); ++row) {
        const auto type =
            qobject_cast<QComboBox*>(m_lines->cellWidget(row, Type))->currentText().trimmed().toUpper();
        const auto value = qobject_cast<QLineEdit*>(m_lines->cellWidget(row, Text))->text().trimmed();
        if (problem.isEmpty()) problem = ProblemOf(type, value);
        parts << type + QLatin1Char('=') + value;
    }
    if (problem.isEmpty() && parts.isEmpty()) problem = tr("Add at least one record.");
    m_lines_hint->Problem(problem);
    if (problem.isEmpty()) m_value = base::ToBytes(ToUtf8(parts.join(QLatin1Char('|'))));
    Q_EMIT Edited();
}

std::optional<std::string> DnsEditor::Name() const
{
    const QString host = m_host->text().trimmed().toLower();
    if (host.isEmpty() || m_host_hint->isVisibleTo(this)) return std::nullopt;
    return ToUtf8(PREFIX + host);
}

std::optional<base::Bytes> DnsEditor::Value() const
{
    return m_value;
}

bool DnsEditor::Load(const std::string& name, const base::Bytes& value)
{
    const QString whole = FromUtf8(name);
    const QString text = FromUtf8(base::AsText(value));
    // Another separator or bytes that are no text would be lost in the table.
    if (!whole.startsWith(PREFIX) || text.startsWith(QLatin1Char('~')) || ToUtf8(text) != base::AsText(value))
        return false;
    if (!HostProblem(whole.mid(PREFIX.size())).isEmpty()) return false;
    m_host->setText(whole.mid(PREFIX.size()));
    m_lines->setRowCount(0);
    for (const auto& part : text.split(QLatin1Char('|'))) {
        const int equals = part.indexOf(QLatin1Char('='));
        if (equals <= 0) return false;
        AddLine(part.left(equals), part.mid(equals + 1));
    }
    Check();
    return m_value && base::AsText(*m_value) == base::AsText(value);
}

void DnsEditor::FixName()
{
    m_host->setReadOnly(true);
}

} // namespace emc::qt
