/// Scripts, flags and networks as the published vectors write them.
#pragma once

#include "script/address.h"
#include "script/flags.h"
#include "vectors/registry.h"

#include <optional>
#include <string>
#include <string_view>

namespace emc::vectors {

/// "DUP HASH160 0x14 0x… EQUALVERIFY CHECKSIG": op names with or without OP_, decimal numbers, raw hex behind
/// 0x, text between apostrophes. nullopt for anything else.
[[nodiscard]] std::optional<base::Bytes> ScriptFromWords(std::string_view text);
/// "OP_DUP OP_HASH160 ab12…": op names with OP_, every other word the hex of a push in its shortest form.
[[nodiscard]] std::optional<base::Bytes> ScriptFromAsm(std::string_view text);
/// "P2SH,WITNESS"; "NONE" and "" are no flags. nullopt for a name that is none.
[[nodiscard]] std::optional<script::Flags> FlagsFromText(std::string_view text);
/// Every flag of script/flags.h.
[[nodiscard]] script::Flags AllFlags();
/// Prefixes of a foreign network ("bitcoin", "main", "testnet", "testnet4", "signet", "regtest", "litecoin",
/// …).
[[nodiscard]] script::AddressParams ForeignParams(std::string_view network);
/// Prefixes as recorded answers of this project's functional model use them ("main", "test", "regtest").
[[nodiscard]] script::AddressParams RecordedParams(std::string_view network);
/// Address of a script as RPC showed it: that of the key's hash for bare keys.
[[nodiscard]] std::string ShownAddress(const script::AddressParams& params, base::ByteSpan script);

} // namespace emc::vectors
