#include "calls/export.h"

#include "base/log.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace emc::calls {

using interfaces::Failure;

namespace {

constexpr int MISC = -1;
constexpr int PARAMETER = -8;

/// Call-IDs have no control characters and no blanks, but may have commas and quotes.
std::string Quoted(std::string_view text)
{
    if (text.find_first_of(",\"") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text)
        out.append(c == '"' ? 2 : 1, c);
    return out + "\"";
}

std::string Row(const reward::CallRecord& call)
{
    return base::Format(
        "%llu,%llu,%s,%llu,%llu,%llu,%u,%u,%s,%s\n", static_cast<unsigned long long>(call.caller),
        static_cast<unsigned long long>(call.callee), Quoted(call.call_id).c_str(),
        static_cast<unsigned long long>(call.start), static_cast<unsigned long long>(call.answer),
        static_cast<unsigned long long>(call.end), call.q850, call.sip,
        call.mos ? base::Format("%.2f", *call.mos / 100.0).c_str() : "", call.codec.c_str());
}

} // namespace

base::Expected<uint64_t, Failure> WriteCalls(const CallStore& store, const CallFilter& filter,
                                             const std::string& file)
{
    const auto failed = [&file] {
        const std::string why = file + ": " + std::strerror(errno);
        return base::Unexpected(Failure{PARAMETER, why});
    };
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const std::unique_ptr<FILE, int (*)(FILE*)> out(fd < 0 ? nullptr : fdopen(fd, "w"), &fclose);
    if (!out) return failed();
    uint64_t count = 0;
    bool good = fputs("caller,callee,callid,start,answer,end,cause,status,mos,codec\n", out.get()) >= 0;
    const auto read = store.Read(filter, [&](const reward::CallRecord& call) {
        good = good && fputs(Row(call).c_str(), out.get()) >= 0;
        ++count;
        return good;
    });
    good = good && fflush(out.get()) == 0 && fsync(fd) == 0;
    if (good && read) return count;
    const auto failure = failed();
    static_cast<void>(unlink(file.c_str())); // half a table is none
    if (!read) return base::Unexpected(Failure{MISC, storage::Describe(read.Error())});
    return failure;
}

} // namespace emc::calls
