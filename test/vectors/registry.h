/// Published test vectors: which handler runs which file. To add handlers: write vectors_<room>.cpp with a
/// table of Entry, declare its function below, name it in registry.cpp and list the file in Makefile.inc.
#pragma once

#include "base/bytes.h"
#include "codec/json.h"

#include <map>

namespace emc::vectors {

/// Collects the results of one file.
class Report
{
public:
    /// One case passed.
    void Pass() { ++m_passed; }

    /// One case failed; `id` finds it in the file, `why` says what was expected and what came.
    void Fail(std::string id, std::string why);

    /// One case does not apply here, for a reason that is the same for many cases. Counted apart.
    void Skip(const std::string& why) { ++m_skipped[why]; }

    /// Pass or Fail by `ok`.
    void Check(bool ok, const std::string& id, std::string_view why);
    /// Passes when both byte strings are equal; otherwise fails and shows both in hex.
    void CheckBytes(base::ByteSpan got, base::ByteSpan want, const std::string& id);
    /// Passes when both texts are equal; otherwise fails and shows both.
    void CheckText(std::string_view got, std::string_view want, const std::string& id);

    struct Failure {
        std::string id;
        std::string why;
    };

    [[nodiscard]] size_t Passed() const { return m_passed; }

    [[nodiscard]] const std::vector<Failure>& Failures() const { return m_failures; }

    [[nodiscard]] const std::map<std::string, size_t>& Skipped() const { return m_skipped; }

    [[nodiscard]] size_t Total() const { return m_passed + m_failures.size(); }

private:
    size_t m_passed = 0;
    std::vector<Failure> m_failures;
    std::map<std::string, size_t> m_skipped;
};

/// One file of the folder.
struct VectorFile {
    std::string name;  ///< path below the folder, e.g. "bcrypto/sha1.json"
    base::Bytes bytes; ///< whole content
    codec::Json json;  ///< parsed content of a *.json file; null when it is none or does not parse

    [[nodiscard]] std::string_view Text() const { return base::AsText(bytes); }

    /// Rows of a comma-separated file without quoting; blanks at the line's end removed, empty lines left
    /// out.
    [[nodiscard]] std::vector<std::vector<std::string>> CsvRows() const;
};

using Handler = void (*)(const VectorFile& file, Report& report);

/// What to do with the files whose name matches `pattern` ('*' stands for any characters but '/'). Several
/// entries may match one file: every handler runs and their cases are added up. An entry without a handler
/// tells why.
struct Entry {
    std::string_view pattern;
    Handler handler = nullptr;
    std::string_view reason = {}; ///< with no handler: "not run yet: …" or "not applicable: …"
};

/// All entries of all rooms.
[[nodiscard]] std::vector<Entry> AllEntries();
/// True when `name` fits `pattern` as fnmatch(3) reads it.
[[nodiscard]] bool Matches(std::string_view pattern, std::string_view name);

// One table per room, in vectors_<room>.cpp.
[[nodiscard]] std::vector<Entry> CryptoEntries();
[[nodiscard]] std::vector<Entry> KeyEntries();
[[nodiscard]] std::vector<Entry> CodecEntries();
[[nodiscard]] std::vector<Entry> PrimitivesEntries();
[[nodiscard]] std::vector<Entry> ScriptEntries();
[[nodiscard]] std::vector<Entry> AddressEntries();
[[nodiscard]] std::vector<Entry> TemplateEntries();
[[nodiscard]] std::vector<Entry> NamesEntries();
[[nodiscard]] std::vector<Entry> ChainEntries();
[[nodiscard]] std::vector<Entry> RewardEntries();
[[nodiscard]] std::vector<Entry> P2pEntries();
[[nodiscard]] std::vector<Entry> IndexEntries();
[[nodiscard]] std::vector<Entry> PsbtEntries();

// Helpers for handlers. A malformed file gives empty values, so that the case fails instead of the program.
/// Bytes of a hex string value; empty (and the case will differ) when it is none.
[[nodiscard]] base::Bytes HexField(const codec::Json& value);

/// Exactly N bytes of hex; zeros when it is not that.
template <size_t N>
[[nodiscard]] std::array<uint8_t, N> HexArray(const codec::Json& value)
{
    std::array<uint8_t, N> out{};
    const base::Bytes bytes = HexField(value);
    if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

/// Text of a string or number value, empty otherwise.
[[nodiscard]] std::string TextField(const codec::Json& value);
/// Integer of a number value, 0 otherwise.
[[nodiscard]] int64_t IntField(const codec::Json& value);
/// The elements of an array value, none otherwise.
[[nodiscard]] const std::vector<codec::Json>& Items(const codec::Json& value);

} // namespace emc::vectors
