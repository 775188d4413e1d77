#include "wallet/vault.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/cipher.h"
#include "crypto/random.h"
#include "wallet/rows.h"

#include <algorithm>
#include <map>

namespace emc::wallet {

namespace {

using crypto::ScryptCost;

constexpr size_t MASTER_BYTES = 32;
constexpr size_t NONCE_BYTES = 12;
constexpr size_t TAG_BYTES = 16;
constexpr size_t SEAL_BYTES = NONCE_BYTES + TAG_BYTES;
constexpr size_t MAX_SECRET_BYTES = 1u << 20;
constexpr uint8_t KDF_SCRYPT = 1;
// What a damaged file may ask for at most: 256 MiB, and the time of so many rounds.
constexpr uint8_t MAX_LOG2_N = 18;
constexpr uint32_t MAX_R = 16;
constexpr uint32_t MAX_P = 256;
constexpr ScryptCost LEAST_COST{14, 8, 1}; // 16 MiB
constexpr uint8_t MOST_MEMORY_LOG2_N = 16; // 64 MiB with r = 8

crypto::Key32 KeyFrom(ByteSpan in)
{
    crypto::Key32 out{};
    EMC_CHECK(in.size() == out.size());
    std::copy(in.begin(), in.end(), out.begin());
    return out;
}

/// Nonces are random: with 96 bits and the few secrets of a wallet none comes twice.
Bytes Seal(ByteSpan key, ByteSpan aad, ByteSpan secret, base::RandomSource& random)
{
    std::array<uint8_t, NONCE_BYTES> nonce{};
    random.Fill(nonce);
    auto raw = KeyFrom(key);
    const Bytes sealed = crypto::Aes256GcmSeal(raw, nonce, aad, secret);
    crypto::Wipe(raw);
    Bytes out(nonce.begin(), nonce.end());
    out.insert(out.end(), sealed.begin(), sealed.end());
    return out;
}

/// Into `out`, which has the secret's size; false when the tag does not fit.
bool UnsealInto(ByteSpan key, ByteSpan aad, ByteSpan stored, std::span<uint8_t> out)
{
    std::array<uint8_t, NONCE_BYTES> nonce{};
    std::copy_n(stored.begin(), NONCE_BYTES, nonce.begin());
    auto raw = KeyFrom(key);
    const bool fits = crypto::Aes256GcmOpen(raw, nonce, aad, stored.subspan(NONCE_BYTES), out);
    crypto::Wipe(raw);
    return fits;
}

std::optional<SecureBytes> Unseal(ByteSpan key, ByteSpan aad, ByteSpan stored)
{
    if (stored.size() < SEAL_BYTES) return std::nullopt;
    SecureBytes out(stored.size() - SEAL_BYTES);
    if (!UnsealInto(key, aad, stored, out.Mutable())) return std::nullopt;
    return out;
}

/// What stands before the sealed key; authenticated with it.
Bytes HeadOf(const MasterRow& row)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(KDF_SCRYPT);
    writer.U8(row.cost.log2_n);
    writer.U32(row.cost.r);
    writer.U32(row.cost.p);
    writer.Raw(row.salt);
    return out;
}

std::optional<SecureBytes> Stretch(const MasterRow& row, std::string_view passphrase)
{
    SecureBytes out(MASTER_BYTES);
    if (!crypto::Scrypt(base::AsBytes(passphrase), row.salt, row.cost, out.Mutable())) return std::nullopt;
    return out;
}

} // namespace

Bytes MasterKey()
{
    return {static_cast<uint8_t>(RowKind::Master)};
}

RowChange MakeRow(const MasterRow& row)
{
    Bytes value = HeadOf(row);
    value.insert(value.end(), row.sealed.begin(), row.sealed.end());
    return {MasterKey(), std::move(value)};
}

std::optional<MasterRow> ReadMasterRow(ByteSpan value)
{
    codec::Reader in(value);
    MasterRow row;
    const uint8_t kdf = in.U8();
    row.cost.log2_n = in.U8();
    row.cost.r = in.U32();
    row.cost.p = in.U32();
    const auto salt = in.Hash();
    std::copy(salt.begin(), salt.end(), row.salt.begin());
    if (!in.Ok() || kdf != KDF_SCRYPT || row.cost.log2_n < 1 || row.cost.log2_n > MAX_LOG2_N ||
        row.cost.r < 1 || row.cost.r > MAX_R || row.cost.p < 1 || row.cost.p > MAX_P)
        return std::nullopt;
    const ByteSpan rest = value.subspan(HeadOf(row).size());
    if (rest.size() != MASTER_BYTES + SEAL_BYTES) return std::nullopt;
    row.sealed.assign(rest.begin(), rest.end());
    return row;
}

SecureBytes NewMasterKey(base::RandomSource& random)
{
    SecureBytes out(MASTER_BYTES);
    random.Fill(out.Mutable());
    return out;
}

ScryptCost CalibrateCost(int64_t milliseconds)
{
    ScryptCost cost = LEAST_COST;
    SecureBytes out(MASTER_BYTES);
    const std::array<uint8_t, 32> salt{};
    const int64_t begin = base::SteadyMicros();
    if (!crypto::Scrypt(base::AsBytes("calibration"), salt, cost, out.Mutable())) return cost;
    const int64_t once_us = std::max<int64_t>(base::SteadyMicros() - begin, 1);
    int64_t times = milliseconds * 1000 / once_us;
    while (times >= 2 && cost.log2_n < MOST_MEMORY_LOG2_N) {
        ++cost.log2_n;
        times /= 2;
    }
    cost.p = static_cast<uint32_t>(std::clamp<int64_t>(times, 1, MAX_P));
    return cost;
}

std::optional<MasterRow> SealMaster(const SecureBytes& master, std::string_view passphrase,
                                    const ScryptCost& cost, base::RandomSource& random)
{
    MasterRow row;
    row.cost = cost;
    random.Fill(row.salt);
    const auto key = Stretch(row, passphrase);
    if (!key) return std::nullopt;
    row.sealed = Seal(key->Span(), HeadOf(row), master.Span(), random);
    return row;
}

std::optional<SecureBytes> OpenMaster(const MasterRow& row, std::string_view passphrase)
{
    const auto key = Stretch(row, passphrase);
    if (!key) return std::nullopt;
    return Unseal(key->Span(), HeadOf(row), row.sealed);
}

struct Vault::Impl {
    std::optional<MasterRow> row;
    std::optional<SecureBytes> master;
    std::map<Bytes, Bytes, BytesLess> stored; ///< values as the file has them

    void Clear()
    {
        for (auto& [key, value] : stored)
            crypto::Wipe(value);
        stored.clear();
    }
};

Vault::Vault() : m_impl(std::make_unique<Impl>()) {}

Vault::~Vault()
{
    m_impl->Clear();
}

void Vault::SetMaster(MasterRow row)
{
    m_impl->row = std::move(row);
    m_impl->master.reset();
}

void Vault::ReplaceMaster(MasterRow row)
{
    EMC_CHECK(IsEncrypted());
    m_impl->row = std::move(row);
}

const std::optional<MasterRow>& Vault::Master() const
{
    return m_impl->row;
}

bool Vault::Load(ByteSpan key, ByteSpan value)
{
    if (value.empty() || value.size() > MAX_SECRET_BYTES + SEAL_BYTES) return false;
    if (m_impl->row && value.size() <= SEAL_BYTES) return false;
    Bytes& kept = m_impl->stored[Bytes(key.begin(), key.end())];
    crypto::Wipe(kept);
    kept.assign(value.begin(), value.end());
    return true;
}

bool Vault::IsEncrypted() const
{
    return m_impl->row.has_value();
}

bool Vault::IsLocked() const
{
    return m_impl->row && !m_impl->master;
}

bool Vault::Open(SecureBytes master)
{
    EMC_CHECK(m_impl->row && master.Span().size() == MASTER_BYTES);
    SecureBytes scratch; // one for all: pages of their own for each would take seconds with many keys
    for (const auto& [key, value] : m_impl->stored) {
        if (value.size() < SEAL_BYTES) return false;
        const size_t size = value.size() - SEAL_BYTES;
        if (scratch.Span().size() < size) scratch = SecureBytes(size);
        if (!UnsealInto(master.Span(), key, value, scratch.Mutable().first(size))) return false;
    }
    m_impl->master = std::move(master);
    return true;
}

void Vault::Lock()
{
    m_impl->master.reset();
}

bool Vault::Has(ByteSpan key) const
{
    return m_impl->stored.contains(key);
}

std::optional<SecureBytes> Vault::Get(ByteSpan key) const
{
    const auto it = m_impl->stored.find(key);
    if (it == m_impl->stored.end() || IsLocked()) return std::nullopt;
    if (!m_impl->row) return SecureBytes(ByteSpan(it->second));
    return Unseal(m_impl->master->Span(), key, it->second);
}

RowChange Vault::Add(ByteSpan key, ByteSpan secret, base::RandomSource& random)
{
    EMC_CHECK(!IsLocked() && !secret.empty());
    Bytes& kept = m_impl->stored[Bytes(key.begin(), key.end())];
    crypto::Wipe(kept);
    kept =
        m_impl->row ? Seal(m_impl->master->Span(), key, secret, random) : Bytes(secret.begin(), secret.end());
    return {Bytes(key.begin(), key.end()), kept};
}

std::vector<Bytes> Vault::Keys(uint8_t kind) const
{
    std::vector<Bytes> out;
    for (auto it = m_impl->stored.lower_bound(ByteSpan(&kind, 1));
         it != m_impl->stored.end() && it->first[0] == kind; ++it)
        out.push_back(it->first);
    return out;
}

RowBatch Vault::Sealed(const SecureBytes& master, const MasterRow& row, base::RandomSource& random) const
{
    EMC_CHECK(!IsLocked());
    RowBatch out{MakeRow(row)};
    for (const auto& [key, value] : m_impl->stored)
        out.push_back({key, Seal(master.Span(), key, Get(key)->Span(), random)});
    return out;
}

void Vault::Adopt(const RowBatch& rows)
{
    m_impl->Clear();
    m_impl->master.reset();
    for (const auto& row : rows) {
        if (row.key == MasterKey())
            m_impl->row = ReadMasterRow(*row.value);
        else
            m_impl->stored[row.key] = *row.value;
    }
}

} // namespace emc::wallet
