/// Replies of Tor's control port taken apart. Pure. Source: Tor's control-spec, sections 2 and 3.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

#include <string>
#include <vector>

namespace emc::p2p {

/// What one reply may have; nothing this program asks is answered with nearly as much.
inline constexpr size_t MAX_TOR_LINE_BYTES = 8'192;
inline constexpr size_t MAX_TOR_REPLY_LINES = 200;

struct TorReply {
    int code = 0;                   ///< 250: done, 5xx: refused, 650: news nobody asked for
    std::vector<std::string> lines; ///< without code and line end; the lines of a data part follow theirs
};

/// Collects bytes until a reply is whole. One thread.
class TorReplyReader
{
public:
    /// Takes bytes from the front of `in`, at most to the end of one reply. nullopt: more must come. The
    /// error is a sentence; nothing can be read after it.
    [[nodiscard]] base::Expected<std::optional<TorReply>, std::string> Feed(base::ByteSpan& in);

private:
    /// True when it ends the reply.
    [[nodiscard]] base::Expected<bool, std::string> TakeLine();

    std::string m_line;
    TorReply m_reply;
    bool m_data = false; ///< in a data part, up to a line with a dot
};

/// The value of `key` in a line of blank-separated KEY=VALUE words; quoted values without their quotes.
/// nullopt when there is none or the line's quotes do not close.
[[nodiscard]] std::optional<std::string> TorField(std::string_view line, std::string_view key);
/// All values of a blank-separated list, quoted or not; nullopt when a quote does not close.
[[nodiscard]] std::optional<std::vector<std::string>> TorValues(std::string_view list);
/// In quotes, as TorValues reads it.
[[nodiscard]] std::string TorQuoted(std::string_view text);

} // namespace emc::p2p
