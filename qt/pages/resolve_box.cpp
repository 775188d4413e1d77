#include "qt/pages/resolve_box.h"

#include "names/resolve.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

ResolveBox::ResolveBox(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    m_number = new QLineEdit(this);
    m_number->setObjectName(QStringLiteral("resolve_number"));
    m_number->setAccessibleName(tr("Number to resolve"));
    m_number->setPlaceholderText(tr("A number with its country code"));
    auto* go = Button(tr("&Where do calls go?"), QStringLiteral("resolve_go"), this);
    m_hint = new Hint(QStringLiteral("resolve_hint"), this);
    m_answer = Selectable(this, QStringLiteral("resolve_answer"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_number, 1);
    row->addWidget(go);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_hint);
    column->addWidget(m_answer);
    column->addStretch();
    connect(go, &QPushButton::clicked, this, &ResolveBox::Ask);
    connect(m_number, &QLineEdit::returnPressed, this, &ResolveBox::Ask);
}

void ResolveBox::Ask()
{
    m_answer->clear();
    m_hint->Problem({});
    const auto number = enumrec::Number::FromHuman(ToUtf8(m_number->text()));
    if (!number) {
        return m_hint->Problem(tr("A number has 4 to 15 digits and begins with its country code, like %1.")
                                   .arg(QStringLiteral("+1 800 935 9935")));
    }
    auto* dns = m_desk.Rooms().dns;
    if (dns == nullptr) return m_hint->Problem(tr("This node has no DNS server."));
    const int asked = ++m_asked;
    m_desk.Work().Run(
        this, [dns, number = *number] { return dns->Resolve(number); },
        [this, asked](const names::Resolution& resolution) {
            if (asked == m_asked) Show(resolution);
        });
}

void ResolveBox::Show(const names::Resolution& resolution)
{
    QStringList lines;
    for (const auto& route : resolution.routes) {
        QString line = FromUtf8(route.uri);
        if (route.slot >= 0) line += tr(" — slot %1").arg(route.slot);
        if (!route.verifier.empty()) line += tr(", signed by %1").arg(FromUtf8(route.verifier));
        lines << line;
    }
    if (!resolution.toll_free_source.empty())
        lines << tr("From the toll-free list %1").arg(FromUtf8(resolution.toll_free_source));
    if (lines.isEmpty()) lines << tr("Callers get no answer for this number.");
    for (const auto& slot : resolution.refused) {
        QString line =
            tr("Slot %1 does not count: %2").arg(slot.slot).arg(FromUtf8(names::Text(slot.reason)));
        if (!slot.detail.empty()) line += QStringLiteral(" (%1)").arg(FromUtf8(slot.detail));
        lines << line;
    }
    for (const auto& warning : resolution.warnings)
        lines << Sentence(warning);
    m_answer->setText(lines.join(QLatin1Char('\n')));
}

} // namespace emc::qt
