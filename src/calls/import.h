/// Files of SIP servers, read into the store from where they were left.
#pragma once

#include "base/function.h"
#include "calls/call_store.h"
#include "calls/cdr.h"

namespace emc::calls {

/// What is to be read, and how.
struct ImportJob {
    std::string file;
    CdrOptions options;
    bool whole = true;
    std::function<bool()> stop; ///< asked between parts; may be empty
    bool again = false;         ///< from its beginning
};

/// Reads what was added to a file since the last time. A file that is another one now, or shorter, is read
/// from its beginning; the store knows calls it has. Each part of IMPORT_PART_BYTES is on disk before the
/// next one is read. Any thread; two that read one file at a time do no harm, the store knows calls it has.
/// Failures: −8 no such file or it cannot be read, −1 the store.
[[nodiscard]] base::Expected<interfaces::CallsImported, interfaces::Failure> ImportFile(CallStore& store,
                                                                                        const ImportJob& job);

} // namespace emc::calls
