#include "app/web_files.h"

#include <algorithm>
#include <iterator>

namespace emc::app {

namespace {

// src/app/web/, written by src/app/Makefile.inc
constexpr WebFile FILES[] = {
#include "app/web/files.inc"
};

} // namespace

const WebFile* FindWebFile(std::string_view name)
{
    const auto found = std::find_if(std::begin(FILES), std::end(FILES),
                                    [name](const WebFile& file) { return file.name == name; });
    return found == std::end(FILES) ? nullptr : found;
}

} // namespace emc::app
