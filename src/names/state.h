/// The state of one name, differences between states, and their undo form.
#pragma once

#include "names/op_codec.h"

namespace emc::names {

/// What the chain knows of a name. Kept after expiry until the name is registered anew or deleted.
struct NameRecord {
    primitives::OutPoint outpoint; ///< the current name output
    Bytes value;
    Bytes owner_script;
    int32_t born_height = 0;    ///< of the NEW that began the present life
    int32_t updated_height = 0; ///< of the last operation
    int32_t expiry = 0;         ///< last height at which the name is live

    /// Live at h means h ≤ expiry.
    [[nodiscard]] bool LiveAt(int32_t height) const { return height <= expiry; }

    bool operator==(const NameRecord&) const = default;
};

void Write(codec::Writer& out, const NameRecord& record);
[[nodiscard]] NameRecord ReadNameRecord(codec::Reader& in);

/// First byte of what enters the name-state hash: what kind of entry it is (doc/storage.md).
enum class HashElementKind : uint8_t {
    Name = 1,
    Reward = 2, ///< watermarks of call rewards; none yet
};

/// What of a name enters the name-state hash: kind, name, outpoint, expiry, height of the NEW that began the
/// present life, value.
[[nodiscard]] Bytes HashElement(std::string_view name, const NameRecord& record);

/// One name's change by one operation, both sides kept so that it can be undone and announced.
struct NameDelta {
    std::string name;
    OpKind kind = OpKind::New;
    int64_t days = 0;
    std::optional<NameRecord> before;
    std::optional<NameRecord> after; ///< absent after DELETE
};

/// Undo form: name and `before`.
void WriteUndo(codec::Writer& out, const NameDelta& delta);
[[nodiscard]] NameDelta ReadUndo(codec::Reader& in);

/// Read-only names as of one block.
class NameView
{
public:
    virtual ~NameView() = default;
    /// The record, live or expired; nullopt when unknown or deleted.
    [[nodiscard]] virtual std::optional<NameRecord> Get(std::string_view name) const = 0;
};

} // namespace emc::names
