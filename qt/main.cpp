#include "qt/first_run.h"
#include "qt/program.h"
#include "qt/text.h"

#include <QApplication>
#include <QMessageBox>
#include <QSettings>
#include <cstdio>
#include <iostream>

namespace {

using namespace emc;

const QString FOLDER = QStringLiteral("folder");

/// Value of -name=… among the arguments; empty when it is not there.
QString ValueOf(const std::vector<std::string>& arguments, const QString& name)
{
    QString out;
    for (const auto& argument : arguments) {
        QString text = qt::FromUtf8(argument);
        if (text.startsWith(QStringLiteral("--"))) text.remove(0, 1);
        if (text.startsWith(QStringLiteral("-%1=").arg(name)))
            out = text.mid(name.size() + 2);
        else if (text == QStringLiteral("-%1").arg(name))
            out = QStringLiteral("1");
    }
    return out;
}

/// Where data go, and what is asked for when the window comes.
struct Choice {
    QString folder; ///< empty: as usual
    qt::FirstStep step = qt::FirstStep::None;
};

/// For when no argument names a folder; nullopt when the person gives up.
std::optional<Choice> Choose(const interfaces::FirstLook& look, bool ask)
{
    QSettings settings;
    const QString kept = settings.value(FOLDER).toString();
    if (!ask && !kept.isEmpty()) return Choice{kept};
    if (!ask && look.folder_there) return Choice{};
    qt::FirstRun first(kept.isEmpty() ? qt::FromUtf8(look.default_folder) : kept);
    if (first.exec() != QDialog::Accepted) return std::nullopt;
    settings.setValue(FOLDER, first.Folder());
    return Choice{first.Folder(), first.Step()};
}

int Problem(const QString& text)
{
    std::fprintf(stderr, "Error: %s\n", qUtf8Printable(text));
    QMessageBox::critical(nullptr, QStringLiteral("Emercoin"), text);
    return 1;
}

int Run(QApplication& app, std::vector<std::string> arguments, const interfaces::FirstLook& look,
        const QStringList& links)
{
    std::optional<Choice> choice(std::in_place);
    if (!look.folder_given)
        choice = Choose(look, ValueOf(arguments, QStringLiteral("choosedatadir")) == QStringLiteral("1"));
    if (!choice) return 0;
    if (!choice->folder.isEmpty()) arguments.push_back("-datadir=" + qt::ToUtf8(choice->folder));
    auto host = interfaces::MakeNodeHost(arguments);
    if (!host) return Problem(qt::FromUtf8(host.Error()));
    if (qt::HandOver(qt::FromUtf8((*host)->Folder()), links)) return 0;
    qt::Program program(std::move(*host), links);
    program.SetFirst(choice->step);
    QObject::connect(&program, &qt::Program::Ended, &app, [](int status) { QApplication::exit(status); });
    program.Begin();
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> arguments;
    QStringList links;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]).starts_with("emercoin:"))
            links << QString::fromLocal8Bit(argv[i]);
        else
            arguments.emplace_back(argv[i]);
    }
    const auto look = interfaces::LookAtArguments(arguments);
    if (!look) {
        std::cerr << "Error: " << look.Error() << "\n";
        return 1;
    }
    if (!look->print.empty()) {
        std::cout << look->print;
        return 0;
    }
    QApplication::setAttribute(Qt::AA_EnableHighDpiScaling);
    QApplication::setAttribute(Qt::AA_UseHighDpiPixmaps);
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Emercoin"));
    QApplication::setApplicationName(QStringLiteral("Emercoin-Qt"));
    QApplication::setApplicationVersion(QStringLiteral(EMC_VERSION));
    QApplication::setQuitOnLastWindowClosed(false);
    if (ValueOf(arguments, QStringLiteral("resetguisettings")) == QStringLiteral("1")) QSettings().clear();
    emc::qt::Translate(ValueOf(arguments, QStringLiteral("lang")), app);
    return Run(app, std::move(arguments), *look, links);
}
