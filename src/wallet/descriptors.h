/// Descriptors that were imported: their scripts, and the way from a script or key back to them.
#pragma once

#include "interfaces/wallet.h"
#include "script/descriptor.h"
#include "wallet/vault.h"

namespace emc::wallet {

struct DescriptorRow;

/// Not thread-safe: guarded by the wallet's mutex.
class DescriptorSet
{
public:
    /// `look_ahead`: scripts known beyond the last one used. References outlive the set.
    DescriptorSet(const script::AddressParams& params, const Vault& vault, uint32_t look_ahead);
    ~DescriptorSet();
    DescriptorSet(const DescriptorSet&) = delete;
    DescriptorSet& operator=(const DescriptorSet&) = delete;

    /// One script's place.
    struct Place {
        size_t number = 0; ///< of the descriptor
        uint32_t index = 0;
    };

    /// Adds a descriptor by its public form, or widens the range of one that is known and takes its flags.
    /// Its number, or why it is none.
    [[nodiscard]] base::Expected<size_t, std::string> Add(const DescriptorRow& row);
    [[nodiscard]] size_t Count() const;
    [[nodiscard]] const DescriptorRow& Row(size_t number) const;
    [[nodiscard]] const script::Descriptor& Public(size_t number) const;
    [[nodiscard]] bool HasSecret(size_t number) const;
    /// Takes private forms out of memory.
    void Lock();

    [[nodiscard]] size_t ScriptCount() const;
    [[nodiscard]] std::vector<Bytes> Scripts() const;
    [[nodiscard]] std::optional<Place> Find(ByteSpan script) const;
    [[nodiscard]] std::optional<Place> FindKey(const base::Hash160& key_id) const;
    [[nodiscard]] std::optional<Place> FindKey(const crypto::XOnlyKey& key) const;
    [[nodiscard]] std::optional<Place> FindRedeem(const base::Hash160& script_id) const;
    [[nodiscard]] std::optional<Place> FindWitness(const base::Hash256& script_sha) const;
    /// All that is known of a place, private keys included while the vault is open.
    [[nodiscard]] script::DescriptorOutputs Expand(const Place& place) const;

    /// The form of address the scripts of a descriptor have; nullopt for those that mix (combo).
    [[nodiscard]] std::optional<interfaces::AddressType> TypeOf(size_t number) const;
    /// The active descriptor of a type.
    [[nodiscard]] std::optional<size_t> Active(interfaces::AddressType type, bool internal) const;
    /// Makes it the active one of its type, or takes that away; the rows to write.
    [[nodiscard]] RowBatch SetActive(size_t number, bool active, bool internal);
    /// The script behind the next unused index, and the row to write before it is shown. An empty script when
    /// the descriptor has no more.
    [[nodiscard]] std::pair<Bytes, RowChange> Next(size_t number);
    /// Notes that a script was seen. The row to write when that moved the range.
    [[nodiscard]] RowBatch MarkUsed(const Place& place);
    /// Scripts behind the next unused index of active descriptors.
    [[nodiscard]] uint64_t Unused() const;
    /// Knows that many scripts ahead from now on; the rows to write.
    [[nodiscard]] RowBatch Refill(uint32_t look_ahead);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::wallet
