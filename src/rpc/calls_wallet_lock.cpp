#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

using interfaces::WalletApi;

Json EncryptWallet(const Request& request)
{
    Take(request.Wallet()->Encrypt(request.Str(0)));
    return "The wallet is encrypted and locked. Its recovery phrase is as before; backups made before now "
           "are not "
           "encrypted: make a new one, and destroy those.";
}

Json WalletPassphrase(const Request& request)
{
    const bool mint_only = request.Bool(2);
    Take(request.Wallet()->Unlock(request.Str(0), request.Int(1),
                                  mint_only ? WalletApi::UnlockFor::Minting
                                            : WalletApi::UnlockFor::Everything));
    Json out = codec::JsonObject();
    out.pushKV("mint only", mint_only);
    return out;
}

Json WalletLock(const Request& request)
{
    Take(request.Wallet()->Lock());
    return Json();
}

Json WalletPassphraseChange(const Request& request)
{
    Take(request.Wallet()->ChangePassphrase(request.Str(0), request.Str(1)));
    return Json();
}

Json GetMnemonic(const Request& request)
{
    Json out = codec::JsonObject();
    out.pushKV("mnemonic", Take(request.Wallet()->Phrase()));
    return out;
}

Json ImportMnemonic(const Request& request)
{
    Take(request.Wallet()->SetPhrase(request.Str(0), request.Str(1)));
    return Json();
}

Json SetHdSeed(const Request& request)
{
    static_cast<void>(request.Wallet());
    throw RpcError(
        Code::Wallet,
        "A wallet's seed is never replaced: addresses given out before would be in no later backup. "
        "Make a new wallet and send the money there; for words, a blank one and importmnemonic");
}

Json UpgradeWallet(const Request& request)
{
    const auto wallet = request.Wallet();
    const auto info = wallet->GetInfo();
    Json out = codec::JsonObject();
    out.pushKV("wallet_name", wallet->Name());
    out.pushKV("previous_version", info.version);
    out.pushKV("current_version", info.version);
    out.pushKV("result", "Older files are brought up to date when they are loaded; there is nothing to do.");
    return out;
}

CallTable PassphraseCalls()
{
    return {
        {"encryptwallet",
         "Wallet",
         CallKind::Slow,
         "Encrypts the wallet's keys with a passphrase. Without it the money is lost; nobody can recover it.",
         {{"passphrase", ArgType::String, "", "at least one character; several words are good"}},
         "\"text\"    what to do next",
         "\"several words nobody guesses\"",
         EncryptWallet},
        {"walletpassphrase",
         "Wallet",
         CallKind::Slow,
         "Unlocks an encrypted wallet for some time. A wrong passphrase changes nothing.",
         {{"passphrase", ArgType::String, "", "the passphrase"},
          {"timeout", ArgType::Number, "", "seconds, up to 100000000"},
          {"mintonly|mint_only", ArgType::Bool, "false",
           "for staking alone: no payment, signature or key is given"}},
         "{ \"mint only\": true or false }",
         "\"several words nobody guesses\" 60",
         WalletPassphrase},
        {"walletlock", "Wallet", CallKind::Slow, "Locks the wallet at once.", {}, "null", "", WalletLock},
        {"walletpassphrasechange",
         "Wallet",
         CallKind::Slow,
         "Changes the passphrase. Backups keep the one they were made with.",
         {{"oldpassphrase", ArgType::String, "", "as it is"},
          {"newpassphrase", ArgType::String, "", "as it will be"}},
         "null",
         "\"old words\" \"new words\"",
         WalletPassphraseChange},
    };
}

CallTable SeedCalls()
{
    return {
        {"getmnemonic",
         "Wallet",
         CallKind::Slow,
         "The wallet's recovery phrase (BIP 39). Whoever reads it has the money.",
         {},
         "{ mnemonic }    English words; all addresses but imported keys and descriptors follow from them",
         "",
         GetMnemonic},
        {"importmnemonic",
         "Wallet",
         CallKind::Slow,
         "Gives a blank wallet the seed of a recovery phrase and looks through all blocks for its money.",
         {{"mnemonic", ArgType::String, "", "12 to 24 English words of BIP 39"},
          {"passphrase", ArgType::String, "\"\"", "the phrase's own, ASCII only; not that of the wallet"}},
         "null",
         "\"abandon … about\"",
         ImportMnemonic},
        {"sethdseed",
         "Wallet",
         CallKind::Slow,
         "Refused: a wallet's seed is never replaced. See createwallet and importmnemonic.",
         {{"newkeypool", ArgType::Bool, "true", "ignored"}, {"seed", ArgType::String, "-", "ignored"}},
         "null    never: error -4 always",
         "",
         SetHdSeed},
        {"upgradewallet",
         "Wallet",
         CallKind::Quick,
         "The version of the wallet's file. Older files are brought up to date when they are loaded.",
         {{"version", ArgType::Number, "-", "ignored"}},
         "{ wallet_name, previous_version, current_version, result }",
         "",
         UpgradeWallet},
    };
}

} // namespace

const CallTable& WalletLockCalls()
{
    static const CallTable table = Joined({PassphraseCalls(), SeedCalls()});
    return table;
}

} // namespace emc::rpc
