// Sentences and rule ids of name errors.
#include "names/op_codec.h"

namespace emc::names {

namespace {

struct ErrorInfo {
    std::string_view rule;
    std::string_view text;
};

/// In the order of the enumerators.
constexpr ErrorInfo ERRORS[] = {
    {"N-01", "name output is not written in the one form allowed (op, drop, name, days, drop)"},
    {"N-02", "days are not a minimal number of at most four bytes in the shortest push"},
    {"N-03", "value is not cut into full pieces of 520 bytes with matching drops"},
    {"N-05", "owner script is none of P2PKH, P2SH, P2WPKH, P2WSH or a witness program of version 1 to 16"},
    {"N-06", "name has not 1 to 512 bytes"},
    {"N-07", "value has more than 20480 bytes"},
    {"N-08", "days are out of range (1 to 36500 for a new name, 0 to 36500 for an update)"},
    {"N-04", "transaction of version 0x666 without a name operation"},
    {"N-09", "name appears twice in one transaction"},
    {"N-10", "name appears twice in one block"},
    {"N-14", "name would live more than 6132000 blocks from here"},
    {"N-11", "name is registered already"},
    {"N-12", "name is not registered or has expired"},
    {"N-13", "transaction does not spend the name's current output"},
    {"N-15", "output of a live name is spent without updating or deleting the name"},
    {"N-16", "output of a name is spent in the block that made it"},
    {"N-17", "coinbase or coinstake has the version of a name or reward transaction"},
    {"E-01", "name under enum: or ver: does not follow the grammar"},
    {"E-02", "value of the number is not valid"},
    {"E-03", "the slot below is not registered"},
    {"E-04", "SIG line names a verifier that is not registered or has expired"},
    {"E-05", "SIG line does not verify for this number, owner and expiry"},
    {"V-01", "value of the verifier is not valid"},
    {"V-02", "owner of a verifier must be P2PKH or P2WPKH"},
};
static_assert(std::size(ERRORS) == static_cast<size_t>(NameError::VerOwner) + 1);

} // namespace

std::string_view Text(NameError error)
{
    return ERRORS[static_cast<size_t>(error)].text;
}

std::string_view RuleId(NameError error)
{
    return ERRORS[static_cast<size_t>(error)].rule;
}

} // namespace emc::names
