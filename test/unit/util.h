#pragma once
// What every unit test may use: the folder of published test vectors and scratch directories.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emc::test {

/// Folder of the test vectors (environment variable EMC_VECTORS), without a trailing slash. When the variable
/// is not set, reports "skipped: no vectors folder" once per calling test case and returns nothing; the test
/// then returns.
std::optional<std::string> VectorsFolder();

/// Whole content of a file under the vectors folder, e.g. "bitcoin-core/script_tests.json". Nothing when
/// there is no vectors folder (reported as above); a missing or unreadable file fails the calling test case.
std::optional<std::string> ReadVectors(std::string_view relative_path);

/// A number the caller may set to make a test longer or shorter; `otherwise` when it is not set.
uint64_t NumberFromEnvironment(const char* name, uint64_t otherwise);

/// A fresh directory, removed with everything in it at the end of the object's life. Not copyable.
class TempDir
{
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    TempDir(TempDir&&) = delete;
    TempDir& operator=(TempDir&&) = delete;

    /// Absolute path without a trailing slash.
    const std::string& Path() const { return m_path; }

    /// Absolute path of an entry in the directory.
    std::string File(std::string_view name) const;

private:
    std::string m_path;
};

} // namespace emc::test
