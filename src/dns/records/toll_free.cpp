#include "dns/records/toll_free.h"

#include "base/log.h"
#include "base/text.h"
#include "dns/records/files.h"
#include "enum/compose.h"
#include "interfaces/chain.h"
#include "names/resolve.h"

namespace emc::dns {

namespace {

constexpr std::string_view BLANKS = " ";
constexpr size_t MAX_NOTES_LOGGED = 20;

/// Digits a number must begin with, from "enum:tollfree:44"; empty for every other name.
std::string CountryOf(std::string_view name)
{
    const auto parsed = enumrec::ParseRecordName(name);
    return parsed && parsed->kind == enumrec::NameKind::TollFree ? parsed->country : std::string();
}

} // namespace

struct TollFreeSources::Source {
    std::string place; ///< path or chain name
    bool on_chain = false;
    FileStamp stamp;
    std::optional<base::Bytes> value; ///< of the live chain name
    bool read = false;
    std::vector<names::TollFreeList> lists; ///< none or one
};

TollFreeSources::TollFreeSources(const std::vector<std::string>& options, const interfaces::NameReader& names,
                                 base::Logger& log)
    : m_names(names), m_log(log), m_lists(std::make_shared<const TollFreeLists>())
{
    for (std::string_view option : options) {
        while (!option.empty()) {
            const size_t end = option.find('|');
            const std::string_view piece = base::Trim(option.substr(0, end), BLANKS);
            option.remove_prefix(end == std::string_view::npos ? option.size() : end + 1);
            if (piece.empty() || piece == "@") continue;
            Source source;
            source.on_chain = piece[0] == '@';
            source.place = std::string(source.on_chain ? piece.substr(1) : piece);
            m_sources.push_back(std::move(source));
        }
    }
}

TollFreeSources::~TollFreeSources() = default;

void TollFreeSources::Note(const Source& source, const std::vector<std::string>& notes)
{
    for (size_t i = 0; i < notes.size() && i < MAX_NOTES_LOGGED; ++i)
        EMC_LOG(m_log, Warning, Dns, "toll-free list %s: %s", source.place.c_str(), notes[i].c_str());
    EMC_LOG(m_log, Info, Dns, "toll-free list %s: %zu rules", source.place.c_str(),
            source.lists.empty() ? size_t{0} : source.lists.front().rules.size());
}

bool TollFreeSources::RefreshFile(Source& source)
{
    const FileStamp stamp = StampOf(source.place);
    if (source.read && stamp == source.stamp) return false;
    source.read = true;
    source.stamp = stamp;
    source.lists.clear();
    const auto text = ReadSmallFile(source.place, MAX_LIST_FILE_BYTES);
    if (!text) {
        EMC_LOG(m_log, Warning, Dns, "toll-free list %s cannot be read; it is used as soon as it can",
                source.place.c_str());
        return true;
    }
    const auto import = enumrec::ImportTollFree(*text);
    source.lists.push_back(names::MakeTollFreeList(source.place, {}, import.blocks));
    Note(source, import.notes);
    return true;
}

bool TollFreeSources::RefreshName(Source& source, int32_t height)
{
    auto info = m_names.Find(source.place);
    std::optional<base::Bytes> value;
    if (info && info->record.LiveAt(height)) value = std::move(info->record.value);
    if (source.read && value == source.value) return false;
    source.read = true;
    source.value = std::move(value);
    source.lists.clear();
    if (!source.value) {
        EMC_LOG(m_log, Info, Dns, "toll-free list @%s is not registered", source.place.c_str());
        return true;
    }
    const std::string_view text = base::AsText(*source.value);
    if (const auto blocks = enumrec::ParseTollFree(text)) {
        source.lists.push_back(names::MakeTollFreeList(source.place, CountryOf(source.place), *blocks));
        Note(source, {});
        return true;
    }
    const auto import = enumrec::ImportTollFree(text);
    source.lists.push_back(names::MakeTollFreeList(source.place, CountryOf(source.place), import.blocks));
    Note(source, import.notes);
    return true;
}

bool TollFreeSources::Refresh(int32_t height)
{
    bool changed = false;
    for (Source& source : m_sources) {
        const bool source_changed = source.on_chain ? RefreshName(source, height) : RefreshFile(source);
        changed = changed || source_changed;
    }
    if (!changed) return false;
    auto lists = std::make_shared<TollFreeLists>();
    for (const Source& source : m_sources)
        lists->insert(lists->end(), source.lists.begin(), source.lists.end());
    m_lists.Store(std::move(lists));
    return true;
}

} // namespace emc::dns
