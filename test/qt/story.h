/// What the tests share that use the whole program as a person would.
#pragma once

#include "qt/program.h"

#include <QDialog>
#include <QPalette>
#include <QProcess>
#include <QTemporaryDir>
#include <memory>

class QAbstractButton;

namespace emc::test {

/// How long a condition is waited for: all of it only when something is wrong.
inline constexpr int PATIENCE_MS = 120'000;

[[nodiscard]] quint16 FreePort();
[[nodiscard]] QPalette DarkPalette();

/// Keeps a picture in $EMC_PICTURES, if that is set.
void Picture(QWidget& widget, const QString& name);

/// The part of a window with this name; ends the test when there is none.
template <typename T>
[[nodiscard]] T* Part(QWidget& window, const QString& name)
{
    auto* out = window.findChild<T*>(name);
    if (out == nullptr) qFatal("nothing is called %s", qUtf8Printable(name));
    return out;
}

/// Presses a button once it can be pressed.
void Click(QAbstractButton* button);
void Type(QWidget* field, const QString& text);
/// The same in place of what is written.
void TypeAnew(QWidget* field, const QString& text);

/// The dialog of this name, once it is there; ends the test when it does not come.
[[nodiscard]] QDialog* Dialog(const QString& name);
/// Closes a dialog as Escape does, and waits until it is gone.
void Dismiss(QDialog* dialog);
/// Gives a path to the dialog that asks for a file.
void GiveFile(const QString& path);
/// Text of the box that tells something; it is closed.
[[nodiscard]] QString Told();
/// What is said below a field, once something is; ends the test when nothing comes.
[[nodiscard]] QString Hinted(QWidget& window, const QString& name);

/// A node without a window, with a wallet, on the same network.
class OtherNode
{
public:
    /// `folder` is made; `options` beside those that give it ports of its own.
    OtherNode(const QString& folder, const QStringList& options);
    OtherNode(const OtherNode&) = delete;
    OtherNode& operator=(const OtherNode&) = delete;
    /// Stops it.
    ~OtherNode();

    /// Others connect here.
    [[nodiscard]] quint16 Port() const { return m_p2p_port; }

    /// What emercoin-cli prints, once the node has started.
    QString Call(const QStringList& words) const;
    void Mine(int blocks) const;

private:
    const QString m_folder;
    const quint16 m_p2p_port;
    const quint16 m_rpc_port;
    QProcess m_node;
};

/// A program with a node on a network of its own, in a folder that goes with it.
class Story : public QObject
{
public:
    Story();
    ~Story() override;

protected:
    [[nodiscard]] QString Path(const QString& name) const { return m_home.filePath(name); }

    /// Starts the program in a folder, which is made.
    void Start(const std::vector<std::string>& options, const QString& folder = QStringLiteral("node"));
    /// The same, and waits until the window is there.
    void Begin(const std::vector<std::string>& options, const QString& folder = QStringLiteral("node"));
    /// Ends the program; its status.
    int End();

    /// Forgets a program that has ended by itself.
    void Leave() { m_program.reset(); }

    [[nodiscard]] qt::Program& TheProgram() const { return *m_program; }

    [[nodiscard]] QWidget& Window() const;

    template <typename T>
    [[nodiscard]] T* Find(const QString& name) const
    {
        return Part<T>(Window(), name);
    }

    /// Turns to a page.
    void Go(const QString& page) const;
    /// Types a call into the console and waits for its reply.
    [[nodiscard]] QString Call(const QString& line);

    /// The same, for calls that cannot fail.
    void Do(const QString& line) { static_cast<void>(Call(line)); }

    void Mine(int blocks);
    /// Presses the dialog's button once the cost is known, and waits until it is gone.
    static void Register(QDialog* dialog);

private:
    QTemporaryDir m_home;
    std::unique_ptr<qt::Program> m_program;
};

} // namespace emc::test
