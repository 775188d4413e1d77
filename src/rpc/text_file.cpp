#include "rpc/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::rpc {

std::string WriteNewTextFile(const std::string& path, const std::string& text)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST ? path + " is there already; name a new file"
                               : "Cannot write " + path + ": " + std::strerror(errno);
    }
    size_t at = 0;
    while (at < text.size()) {
        const ssize_t put = write(fd, text.data() + at, text.size() - at);
        if (put <= 0) break;
        at += static_cast<size_t>(put);
    }
    const bool whole = at == text.size() && fsync(fd) == 0;
    const int reason = errno;
    close(fd);
    if (whole) return {};
    static_cast<void>(unlink(path.c_str()));
    return "Cannot write " + path + ": " + std::strerror(reason);
}

base::Expected<std::string, std::string> ReadTextFile(const std::string& path, size_t max_bytes)
{
    struct stat info {};

    if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
        return base::Unexpected("Cannot read " + path + ": it is no plain file");
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size < 0) return base::Unexpected("Cannot read " + path);
    if (static_cast<size_t>(size) > max_bytes) {
        return base::Unexpected(path + " is too large: at most " + std::to_string(max_bytes) + " bytes");
    }
    file.seekg(0);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file.good() && size > 0) return base::Unexpected("Cannot read " + path);
    return text.str();
}

namespace {

class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}

    ~Descriptor()
    {
        if (m_fd >= 0) close(m_fd);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int Get() const { return m_fd; }

    /// Closes what was open.
    void Become(int fd)
    {
        if (m_fd >= 0) close(m_fd);
        m_fd = fd;
    }

private:
    int m_fd;
};

} // namespace

base::Expected<std::string, std::string> ReadFileBelow(const std::string& folder, const std::string& path,
                                                       size_t max_bytes)
{
    Descriptor at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (at.Get() < 0) return base::Unexpected("Cannot open the folder " + folder);
    // Step by step, so that nothing leads out of the folder, whatever changes meanwhile.
    std::string_view rest = path;
    while (true) {
        const size_t end = std::min(rest.find('/'), rest.size());
        const std::string step(rest.substr(0, end));
        const bool last = end == rest.size();
        if (step.empty() || step == "." || step == ".." || step.find('\0') != std::string::npos) {
            return base::Unexpected("'" + path +
                                    "' is no path below the folder of -namefiles: it has to be "
                                    "relative, without '.' and '..' as steps");
        }
        at.Become(openat(at.Get(), step.c_str(),
                         O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY)));
        if (at.Get() < 0) {
            return base::Unexpected(
                "Cannot read " + path + " below " + folder + ": " +
                (errno == ELOOP ? "symbolic links are not followed" : std::strerror(errno)));
        }
        if (last) break;
        rest.remove_prefix(end + 1);
    }

    struct stat info {};

    if (fstat(at.Get(), &info) != 0 || !S_ISREG(info.st_mode))
        return base::Unexpected(path + " is no plain file");
    std::string out(max_bytes + 1, '\0');
    size_t got = 0;
    while (got < out.size()) {
        const ssize_t more = read(at.Get(), out.data() + got, out.size() - got);
        if (more < 0) return base::Unexpected("Cannot read " + path + ": " + std::strerror(errno));
        if (more == 0) break;
        got += static_cast<size_t>(more);
    }
    if (got > max_bytes) {
        return base::Unexpected(path + " is too large: " + std::to_string(info.st_size) + " bytes, at most " +
                                std::to_string(max_bytes) + " fit");
    }
    out.resize(got);
    return out;
}

} // namespace emc::rpc
