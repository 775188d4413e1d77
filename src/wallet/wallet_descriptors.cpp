/// Imported descriptors, lists of keys and labels.
#include "base/clock.h"
#include "consensus/params.h"
#include "crypto/random.h"
#include "interfaces/chain.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr uint32_t MAX_RANGE = 1'000'000;

/// Without the checksum behind "#".
std::string Bare(const std::string& text)
{
    return text.substr(0, text.find('#'));
}

/// Is one of the keys of a descriptor without wildcard of this wallet already?
bool HasOwnKey(const KeyRing& keys, const script::Descriptor& form)
{
    if (form.IsRange()) return false;
    const auto outputs = form.Expand(0);
    if (!outputs) return false;
    return std::any_of(outputs->keys.begin(), outputs->keys.end(),
                       [&](const auto& key) { return keys.PublicOf(key.key.Id()).has_value(); });
}

} // namespace

RowChange Wallet::HeaderNow() const
{
    return MakeRow(HeaderRow{FILE_VERSION, m_params.name, m_book->birth_time, m_book->flags});
}

void Wallet::NoteBirth(int64_t since, RowBatch& batch)
{
    if (m_book->birth_time <= since) return;
    m_book->birth_time = std::max(since, FROM_THE_START);
    batch.push_back(HeaderNow());
}

Result<void> Wallet::AddDescriptor(const ImportItem& item)
{
    Book& book = *m_book;
    const auto parsed = script::Descriptor::Parse(m_params.addresses, item.descriptor, true);
    if (!parsed) return FailWith(CODE_ADDRESS, parsed.Error());
    const bool secret = parsed->HasPrivateKeys();
    if (secret && !book.HoldsKeys())
        return FailWith(CODE_WALLET,
                        "This wallet is for watching only: give the descriptor without private keys");
    if (!secret && book.HoldsKeys() && !HasOwnKey(book.keys, *parsed)) {
        return FailWith(CODE_WALLET,
                        "This wallet holds private keys, the descriptor has none: import it into a "
                        "wallet made with disable_private_keys, so that coins one cannot spend never "
                        "count as one's own");
    }
    const bool range = parsed->IsRange();
    if (!range && item.active)
        return FailWith(CODE_PARAMETER, "Only a descriptor with a wildcard can be active");
    if (range &&
        (item.end < item.begin || item.end - item.begin >= MAX_RANGE || item.end >= script::HARDENED))
        return FailWith(CODE_PARAMETER,
                        "The range must go up, below 2147483648, and have 1000000 indices at most");
    if (range && !item.label.empty())
        return FailWith(CODE_PARAMETER, "A descriptor with a wildcard cannot have a label");
    if (item.internal && !item.label.empty())
        return FailWith(CODE_PARAMETER, "Addresses for change have no label");
    const auto form = parsed->Public();
    if (!form) {
        return FailWith(CODE_ADDRESS,
                        "A hardened step behind the last private key, or a hardened wildcard, cannot "
                        "be followed while the wallet is locked; give the extended key of that place");
    }
    DescriptorRow row;
    row.text = Bare(form->Text());
    row.begin = range ? item.begin : 0;
    row.end = range ? item.end + 1 : 1;
    row.next = range ? item.next.value_or(item.begin) : 0;
    if (range && (row.next < row.begin || row.next > row.end))
        return FailWith(CODE_PARAMETER, "next_index is outside the range");
    row.created = std::max(item.created, FROM_THE_START);
    row.internal = item.internal;
    const auto first = form->Scripts(row.begin);
    if (item.active && first && first->size() > 1)
        return FailWith(CODE_WALLET, "A combo() has addresses of several types and cannot be active");
    // From here on it is known: nothing but a failing disk may keep it from being written.
    auto number = book.keys.Descriptors().Add(row);
    if (!number) return FailWith(CODE_ADDRESS, number.Error());
    RowBatch rows = book.keys.Descriptors().SetActive(*number, item.active, item.internal);
    if (secret) {
        std::string text = Bare(parsed->KnownText());
        rows.push_back(book.keys.Secrets().Add(DescriptorSecretKey(DescriptorId(row.text)),
                                               base::AsBytes(text), m_deps.random));
        crypto::Wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
    }
    std::vector<Bytes> labelled;
    if (!item.label.empty()) {
        if (auto scripts = form->Scripts(0)) labelled = *std::move(scripts);
    }
    for (const auto& script : labelled)
        rows.push_back(MakeLabelRow(script, item.label));
    book.flags &= ~FLAG_BLANK;
    NoteBirth(row.created, rows);
    rows.push_back(HeaderNow());
    auto written = book.store->Write(rows);
    if (written && secret) written = book.store->Flush(); // no seed brings it back
    for (auto& one : rows) {
        if (one.value) crypto::Wipe(*one.value);
    }
    if (!written) return FailWith(written.Error());
    for (const auto& script : labelled)
        book.labels[script] = item.label;
    return {};
}

std::vector<Result<void>> Wallet::ImportDescriptors(const std::vector<ImportItem>& items)
{
    std::vector<Result<void>> out;
    int64_t since = NO_SCAN;
    const int64_t tip_time = m_deps.chain.GetTip().time;
    for (const auto& item : items) {
        if (item.created <= tip_time) since = std::min(since, item.created);
    }
    const auto scanned = AddAndScan(since, [&]() -> Result<void> {
        const base::LockGuard lock(m_mutex);
        if (m_book->HoldsKeys()) {
            if (auto keys = NeedKeys(); !keys) return keys;
        }
        for (const auto& item : items) {
            if (item.label.size() > MAX_LABEL_BYTES) {
                out.push_back(FailWith(CODE_PARAMETER, "The label is longer than 1000 bytes"));
                continue;
            }
            out.push_back(AddDescriptor(item));
        }
        m_book->ledger.Rebuild();
        return {};
    });
    if (!scanned) out.assign(items.size(), base::Unexpected(scanned.Error()));
    return out;
}

Result<std::vector<WalletApi::DescriptorInfo>> Wallet::ListDescriptors(KeysShown shown) const
{
    const base::LockGuard lock(m_mutex);
    const bool secret = shown == KeysShown::Private;
    if (secret) {
        if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    }
    const KeyRing& keys = m_book->keys;
    std::vector<DescriptorInfo> out;
    for (const auto& chain : keys.Chains()) {
        const auto [next, end] = keys.ChainRange(chain);
        const bool active =
            !keys.Descriptors().Active(static_cast<AddressType>(chain.type), chain.change != 0);
        out.push_back({keys.ChainDescriptor(chain, secret), m_book->birth_time, active, chain.change != 0,
                       true, 0, end - 1, next});
    }
    for (size_t i = 0; i < keys.Descriptors().Count(); ++i) {
        const auto& row = keys.Descriptors().Row(i);
        DescriptorInfo info{keys.Descriptors().Public(i).Text(),    row.created, row.active,  row.internal,
                            keys.Descriptors().Public(i).IsRange(), row.begin,   row.end - 1, row.next};
        const auto text =
            secret ? keys.Secrets().Get(DescriptorSecretKey(DescriptorId(row.text))) : std::nullopt;
        if (text) {
            info.text = base::ToText(text->Span());
            info.text += "#" + script::DescriptorChecksum(info.text).value_or("");
        }
        out.push_back(std::move(info));
    }
    for (const auto& key : keys.ImportedKeys()) {
        const auto private_key = secret ? keys.KeyOf(key.Id()) : std::nullopt;
        std::string text =
            "combo(" +
            (private_key ? script::EncodeSecret(m_params.addresses, *private_key) : base::Hex(key.Span())) +
            ")";
        text += "#" + script::DescriptorChecksum(text).value_or("");
        out.push_back({std::move(text), m_book->birth_time, false, false, false, 0, 0, 0});
    }
    return out;
}

Result<void> Wallet::RefillKeys(uint32_t count)
{
    const base::LockGuard lock(m_mutex);
    const RowBatch rows = m_book->keys.Refill(count);
    if (rows.empty()) return {};
    if (auto written = m_book->store->Write(rows); !written) return FailWith(written.Error());
    m_book->ledger.Rebuild();
    return {};
}

Result<std::vector<WalletApi::KeyLine>> Wallet::DumpKeys() const
{
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const KeyRing& keys = m_book->keys;
    const auto& labels = m_book->labels;
    std::vector<KeyLine> out;
    const auto add = [&](const crypto::PublicKey& pubkey, AddressType type, bool change, std::string path) {
        const Bytes script = ScriptFor(pubkey, type);
        const auto key = keys.KeyOfScript(script);
        if (!key) return;
        const auto label = labels.find(script);
        out.push_back({script::EncodeSecret(m_params.addresses, *key), AddressOf(script),
                       label == labels.end() ? std::string() : label->second, std::move(path), change});
    };
    for (const auto& key : keys.ImportedKeys())
        add(key, key.IsCompressed() ? AddressType::Bech32 : AddressType::Legacy, false, "");
    for (const auto& chain : keys.Chains()) {
        const uint32_t end = keys.ChainRange(chain).second;
        const auto form =
            script::Descriptor::Parse(m_params.addresses, keys.ChainDescriptor(chain, false), true);
        for (uint32_t index = 0; form && index < end; ++index) {
            const auto at = form->Expand(index);
            if (!at) continue;
            add(at->keys[0].key, static_cast<AddressType>(chain.type), chain.change != 0,
                "m" + script::HdPathText(at->keys[0].origin.path, '\''));
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> Wallet::Labels() const
{
    const base::LockGuard lock(m_mutex);
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [script, label] : m_book->labels)
        out.emplace_back(label, AddressOf(script));
    std::sort(out.begin(), out.end());
    return out;
}

Result<void> Wallet::SetAvoidReuse(bool on)
{
    const base::LockGuard lock(m_mutex);
    const uint32_t before = m_book->flags;
    m_book->flags = on ? before | FLAG_AVOID_REUSE : before & ~FLAG_AVOID_REUSE;
    if (auto written = m_book->store->Write({HeaderNow()}); !written) {
        m_book->flags = before;
        return FailWith(written.Error());
    }
    return {};
}

} // namespace emc::wallet
