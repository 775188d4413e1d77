/// The wallet file: Berkeley DB with a write-ahead log, so that a row that was written is there after any
/// crash.
///
/// A wallet is a folder with wallet.dat and database/ (the log, nearly empty after an orderly close;
/// wallet.dat alone is then complete). One process holds a wallet: .walletlock.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "base/function.h"
#include "base/memory.h"

namespace emc::wallet {

using base::Bytes;
using base::ByteSpan;

enum class StoreError : uint8_t {
    NotFound, ///< there is no wallet there
    Exists,   ///< there is one already
    InUse,    ///< another process holds it
    Io,       ///< disk full, no permission, …
    Corrupt,  ///< the file is damaged; it is left as it is
};

struct StoreFailure {
    StoreError error{};
    std::string message; ///< names the file and what to do
};

/// Rows to write together.
struct RowChange {
    Bytes key;
    std::optional<Bytes> value; ///< absent: remove the row
};

using RowBatch = std::vector<RowChange>;

enum class StoreMode : uint8_t { Open, Create };

/// One open wallet file. Calls from one thread at a time (the wallet's mutex).
class Store
{
public:
    using Mode = StoreMode;
    /// A file that is made has the rows of `first` from the first moment on.
    [[nodiscard]] static base::Expected<std::unique_ptr<Store>, StoreFailure>
    Open(const std::string& folder, Mode mode, const RowBatch& first = {});
    /// Leaves wallet.dat complete in itself.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Writes all rows or none; they are on disk when this returns. After a failure every later call fails
    /// with the same words: what is on disk counts, and is read at the next start.
    [[nodiscard]] base::Expected<void, StoreFailure> Write(const RowBatch& batch);
    /// Brings everything written so far from the log into wallet.dat, so that even a copy of that file alone
    /// has it.
    [[nodiscard]] base::Expected<void, StoreFailure> Flush();
    /// nullopt: no such row. Damage is reported as Corrupt.
    [[nodiscard]] base::Expected<std::optional<Bytes>, StoreFailure> Read(ByteSpan key) const;
    /// Every row in byte order of the keys.
    [[nodiscard]] base::Expected<void, StoreFailure>
    ForEach(const std::function<void(ByteSpan key, ByteSpan value)>& visit) const;
    /// Changes rows so that nothing of what they were stays: the file is written anew and takes the place of
    /// the old one in one step; that and the log are overwritten. At any moment the disk holds all of the old
    /// rows or all of the new ones.
    [[nodiscard]] base::Expected<void, StoreFailure> Rewrite(const RowBatch& changes);
    /// Copies the file to `path` (not existing) while open, and reads the copy's rows back.
    [[nodiscard]] base::Expected<void, StoreFailure> BackupTo(const std::string& path);
    [[nodiscard]] const std::string& Path() const;

private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// True when the folder holds a wallet.
[[nodiscard]] bool HoldsWallet(const std::string& folder);
/// Copies a wallet's file into a folder without one, making that. The file must read whole and be complete
/// in itself: InUse when its wallet is loaded here or elsewhere, Io when it was not closed in order.
[[nodiscard]] base::Expected<void, StoreFailure> CopyWallet(const std::string& file,
                                                            const std::string& folder);
/// Takes away what CopyWallet made.
void RemoveCopy(const std::string& folder);
/// Writes a file that is not there yet, for its owner alone.
[[nodiscard]] base::Expected<void, StoreFailure> WriteNewFile(const std::string& path,
                                                              const std::string& content);
/// Writes a small file in one step: after a crash it has the old content or the new one.
[[nodiscard]] base::Expected<void, StoreFailure> ReplaceFile(const std::string& path,
                                                             const std::string& content);

} // namespace emc::wallet
