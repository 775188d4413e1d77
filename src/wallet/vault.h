/// The secrets of a wallet: in the open, or sealed under a master key that a passphrase opens.
#pragma once

#include "crypto/hash.h"
#include "crypto/secure_bytes.h"
#include "wallet/store.h"

namespace emc::base {
class RandomSource;
}

namespace emc::wallet {

using crypto::SecureBytes;

/// The master key as the file has it: sealed under a key that scrypt makes of the passphrase.
struct MasterRow {
    crypto::ScryptCost cost;
    std::array<uint8_t, 32> salt{};
    Bytes sealed; ///< nonce, 32 bytes sealed, tag
    bool operator==(const MasterRow&) const = default;
};

[[nodiscard]] RowChange MakeRow(const MasterRow& row);
/// nullopt for what no version of this program writes: other sizes, a cost that would take minutes or
/// gigabytes.
[[nodiscard]] std::optional<MasterRow> ReadMasterRow(ByteSpan value);
[[nodiscard]] Bytes MasterKey();

/// A fresh one.
[[nodiscard]] SecureBytes NewMasterKey(base::RandomSource& random);
/// The cost at which one attempt takes about `milliseconds` on this machine, 64 MiB of memory at most.
[[nodiscard]] crypto::ScryptCost CalibrateCost(int64_t milliseconds);
/// A new row for a master key. Takes as long as the cost says; nullopt without the memory for it.
[[nodiscard]] std::optional<MasterRow> SealMaster(const SecureBytes& master, std::string_view passphrase,
                                                  const crypto::ScryptCost& cost, base::RandomSource& random);
/// The master key; nullopt when the passphrase is wrong. Takes as long as the cost says.
[[nodiscard]] std::optional<SecureBytes> OpenMaster(const MasterRow& row, std::string_view passphrase);

/// The rows of a file that hold secrets, by the keys of these rows. Not thread-safe: guarded by the wallet's
/// mutex.
class Vault
{
public:
    Vault();
    ~Vault();
    Vault(const Vault&) = delete;
    Vault& operator=(const Vault&) = delete;

    /// The file's master key: all secrets are sealed, and the vault is locked.
    void SetMaster(MasterRow row);
    [[nodiscard]] const std::optional<MasterRow>& Master() const;
    /// The same master key under another passphrase; open or locked as before.
    void ReplaceMaster(MasterRow row);
    /// Takes over a row of the file. False when its size cannot be that of a secret.
    [[nodiscard]] bool Load(ByteSpan key, ByteSpan value);

    [[nodiscard]] bool IsEncrypted() const;
    /// Encrypted, and the master key is not here.
    [[nodiscard]] bool IsLocked() const;
    /// False when this master key does not open the vault's secrets.
    [[nodiscard]] bool Open(SecureBytes master);
    /// Forgets the master key.
    void Lock();

    [[nodiscard]] bool Has(ByteSpan key) const;
    /// nullopt when there is none or the vault is locked.
    [[nodiscard]] std::optional<SecureBytes> Get(ByteSpan key) const;
    /// Adds a secret; the row to write. Not while locked.
    [[nodiscard]] RowChange Add(ByteSpan key, ByteSpan secret, base::RandomSource& random);
    /// Keys of the rows with this first byte.
    [[nodiscard]] std::vector<Bytes> Keys(uint8_t kind) const;

    /// The rows that would seal everything under a new master key: to be written together, with `row`. The
    /// vault is as before until Adopt. Not while locked.
    [[nodiscard]] RowBatch Sealed(const SecureBytes& master, const MasterRow& row,
                                  base::RandomSource& random) const;
    /// The rows of Sealed are in the file: from here on the vault has them, and is locked.
    void Adopt(const RowBatch& rows);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::wallet
