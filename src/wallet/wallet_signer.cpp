/// A wallet whose keys are in a device.
#include "consensus/params.h"
#include "psbt/fields.h"
#include "psbt/roles.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

/// Is a key of this device's tree among those that sign?
bool MaySign(const psbt::Psbt& psbt, const std::string& fingerprint)
{
    const auto mark = base::FromHex(fingerprint).value_or(Bytes());
    const auto names = [&](const psbt::Field& field) {
        // For Taproot hashes of leaves stand before the origin.
        size_t at = 0;
        if (field.key[0] == psbt::IN_TAP_DERIVATION && !field.value.empty())
            at = 1 + size_t{field.value[0]} * 32;
        return field.value.size() >= at + mark.size() &&
               std::equal(mark.begin(), mark.end(), field.value.begin() + static_cast<std::ptrdiff_t>(at));
    };
    return std::any_of(psbt.inputs.begin(), psbt.inputs.end(), [&](const psbt::FieldMap& input) {
        const auto plain = input.OfType(psbt::IN_DERIVATION);
        const auto taproot = input.OfType(psbt::IN_TAP_DERIVATION);
        return std::any_of(plain.begin(), plain.end(), names) ||
               std::any_of(taproot.begin(), taproot.end(), names);
    });
}

} // namespace

Result<void> Wallet::SignByDevice(psbt::Psbt& psbt) const
{
    const auto devices = m_signer.Devices();
    if (!devices) return base::Unexpected(devices.Error());
    const auto device = std::find_if(devices->begin(), devices->end(),
                                     [&](const auto& one) { return MaySign(psbt, one.fingerprint); });
    if (device == devices->end()) {
        return FailWith(CODE_MISC, devices->empty() ? "No external signer is connected and unlocked"
                                                    : "None of the external signers that are connected has a "
                                                      "key for this transaction");
    }
    const auto answer = m_signer.Sign(*device, psbt::ToBase64(psbt));
    if (!answer) return base::Unexpected(answer.Error());
    auto theirs = psbt::ParseBase64(*answer);
    if (!theirs) return FailWith(CODE_MISC, "The external signer's PSBT is damaged: " + theirs.Error());
    auto both = psbt::Combine({psbt, *std::move(theirs)});
    if (!both) return FailWith(CODE_MISC, "The external signer signed something else: " + both.Error());
    psbt = *std::move(both);
    return {};
}

Result<std::string> Wallet::DisplayAddress(const std::string& address)
{
    const auto info = GetAddressInfo(address);
    if (!info) return base::Unexpected(info.Error());
    if (!GetInfo().external_signer)
        return FailWith(CODE_WALLET, "This wallet has no external signer: createwallet makes one that has");
    if (!info->mine || info->descriptor.empty())
        return FailWith(CODE_WALLET, "The address is not of this wallet");
    const auto device = m_signer.OnlyDevice();
    if (!device) return base::Unexpected(device.Error());
    auto shown = m_signer.Display(*device, info->descriptor);
    if (!shown) return base::Unexpected(shown.Error());
    const auto own = script::DecodeAddress(m_params.addresses, *shown);
    if (!own || *own != info->script) {
        return FailWith(CODE_MISC, "The external signer shows " + *shown +
                                       ", another address: its keys are not those of this wallet");
    }
    return *shown;
}

} // namespace emc::wallet
