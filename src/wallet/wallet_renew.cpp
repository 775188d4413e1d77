/// Renewing names before they end, for owners who asked for it.
#include "base/log.h"
#include "interfaces/chain.h"
#include "names/transition.h"
#include "wallet/spend.h"

#include <algorithm>
#include <cstdlib>

namespace emc::wallet {

namespace {

/// Once in so many blocks it is looked which names end soon.
constexpr int32_t BLOCKS_BETWEEN_LOOKS = names::BLOCKS_PER_DAY;
/// Names in one transaction.
constexpr size_t NAMES_AT_ONCE = 100;

} // namespace

/// Each look may spend the limit, network fees not counted. What fails is logged and tried again at the next.
void Wallet::RenewNames(int32_t height)
{
    if (m_options.renew_before_days <= 0) return;
    if (m_renew_height >= 0 && std::abs(height - m_renew_height) < BLOCKS_BETWEEN_LOOKS) return;
    m_renew_height = height;
    NameQuery query;
    query.mine_only = true;
    query.expires_by = height + m_options.renew_before_days * names::BLOCKS_PER_DAY;
    std::vector<NameChange> changes;
    Amount burned = 0;
    size_t left_out = 0;
    for (auto& own : ListNames(query)) {
        if (own.pending || own.info.record.expiry == 0) continue;
        names::NameOp op;
        op.kind = names::OpKind::Update;
        op.name = own.info.name;
        op.value = own.info.record.value;
        op.days = m_options.renew_days;
        const Amount fee = names::NameFee(op);
        if (burned + fee > m_options.renew_limit) {
            ++left_out;
            continue;
        }
        burned += fee;
        changes.push_back(
            {op.kind, own.info.name, std::move(own.info.record.value), m_options.renew_days, ""});
    }
    if (left_out > 0) {
        EMC_LOG(m_deps.log, Warning, Wallet,
                "wallet '%s': %zu names that end soon are not renewed, -namerenewlimit is reached",
                m_name.c_str(), left_out);
    }
    for (size_t first = 0; first < changes.size(); first += NAMES_AT_ONCE) {
        const size_t count = std::min(NAMES_AT_ONCE, changes.size() - first);
        const auto begin = changes.begin() + static_cast<std::ptrdiff_t>(first);
        const auto sent = SendNames({begin, begin + static_cast<std::ptrdiff_t>(count)});
        if (!sent) {
            EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' could not renew %zu names: %s", m_name.c_str(),
                    count, sent.Error().message.c_str());
            continue;
        }
        EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' renewed %zu names by %d days, transaction %s",
                m_name.c_str(), count, m_options.renew_days, base::ReversedHex(*sent).c_str());
    }
}

} // namespace emc::wallet
