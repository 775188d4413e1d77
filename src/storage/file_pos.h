/// A place in numbered files.
#pragma once

#include <compare>
#include <cstdint>

namespace emc::storage {

/// Where a record's payload begins.
struct FilePos {
    int32_t file = -1;
    uint64_t offset = 0;

    [[nodiscard]] bool IsNull() const { return file < 0; }

    auto operator<=>(const FilePos&) const = default;
};

} // namespace emc::storage
