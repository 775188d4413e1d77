/// Keys and addresses of a wallet.
#include "wallet/wallet.h"

#include "codec/base58.h"

#include <sys/stat.h>

namespace emc::wallet {

namespace {

constexpr size_t MAX_LABEL_BYTES = 1000;

} // namespace

std::string Wallet::AddressOf(ByteSpan script) const
{
    return script::EncodeAddress(m_params.addresses, script).value_or("");
}

Result<Bytes> Wallet::OwnScript(const std::string& address) const
{
    auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    if (m_keys.Find(*script) == nullptr) {
        return FailWith(CODE_WALLET, "Private key for address " + address + " is not known");
    }
    return std::move(*script);
}

/// The counter that makes the key reproducible is on disk before anybody sees the script.
Result<Bytes> Wallet::FreshScript(AddressType type, bool change, bool preview)
{
    if (preview && type == AddressType::Legacy) return script::PayToPubKeyHash({});
    if (preview) return script::PayToWitnessKeyHash({});
    auto fresh = m_keys.Next(type, change);
    if (auto written = m_store->Write({std::move(fresh.row)}); !written) return FailWith(written.Error());
    return std::move(fresh.script);
}

Result<std::string> Wallet::NewAddress(AddressType type, const std::string& label, bool change)
{
    if (label.size() > MAX_LABEL_BYTES)
        return FailWith(CODE_PARAMETER, "The label is longer than 1000 bytes");
    const base::LockGuard lock(m_mutex);
    auto script = FreshScript(type, change);
    if (!script) return base::Unexpected(script.Error());
    if (!label.empty()) {
        if (auto written = m_store->Write({MakeLabelRow(*script, label)}); !written)
            return FailWith(written.Error());
        m_labels[*script] = label;
    }
    return AddressOf(*script);
}

bool Wallet::IsMine(ByteSpan script) const
{
    const base::LockGuard lock(m_mutex);
    return m_keys.Find(script) != nullptr;
}

std::optional<std::string> Wallet::LabelOf(ByteSpan script) const
{
    const base::LockGuard lock(m_mutex);
    const auto it = m_labels.find(script);
    if (it == m_labels.end()) return std::nullopt;
    return it->second;
}

Result<void> Wallet::SetLabel(const std::string& address, const std::string& label)
{
    if (label.size() > MAX_LABEL_BYTES)
        return FailWith(CODE_PARAMETER, "The label is longer than 1000 bytes");
    const auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    const base::LockGuard lock(m_mutex);
    if (auto written = m_store->Write({MakeLabelRow(*script, label)}); !written)
        return FailWith(written.Error());
    m_labels[*script] = label;
    return {};
}

Result<std::string> Wallet::SignMessage(const std::string& address, const std::string& message)
{
    const base::LockGuard lock(m_mutex);
    const auto script = OwnScript(address);
    if (!script) return base::Unexpected(script.Error());
    const auto type = script::Solve(*script).type;
    if (type != script::ScriptType::PubKeyHash && type != script::ScriptType::WitnessV0KeyHash) {
        return FailWith(-3, "Address does not refer to key: use a legacy or bech32 address");
    }
    const auto key = m_keys.KeyOfScript(*script);
    if (!key) return FailWith(CODE_WALLET, "Private key not available");
    return codec::Base64Encode(key->SignCompact(script::MessageDigest(message)));
}

Result<std::string> Wallet::DumpSecret(const std::string& address)
{
    const base::LockGuard lock(m_mutex);
    const auto script = OwnScript(address);
    if (!script) return base::Unexpected(script.Error());
    const auto key = m_keys.KeyOfScript(*script);
    if (!key) return FailWith(CODE_WALLET, "Private key for address " + address + " is not known");
    return script::EncodeSecret(m_params.addresses, *key);
}

Result<void> Wallet::ImportSecret(const std::string& wif, const std::string& label, bool rescan)
{
    const auto key = script::DecodeSecret(m_params.addresses, wif);
    if (!key) return FailWith(CODE_ADDRESS, "Invalid private key encoding");
    {
        const base::LockGuard lock(m_mutex);
        RowBatch batch{MakeImportedRow(*key)};
        if (!label.empty())
            batch.push_back(MakeLabelRow(ScriptFor(key->Public(), AddressType::Bech32), label));
        if (rescan && m_birth_time > 1) {
            m_birth_time = 1; // the key may be as old as the chain
            batch.push_back(MakeRow(HeaderRow{FILE_VERSION, m_params.name, m_birth_time}));
        }
        if (auto written = m_store->Write(batch); !written) return FailWith(written.Error());
        m_keys.AddImported(*key);
        if (!label.empty()) m_labels[ScriptFor(key->Public(), AddressType::Bech32)] = label;
        m_ledger.Rebuild();
    }
    if (rescan) CatchUp(0);
    return {};
}

Result<WalletApi::AddressInfo> Wallet::GetAddressInfo(const std::string& address) const
{
    auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    AddressInfo out;
    out.script = std::move(*script);
    const base::LockGuard lock(m_mutex);
    if (const auto it = m_labels.find(out.script); it != m_labels.end()) out.label = it->second;
    const auto* origin = m_keys.Find(out.script);
    if (origin == nullptr) return out;
    out.mine = true;
    out.change = !origin->imported && origin->chain.change != 0;
    out.hd_path = m_keys.PathOf(*origin);
    if (const auto key = m_keys.KeyOf(origin->key_id)) {
        const auto pubkey = key->Public();
        out.pubkey.assign(pubkey.Span().begin(), pubkey.Span().end());
    }
    return out;
}

Result<WalletApi::Signed> Wallet::SignTransaction(const primitives::MutableTransaction& tx, int hash_type)
{
    Signed out;
    out.tx = tx;
    std::vector<primitives::TxOut> spent;
    std::vector<bool> known;
    for (const auto& input : tx.inputs) {
        auto coin = m_deps.chain.GetCoin(input.prevout);
        if (!coin) {
            const auto parent = m_deps.pool.Get(input.prevout.txid);
            if (parent && input.prevout.index < parent->Outputs().size()) {
                const auto& output = parent->Outputs()[input.prevout.index];
                const auto owner =
                    names::OwnerScriptOf(parent->Version(), input.prevout.index, output.script_pubkey);
                coin.emplace();
                coin->out = {output.value, Bytes(owner.script.begin(), owner.script.end())};
            }
        }
        known.push_back(coin.has_value());
        spent.push_back(coin ? coin->out : primitives::TxOut{});
    }
    const base::LockGuard lock(m_mutex);
    const auto provider = m_keys.Provider();
    const script::PrecomputedTx precomputed(tx, spent);
    out.complete = true;
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        const auto text =
            base::ReversedHex(tx.inputs[i].prevout.txid) + ":" + std::to_string(tx.inputs[i].prevout.index);
        if (!known[i]) {
            out.errors.push_back("Input not found or already spent: " + text);
            out.complete = false;
            continue;
        }
        auto result = script::SignInput(provider, precomputed, i, hash_type);
        out.tx.inputs[i].script_sig = std::move(result.script_sig);
        out.tx.inputs[i].witness = std::move(result.witness);
        if (!result.complete) {
            out.errors.push_back("Unable to sign input " + text + ": this wallet has not all keys");
            out.complete = false;
        }
    }
    return out;
}

WalletApi::Info Wallet::GetInfo() const
{
    const base::LockGuard lock(m_mutex);
    Info out;
    out.version = static_cast<int>(FILE_VERSION);
    out.tx_count = m_ledger.TxCount();
    out.keypool_size = m_keys.Unused();
    out.birth_time = m_birth_time;
    out.scanning = m_scanning.load();
    out.scan_progress = m_scan_progress.load();
    out.synced_height = m_ledger.TipHeight();
    return out;
}

Result<void> Wallet::Backup(const std::string& path)
{
    struct stat info {};

    const bool folder = stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
    const std::string file = folder ? path + "/wallet.dat" : path;
    const base::LockGuard lock(m_mutex);
    if (auto copied = m_store->BackupTo(file); !copied) return FailWith(copied.Error());
    return {};
}

void Wallet::Sync()
{
    m_subscription->Drain();
}

} // namespace emc::wallet
