#include "dns/records/files.h"

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::dns {

FileStamp StampOf(const std::string& path)
{
    struct stat info {};

    if (stat(path.c_str(), &info) != 0) return {};
    return {int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec, int64_t{info.st_size},
            info.st_ino};
}

std::optional<std::string> ReadSmallFile(const std::string& path, size_t max_bytes)
{
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
    if (!file) return std::nullopt;
    std::string out;
    std::array<char, 16384> chunk{};
    for (;;) {
        const size_t got = std::fread(chunk.data(), 1, chunk.size(), file.get());
        if (out.size() + got > max_bytes) return std::nullopt;
        out.append(chunk.data(), got);
        if (got < chunk.size()) break;
    }
    if (std::ferror(file.get()) != 0) return std::nullopt;
    return out;
}

bool ReplaceSmallFile(const std::string& path, std::string_view text)
{
    const std::string temporary = path + ".new";
    const int file = open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return false;
    const bool written =
        write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
    if (close(file) != 0 || !written || rename(temporary.c_str(), path.c_str()) != 0) return false;
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const int directory = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    const bool kept = fsync(directory) == 0;
    return close(directory) == 0 && kept;
}

} // namespace emc::dns
