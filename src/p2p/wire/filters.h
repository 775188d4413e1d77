/// Block filters (BIP 157).
#pragma once

#include "p2p/wire/handshake.h"

namespace emc::p2p {

/// The one kind of filter there is (BIP 158). Other kinds read and are the handler's to refuse.
inline constexpr uint8_t BASIC_FILTER = 0;

/// A run of blocks by its first height and its last hash; the shape of the two questions below.
struct FilterRange {
    uint8_t kind = BASIC_FILTER;
    uint32_t start_height = 0;
    base::Hash256 stop;

    bool operator==(const FilterRange&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// At most MAX_FILTERS_ASKED blocks.
struct GetCFilters : FilterRange {
    static constexpr std::string_view COMMAND = "getcfilters";
};

/// At most MAX_FILTER_HEADERS blocks.
struct GetCFHeaders : FilterRange {
    static constexpr std::string_view COMMAND = "getcfheaders";
};

struct GetCFCheckpt {
    static constexpr std::string_view COMMAND = "getcfcheckpt";
    uint8_t kind = BASIC_FILTER;
    base::Hash256 stop;

    bool operator==(const GetCFCheckpt&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct CFilter {
    static constexpr std::string_view COMMAND = "cfilter";
    uint8_t kind = BASIC_FILTER;
    base::Hash256 block;
    base::Bytes filter;

    bool operator==(const CFilter&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct CFHeaders {
    static constexpr std::string_view COMMAND = "cfheaders";
    uint8_t kind = BASIC_FILTER;
    base::Hash256 stop;
    base::Hash256 previous_header;     ///< of the block before the first
    std::vector<base::Hash256> hashes; ///< of the filters

    bool operator==(const CFHeaders&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct CFCheckpt {
    static constexpr std::string_view COMMAND = "cfcheckpt";
    uint8_t kind = BASIC_FILTER;
    base::Hash256 stop;
    std::vector<base::Hash256> headers; ///< of every FILTER_CHECKPOINT_BLOCKS-th block

    bool operator==(const CFCheckpt&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
