#include "wallet/wallets.h"

#include "base/log.h"
#include "codec/json.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "wallet/signer.h"
#include "wallet/store.h"

#include <algorithm>
#include <dirent.h>
#include <fstream>
#include <limits>
#include <sstream>

namespace emc::wallet {

namespace {

constexpr int CODE_ALREADY_LOADED = -35;
constexpr int CODE_NOT_FOUND = -18;
constexpr int CODE_EXISTS = -36;
constexpr size_t MAX_NAME_BYTES = 100;

bool IsPlainName(const std::string& name)
{
    // The wallet without a name has these in the same folder.
    if (name == "database" || name == "wallet.dat" || name.starts_with("__db.")) return false;
    return name.size() <= MAX_NAME_BYTES && !name.starts_with(".") &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return c != '/' && static_cast<unsigned char>(c) >= 0x20; });
}

} // namespace

Wallets::Wallets(std::string folder, const WalletOptions& options, const WalletDeps& deps)
    : m_folder(std::move(folder)), m_options(options), m_deps(deps)
{}

Wallets::~Wallets() = default;

std::string Wallets::FolderOf(const std::string& name) const
{
    return name.empty() ? m_folder : m_folder + "/" + name;
}

std::vector<std::shared_ptr<WalletApi>> Wallets::Loaded() const
{
    const base::LockGuard lock(m_mutex);
    return m_loaded;
}

Result<std::shared_ptr<WalletApi>> Wallets::Open(const std::string& name, Store::Mode mode,
                                                 const interfaces::NewWallet& plan)
{
    if (!IsPlainName(name)) {
        return FailWith(CODE_PARAMETER,
                        "'" + name +
                            "' cannot be a wallet's name: up to 100 characters without /, not "
                            "beginning with a dot, and neither database nor wallet.dat");
    }
    {
        const base::LockGuard lock(m_mutex);
        const bool loaded =
            std::any_of(m_loaded.begin(), m_loaded.end(), [&](const auto& w) { return w->Name() == name; });
        const bool opening = std::find(m_opening.begin(), m_opening.end(), name) != m_opening.end();
        if (loaded || opening)
            return FailWith(CODE_ALREADY_LOADED, "Wallet \"" + name + "\" is already loaded.");
        m_opening.push_back(name);
    }
    WalletOptions options = m_options;
    options.fresh = plan;
    auto opened = OpenWallet(name, FolderOf(name), mode, options, m_deps);
    const base::LockGuard lock(m_mutex);
    std::erase(m_opening, name);
    if (!opened) return base::Unexpected(opened.Error());
    m_loaded.push_back(*opened);
    return std::shared_ptr<WalletApi>(*opened);
}

Result<std::shared_ptr<WalletApi>> Wallets::Create(const std::string& name, const interfaces::NewWallet& plan)
{
    if (plan.external_signer) return CreateForDevice(name, plan);
    return Open(name, Store::Mode::Create, plan);
}

Signer Wallets::DeviceSigner() const
{
    return Signer(m_options.signer, m_deps.chain.Params().name, [this] { return m_deps.Stopping(); });
}

Result<std::shared_ptr<WalletApi>> Wallets::CreateForDevice(const std::string& name,
                                                            const interfaces::NewWallet& plan)
{
    const Signer signer = DeviceSigner();
    const auto device = signer.OnlyDevice();
    if (!device) return base::Unexpected(device.Error());
    const auto account = signer.AccountDescriptors(*device, 0);
    if (!account) return base::Unexpected(account.Error());
    std::vector<WalletApi::ImportItem> items;
    for (const auto& [texts, internal] : {std::pair{&account->receive, false}, {&account->internal, true}}) {
        for (const auto& text : *texts) {
            WalletApi::ImportItem item;
            item.descriptor = text;
            item.active = true;
            item.internal = internal;
            item.created = m_deps.chain.GetTip().time + 1; // a rescan finds what is older
            items.push_back(std::move(item));
        }
    }
    if (items.empty()) return FailWith(CODE_MISC, "The external signer gave no descriptor");
    auto opened = Open(name, Store::Mode::Create, plan);
    if (!opened) return opened;
    for (const auto& imported : (*opened)->ImportDescriptors(items)) {
        if (imported) continue;
        opened = FailWith(imported.Error().code,
                          "A descriptor of the external signer is refused: " + imported.Error().message);
        (void)Unload(name);
        RemoveCopy(FolderOf(name)); // just made
        break;
    }
    return opened;
}

Result<std::vector<interfaces::SignerDevice>> Wallets::Signers() const
{
    return DeviceSigner().Devices();
}

Result<std::shared_ptr<WalletApi>> Wallets::Restore(const std::string& name, const std::string& backup)
{
    if (IsPlainName(name) && HoldsWallet(FolderOf(name)))
        return FailWith(CODE_EXISTS, "There is a wallet in " + FolderOf(name) + " already");
    if (IsPlainName(name)) {
        if (auto copied = CopyWallet(backup, FolderOf(name)); !copied) {
            const bool missing = copied.Error().error == StoreError::NotFound;
            return FailWith(missing ? CODE_PARAMETER : CODE_WALLET, copied.Error().message);
        }
    }
    auto opened = Open(name, Store::Mode::Open, {});
    // What could not be opened is only a copy, unless somebody else has opened it meanwhile.
    const bool unused = !opened && opened.Error().code != CODE_ALREADY_LOADED;
    if (unused && IsPlainName(name)) RemoveCopy(FolderOf(name));
    return opened;
}

/// Lies among the wallets; hidden, so that it cannot be one's name.
std::string Wallets::StartList() const
{
    return m_folder + "/.load_on_startup.json";
}

std::vector<std::string> Wallets::LoadOnStart() const
{
    std::vector<std::string> out;
    std::ifstream file(StartList());
    if (!file) return out;
    std::ostringstream text;
    text << file.rdbuf();
    const auto list = codec::ParseJson(text.str());
    if (!list || !list->isArray()) {
        EMC_LOG(m_deps.log, Warning, Wallet,
                "%s is no list of wallets: none is loaded because of it. The next call with load_on_startup "
                "writes it anew",
                StartList().c_str());
        return out;
    }
    for (const auto& entry : list->getValues()) {
        if (entry.isStr()) out.push_back(entry.get_str());
    }
    return out;
}

Result<void> Wallets::SetLoadOnStart(const std::string& name, bool on)
{
    const base::LockGuard lock(m_list_mutex);
    auto names = LoadOnStart();
    std::erase(names, name);
    if (on) names.push_back(name);
    codec::Json list = codec::JsonArray();
    for (const auto& entry : names)
        list.push_back(entry);
    if (auto written = ReplaceFile(StartList(), codec::WriteJson(list) + "\n"); !written)
        return FailWith(written.Error());
    return {};
}

Result<std::shared_ptr<WalletApi>> Wallets::Load(const std::string& name)
{
    if (IsPlainName(name) && !HoldsWallet(FolderOf(name))) {
        return FailWith(CODE_NOT_FOUND, "Wallet file not found: there is no wallet in " + FolderOf(name));
    }
    return Open(name, Store::Mode::Open, {});
}

/// The wallet closes when the last call that uses it ends.
Result<void> Wallets::Unload(const std::string& name)
{
    std::shared_ptr<WalletApi> closing;
    const base::LockGuard lock(m_mutex);
    const auto it =
        std::find_if(m_loaded.begin(), m_loaded.end(), [&](const auto& w) { return w->Name() == name; });
    if (it == m_loaded.end()) {
        return FailWith(CODE_NOT_FOUND, "No wallet of that name is loaded");
    }
    closing = std::move(*it);
    m_loaded.erase(it);
    return {};
}

int32_t Wallets::ReadUpTo() const
{
    const base::LockGuard lock(m_mutex); // no copies: a wallet must not close on the thread that asks
    if (!m_opening.empty()) return -1;
    int32_t out = std::numeric_limits<int32_t>::max();
    for (const auto& wallet : m_loaded)
        out = std::min(out, wallet->SavedHeight());
    return out;
}

std::vector<std::string> Wallets::OnDisk() const
{
    std::vector<std::string> out;
    if (HoldsWallet(m_folder)) out.emplace_back();
    if (DIR* folder = opendir(m_folder.c_str())) {
        while (const dirent* entry = readdir(folder)) {
            const std::string name = entry->d_name;
            if (IsPlainName(name) && HoldsWallet(FolderOf(name))) out.push_back(name);
        }
        closedir(folder);
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace emc::wallet
