#pragma once
// A name state in memory, for tests and vectors.

#include "names/transition.h"

#include <map>

namespace emc::test {

/// A name state as a map.
class MapView final : public names::NameView
{
public:
    std::map<std::string, names::NameRecord, std::less<>> records;

    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override
    {
        const auto found = records.find(name);
        if (found == records.end()) return std::nullopt;
        return found->second;
    }

    void Apply(const names::NameDelta& delta) { Set(delta.name, delta.after); }

    void Undo(const names::NameDelta& delta) { Set(delta.name, delta.before); }

private:
    void Set(const std::string& name, const std::optional<names::NameRecord>& record)
    {
        if (record) {
            records[name] = *record;
        } else {
            records.erase(name);
        }
    }
};

} // namespace emc::test
