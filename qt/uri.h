/// emercoin: URIs, as other wallets write them (BIP 21).
#pragma once

#include "base/expected.h"
#include "primitives/amount.h"

#include <QString>

namespace emc::qt {

struct Payment {
    QString address;
    primitives::Amount amount = 0; ///< 0: not said
    QString label;
    QString message;
};

/// The error is a sentence. Unknown parameters are passed over unless they begin with "req-".
[[nodiscard]] base::Expected<Payment, QString> ReadUri(const QString& text);
[[nodiscard]] QString WriteUri(const Payment& payment);

} // namespace emc::qt
