/// Keys and addresses of a wallet.
#include "base/clock.h"
#include "codec/base58.h"
#include "consensus/networks.h"
#include "consensus/params.h"
#include "crypto/random.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <sys/stat.h>

namespace emc::wallet {

namespace {

constexpr int CODE_TYPE = -3;

Result<void> CheckLabel(const std::string& label)
{
    if (label.size() > MAX_LABEL_BYTES)
        return FailWith(CODE_PARAMETER, "The label is longer than 1000 bytes");
    return {};
}

/// The descriptor of one address; `tree` is where its key comes from, in brackets.
std::string LoneDescriptor(AddressType type, const std::string& tree, ByteSpan pubkey)
{
    std::string text;
    switch (type) {
    case AddressType::Legacy:
        text = "pkh(" + tree + base::Hex(pubkey) + ")";
        break;
    case AddressType::P2shSegwit:
        text = "sh(wpkh(" + tree + base::Hex(pubkey) + "))";
        break;
    case AddressType::Bech32:
        text = "wpkh(" + tree + base::Hex(pubkey) + ")";
        break;
    case AddressType::Bech32m:
        text = "tr(" + tree + base::Hex(pubkey.subspan(1)) + ")";
        break;
    }
    return text + "#" + script::DescriptorChecksum(text).value_or("");
}

base::Unexpected<Failure> NoAddress()
{
    return FailWith(CODE_WALLET, "This wallet has nothing to make such an address from: import an active "
                                 "descriptor of that type, or a recovery phrase");
}

} // namespace

std::string Wallet::AddressOf(ByteSpan script) const
{
    return script::EncodeAddress(m_params.addresses, script).value_or("");
}

Result<Bytes> Wallet::OwnScript(const std::string& address) const
{
    auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    if (!m_book->keys.Find(*script)) {
        return FailWith(CODE_WALLET, "Private key for address " + address + " is not known");
    }
    return std::move(*script);
}

/// The counter that makes the key reproducible is on disk before anybody sees the script.
Result<Bytes> Wallet::FreshScript(AddressType type, bool change, bool preview)
{
    if (preview && type == AddressType::Legacy) return script::PayToPubKeyHash({});
    if (preview) return script::PayToWitnessKeyHash({});
    auto fresh = m_book->keys.Next(type, change);
    if (!fresh) return NoAddress();
    if (auto written = m_book->store->Write(fresh->rows); !written) return FailWith(written.Error());
    return std::move(fresh->script);
}

Result<std::string> Wallet::NewAddress(AddressType type, const std::string& label, bool change)
{
    if (auto fits = CheckLabel(label); !fits) return base::Unexpected(fits.Error());
    const base::LockGuard lock(m_mutex);
    auto fresh = m_book->keys.Next(type, change);
    if (!fresh) return NoAddress();
    if (!label.empty()) fresh->rows.push_back(MakeLabelRow(fresh->script, label));
    if (auto written = m_book->store->Write(fresh->rows); !written) return FailWith(written.Error());
    if (!label.empty()) m_book->labels[fresh->script] = label;
    return AddressOf(fresh->script);
}

bool Wallet::IsMine(ByteSpan script) const
{
    const base::LockGuard lock(m_mutex);
    return m_book->keys.Find(script).has_value();
}

std::optional<std::string> Wallet::LabelOf(ByteSpan script) const
{
    const base::LockGuard lock(m_mutex);
    const auto it = m_book->labels.find(script);
    if (it == m_book->labels.end()) return std::nullopt;
    return it->second;
}

Result<void> Wallet::SetLabel(const std::string& address, const std::string& label)
{
    if (auto fits = CheckLabel(label); !fits) return fits;
    const auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    const base::LockGuard lock(m_mutex);
    if (auto written = m_book->store->Write({MakeLabelRow(*script, label)}); !written)
        return FailWith(written.Error());
    m_book->labels[*script] = label;
    return {};
}

Result<std::string> Wallet::SignMessage(const std::string& address, const std::string& message)
{
    const base::LockGuard lock(m_mutex);
    const auto script = OwnScript(address);
    if (!script) return base::Unexpected(script.Error());
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto type = script::Solve(*script).type;
    if (type != script::ScriptType::PubKeyHash && type != script::ScriptType::WitnessV0KeyHash) {
        return FailWith(CODE_TYPE, "This address stands for no single key; use a legacy or bech32 address");
    }
    const auto key = m_book->keys.KeyOfScript(*script);
    if (!key) return FailWith(CODE_WALLET, "Private key not available");
    return codec::Base64Encode(key->SignCompact(script::MessageDigest(message)));
}

Result<std::string> Wallet::DumpSecret(const std::string& address)
{
    const base::LockGuard lock(m_mutex);
    const auto script = OwnScript(address);
    if (!script) return base::Unexpected(script.Error());
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto key = m_book->keys.KeyOfScript(*script);
    if (!key) return FailWith(CODE_WALLET, "Private key for address " + address + " is not known");
    return script::EncodeSecret(m_params.addresses, *key);
}

Result<void> Wallet::ImportSecrets(const std::vector<LabelledSecret>& secrets, bool rescan)
{
    std::vector<crypto::PrivateKey> keys;
    for (const auto& secret : secrets) {
        if (auto fits = CheckLabel(secret.label); !fits) return fits;
        const auto key = script::DecodeSecret(m_params.addresses, secret.wif);
        if (!key)
            return FailWith(CODE_ADDRESS, "Invalid private key encoding" +
                                              consensus::NetworkOfSecret(m_params, secret.wif));
        keys.push_back(*key);
    }
    const int64_t since = rescan ? FROM_THE_START : NO_SCAN;
    return AddAndScan(since, [&] { return AddSecrets(keys, secrets, since); });
}

Result<void> Wallet::CheckOldBlocks(int64_t since) const
{
    if (BlocksAwaited()) {
        return FailWith(
            CODE_WALLET,
            "The blocks below the loaded snapshot are not here yet, so they cannot be searched for "
            "payments to this key; import it with rescan false and start with -rescan when "
            "getchainstates shows one validated state, or wait until then");
    }
    if (PrunedBlock(1, since)) {
        return FailWith(CODE_WALLET,
                        "Old blocks are pruned, so they cannot be searched for payments to this key; "
                        "import it with rescan false, and payments in them stay unknown");
    }
    return {};
}

/// The keys of these secrets. `since`: they may be that old; NO_SCAN: as the wallet.
Result<void> Wallet::AddSecrets(const std::vector<crypto::PrivateKey>& keys,
                                const std::vector<LabelledSecret>& secrets, int64_t since)
{
    const base::LockGuard lock(m_mutex);
    if (auto usable = NeedKeys(); !usable) return usable;
    Book& book = *m_book;
    RowBatch batch;
    std::map<Bytes, std::string, BytesLess> labels;
    for (size_t i = 0; i < keys.size(); ++i) {
        for (auto& row : book.keys.AddImported(keys[i], m_deps.random))
            batch.push_back(std::move(row));
        if (secrets[i].label.empty()) continue;
        for (const auto type : {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32})
            labels[ScriptFor(keys[i].Public(), type)] = secrets[i].label;
    }
    for (const auto& [script, label] : labels)
        batch.push_back(MakeLabelRow(script, label));
    NoteBirth(since, batch);
    auto written = book.store->Write(batch);
    if (written) written = book.store->Flush(); // no seed brings these keys back
    for (auto& row : batch)
        crypto::Wipe(*row.value);
    if (!written) return FailWith(written.Error());
    for (auto& [script, label] : labels)
        book.labels[script] = std::move(label);
    book.ledger.Rebuild();
    return {};
}

Result<WalletApi::AddressInfo> Wallet::GetAddressInfo(const std::string& address) const
{
    const auto script = script::DecodeAddress(m_params.addresses, address);
    if (!script) return FailWith(CODE_ADDRESS, "Invalid address: " + script.Error());
    return DescribeScript(*script);
}

WalletApi::AddressInfo Wallet::DescribeScript(ByteSpan script) const
{
    AddressInfo out;
    out.script.assign(script.begin(), script.end());
    const base::LockGuard lock(m_mutex);
    if (const auto it = m_book->labels.find(script); it != m_book->labels.end()) out.label = it->second;
    const auto origin = m_book->keys.Find(script);
    if (!origin) return out;
    const KeyRing& keys = m_book->keys;
    out.mine = true;
    out.change = origin->change;
    out.solvable = origin->solvable;
    out.hd_path = keys.PathOf(*origin);
    out.created = m_book->birth_time;
    if (const auto key = keys.PublicOf(origin->key_id))
        out.pubkey.assign(key->Span().begin(), key->Span().end());
    if (const auto tree = keys.OriginOf(origin->key_id); tree && !out.hd_path.empty())
        out.master_fingerprint = base::Hex(tree->fingerprint);
    if (!origin->descriptor && !out.pubkey.empty()) {
        const std::string tree =
            out.hd_path.empty() ? "" : "[" + out.master_fingerprint + out.hd_path.substr(1) + "]";
        out.descriptor = LoneDescriptor(origin->type, tree, out.pubkey);
    }
    if (origin->descriptor) {
        const auto& form = keys.Descriptors().Public(*origin->descriptor);
        out.parent_descriptor = form.Text();
        out.created = keys.Descriptors().Row(*origin->descriptor).created;
        if (const auto lone = form.At(origin->index)) out.descriptor = lone->Text();
        const auto behind = form.Expand(origin->index);
        if (behind && !behind->redeem_scripts.empty()) out.redeem_script = behind->redeem_scripts[0];
        if (behind && !behind->witness_scripts.empty()) out.witness_script = behind->witness_scripts[0];
    } else if (!origin->imported) {
        out.parent_descriptor = keys.ChainDescriptor(origin->chain, false);
    }
    if (!origin->descriptor && origin->type == AddressType::P2shSegwit)
        out.redeem_script = script::PayToWitnessKeyHash(origin->key_id);
    return out;
}

Result<WalletApi::Signed> Wallet::SignTransaction(const primitives::MutableTransaction& tx, int hash_type,
                                                  const std::vector<interfaces::GivenOutput>& given)
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
        for (const auto& one : given) {
            if (one.outpoint == input.prevout) coin.emplace().out = one.out;
        }
        known.push_back(coin.has_value());
        spent.push_back(coin ? coin->out : primitives::TxOut{});
    }
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto provider = m_book->keys.Provider();
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
        if (script::VerifyInput(precomputed, i, script::STANDARD_FLAGS)) continue; // signed by others already
        auto result = script::SignInput(provider, precomputed, i, hash_type);
        if (result.complete || !result.script_sig.empty() || !result.witness.empty()) {
            out.tx.inputs[i].script_sig = std::move(result.script_sig);
            out.tx.inputs[i].witness = std::move(result.witness);
        }
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
    out.tx_count = m_book->ledger.TxCount();
    out.keypool_size = m_book->keys.Unused();
    out.birth_time = m_book->birth_time;
    out.encrypted = m_book->keys.Secrets().IsEncrypted();
    out.unlocked_until = m_unlocked_until;
    out.mint_only = m_mint_only;
    out.private_keys = m_book->HoldsKeys();
    out.blank = (m_book->flags & FLAG_BLANK) != 0;
    out.avoid_reuse = (m_book->flags & FLAG_AVOID_REUSE) != 0;
    out.external_signer = (m_book->flags & FLAG_EXTERNAL_SIGNER) != 0;
    out.scanning = m_following || m_rescanning.load();
    out.scan_progress = m_scan_progress.load();
    if (out.scanning) {
        const double seconds = static_cast<double>(base::SteadyMicros() - m_scan_began_us.load()) / 1e6;
        out.scan_seconds = static_cast<int64_t>(seconds);
        if (out.scan_progress > 0)
            out.scan_left_sec = static_cast<int64_t>(seconds * (1 / out.scan_progress - 1));
    }
    out.synced_height = m_book->ledger.TipHeight();
    return out;
}

Result<void> Wallet::Backup(const std::string& path)
{
    struct stat info {};

    const bool there = stat(path.c_str(), &info) == 0;
    const std::string file = there && S_ISDIR(info.st_mode) ? path + "/wallet.dat" : path;
    const base::LockGuard lock(m_mutex);
    if (auto copied = m_book->store->BackupTo(file); !copied) return FailWith(copied.Error());
    return {};
}

void Wallet::Sync()
{
    m_subscription->Drain();
}

} // namespace emc::wallet
