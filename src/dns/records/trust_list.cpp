#include "dns/records/trust_list.h"

#include "base/log.h"
#include "dns/records/files.h"
#include "dns/zone/zone_config.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace emc::dns {

namespace {

constexpr std::string_view HEAD = "enumtrust ";

std::string Joined(const Verifiers& verifiers)
{
    std::string out;
    for (const std::string& name : verifiers)
        out += (out.empty() ? "" : "|") + name;
    return out;
}

/// Two lines: -enumtrust as it was, with a word in front; what was set in its place.
std::string FileText(const Verifiers& from_option, const Verifiers& set)
{
    return std::string(HEAD) + Joined(from_option) + "\nset " + Joined(set) + "\n";
}

/// The lists of such a text; false when it is none.
bool ReadFileText(const std::string& text, Verifiers& from_option, Verifiers& set)
{
    const size_t middle = text.find("\nset ");
    if (!text.starts_with(HEAD) || middle == std::string::npos) return false;
    std::vector<std::string> wrong;
    from_option = ParseTrust({text.substr(HEAD.size(), middle - HEAD.size())}, wrong);
    set = ParseTrust({text.substr(middle + 5, text.size() - middle - 6)}, wrong);
    return wrong.empty() && text == FileText(from_option, set);
}

} // namespace

TrustList::TrustList(Verifiers from_option, std::string path, base::Logger& log)
    : m_from_option(std::move(from_option)), m_path(std::move(path)),
      m_now(std::make_shared<const Verifiers>(m_from_option))
{
    if (!m_path.empty() && StampOf(m_path).modified_ns >= 0) Read(log);
}

void TrustList::Read(base::Logger& log)
{
    const auto text = ReadSmallFile(m_path, MAX_LIST_FILE_BYTES);
    Verifiers was;
    Verifiers set;
    if (!text || !ReadFileText(*text, was, set)) {
        EMC_LOG(log, Warning, Dns,
                "%s cannot be read or is damaged: the verifiers of -enumtrust are trusted until setenumtrust "
                "is called again",
                m_path.c_str());
    } else if (was != m_from_option) {
        EMC_LOG(log, Info, Dns, "-enumtrust was changed after setenumtrust and counts from now on: %s",
                Joined(m_from_option).c_str());
        if (unlink(m_path.c_str()) != 0)
            EMC_LOG(log, Warning, Dns, "cannot remove %s: %s", m_path.c_str(), std::strerror(errno));
    } else {
        EMC_LOG(log, Info, Dns, "verifiers trusted as setenumtrust was told, not as -enumtrust says: %s",
                Joined(set).c_str());
        m_now.Store(std::make_shared<const Verifiers>(std::move(set)));
    }
}

base::Expected<void, std::string> TrustList::Set(Verifiers verifiers)
{
    const base::LockGuard lock(m_setting);
    if (!m_path.empty()) {
        const std::string text = FileText(m_from_option, verifiers);
        if (text.size() > MAX_LIST_FILE_BYTES) return base::Unexpected("the list is longer than 4 MiB");
        if (!ReplaceSmallFile(m_path, text))
            return base::Unexpected("cannot write " + m_path + ": " + std::strerror(errno) +
                                    "; nothing was changed");
    }
    m_now.Store(std::make_shared<const Verifiers>(std::move(verifiers)));
    return {};
}

} // namespace emc::dns
