#include "interfaces/wallet.h"
#include "interfaces/wallet_parts.h"
#include "rpc/calls.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

using interfaces::WalletApi;

interfaces::WalletsApi& Wallets(const Request& request)
{
    if (request.Rooms().wallets == nullptr)
        throw RpcError(Code::MethodNotFound, "This node runs without wallets");
    return *request.Rooms().wallets;
}

Json NameAndWarning(const WalletApi& wallet, const std::string& warning = "")
{
    Json out = codec::JsonObject();
    out.pushKV("name", wallet.Name());
    out.pushKV("warning", warning);
    return out;
}

/// Notes the wish of argument `i`, if there is one.
void NoteStart(const Request& request, size_t i, const std::string& name)
{
    if (request.Has(i)) Take(Wallets(request).SetLoadOnStart(name, request.Bool(i)));
}

Json BackupWallet(const Request& request)
{
    Take(request.Wallet()->Backup(request.Str(0)));
    return Json();
}

Json ListWallets(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& wallet : Wallets(request).Loaded())
        out.push_back(wallet->Name());
    return out;
}

Json ListWalletDir(const Request& request)
{
    Json rows = codec::JsonArray();
    for (const auto& name : Wallets(request).OnDisk()) {
        Json row = codec::JsonObject();
        row.pushKV("name", name);
        rows.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("wallets", rows);
    return out;
}

Json CreateWallet(const Request& request)
{
    interfaces::NewWallet plan;
    plan.private_keys = !request.Bool(1);
    plan.blank = request.Bool(2);
    plan.passphrase = request.Str(3);
    plan.avoid_reuse = request.Bool(4);
    if (!request.Bool(5, true))
        throw RpcError(Code::Wallet,
                       "Every wallet of this program knows descriptors; leave that argument out");
    plan.external_signer = request.Bool(7);
    if (plan.external_signer && plan.private_keys) {
        throw RpcError(Code::Wallet, "With an external signer the node has no private keys: set "
                                     "disable_private_keys, too");
    }
    if (!plan.private_keys && !plan.passphrase.empty())
        throw RpcError(Code::Wallet,
                       "A wallet without private keys has nothing to encrypt: give no passphrase");
    const bool empty = request.Has(3) && plan.passphrase.empty();
    const auto wallet = Take(Wallets(request).Create(request.Str(0), plan));
    NoteStart(request, 6, wallet->Name());
    return NameAndWarning(*wallet, empty ? "The passphrase is empty: the wallet is not encrypted" : "");
}

Json LoadWallet(const Request& request)
{
    const auto wallet = Take(Wallets(request).Load(request.Str(0)));
    NoteStart(request, 1, wallet->Name());
    return NameAndWarning(*wallet);
}

Json RestoreWallet(const Request& request)
{
    const auto wallet = Take(Wallets(request).Restore(request.Str(0), request.Str(1)));
    NoteStart(request, 2, wallet->Name());
    return NameAndWarning(*wallet);
}

Json UnloadWallet(const Request& request)
{
    const std::string name = request.Has(0) ? request.Str(0) : request.Wallet()->Name();
    Take(Wallets(request).Unload(name));
    NoteStart(request, 1, name);
    Json out = codec::JsonObject();
    out.pushKV("warning", "");
    return out;
}

Json SetWalletFlag(const Request& request)
{
    const std::string flag = request.Str(0);
    const bool on = request.Bool(1, true);
    if (flag != "avoid_reuse")
        throw RpcError(Code::Parameter,
                       "'" + flag + "' is no flag that can be changed: only avoid_reuse can");
    const auto wallet = request.Wallet();
    if (wallet->GetInfo().avoid_reuse == on)
        throw RpcError(Code::Parameter, std::string("avoid_reuse is ") + (on ? "on" : "off") + " already");
    Take(wallet->SetAvoidReuse(on));
    Json out = codec::JsonObject();
    out.pushKV("flag_name", flag);
    out.pushKV("flag_state", on);
    return out;
}

Json EnumerateSigners(const Request& request)
{
    Json rows = codec::JsonArray();
    for (const auto& device : Take(Wallets(request).Signers())) {
        Json row = codec::JsonObject();
        row.pushKV("fingerprint", device.fingerprint);
        row.pushKV("name", device.name);
        rows.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("signers", rows);
    return out;
}

Json MigrateWallet(const Request& request)
{
    throw RpcError(Code::Wallet,
                   "Wallet \"" + request.Wallet()->Name() +
                       "\" knows descriptors, as every wallet of this program does: there is "
                       "nothing to migrate. Keys of another program come in by dumpwallet there "
                       "and importwallet here");
}

constexpr ArgSpec START{"load_on_startup", ArgType::Bool, "-",
                        "load it at each start from now on, or no longer"};

CallTable MakeCalls()
{
    return {
        {"createwallet",
         "Wallet",
         CallKind::Slow,
         "Makes a wallet and loads it. Write its recovery phrase down: getmnemonic.",
         {{"wallet_name", ArgType::String, "", "its name"},
          {"disable_private_keys", ArgType::Bool, "false", "it can only watch"},
          {"blank", ArgType::Bool, "false", "without a seed: for importmnemonic or importdescriptors"},
          {"passphrase", ArgType::String, "-", "encrypts it from the beginning"},
          {"avoid_reuse", ArgType::Bool, "false", "as setwalletflag"},
          {"descriptors", ArgType::Bool, "true", "always true"},
          START,
          {"external_signer", ArgType::Bool, "false", "always false"}},
         "{ name, warning }",
         "\"office\"",
         CreateWallet},
        {"loadwallet",
         "Wallet",
         CallKind::Slow,
         "Loads a wallet.",
         {{"filename", ArgType::String, "", "its name"}, START},
         "{ name, warning }",
         "\"office\"",
         LoadWallet},
        {"restorewallet",
         "Wallet",
         CallKind::Slow,
         "Makes a wallet of a backup file and loads it.",
         {{"wallet_name", ArgType::String, "", "its name"},
          {"backup_file", ArgType::String, "", "what backupwallet wrote"},
          START},
         "{ name, warning }",
         "\"office\" \"/path/backup.dat\"",
         RestoreWallet},
        {"unloadwallet",
         "Wallet",
         CallKind::Slow,
         "Closes a wallet.",
         {{"wallet_name", ArgType::String, "-", "its name; default: the one of the URL"}, START},
         "{ warning }",
         "\"office\"",
         UnloadWallet},
    };
}

CallTable FileCalls()
{
    return {
        {"listwallets", "Wallet", CallKind::Quick, "Loaded wallets.", {}, "[ \"name\" ]", "", ListWallets},
        {"listwalletdir",
         "Wallet",
         CallKind::Slow,
         "Wallets in the wallet folder.",
         {},
         "{ wallets: [ { name } ] }",
         "",
         ListWalletDir},
        {"backupwallet",
         "Wallet",
         CallKind::Slow,
         "Copies the wallet file and checks the copy.",
         {{"destination", ArgType::String, "", "file or folder"}},
         "null",
         "\"/path/backup.dat\"",
         BackupWallet},
        {"enumeratesigners",
         "Signer",
         CallKind::Slow,
         "Devices that sign, as the program of -signer finds them.",
         {},
         "{ signers: [ { fingerprint, name } ] }",
         "",
         EnumerateSigners},
        {"migratewallet",
         "Wallet",
         CallKind::Quick,
         "Refused: all wallets of this program know descriptors.",
         {},
         "an error",
         "",
         MigrateWallet},
        {"setwalletflag",
         "Wallet",
         CallKind::Slow,
         "Changes how the wallet works.",
         {{"flag", ArgType::String, "", "avoid_reuse"}, {"value", ArgType::Bool, "true", "on or off"}},
         "{ flag_name, flag_state }",
         "\"avoid_reuse\"",
         SetWalletFlag},
    };
}

} // namespace

const CallTable& WalletFileCalls()
{
    static const CallTable table = Joined({MakeCalls(), FileCalls()});
    return table;
}

} // namespace emc::rpc
