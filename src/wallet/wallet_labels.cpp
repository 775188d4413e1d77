/// Labels of everything, taken out and brought in (BIP 329).
#include "base/log.h"
#include "consensus/params.h"
#include "wallet/spend.h"

#include <charconv>

namespace emc::wallet {

using interfaces::LabelKind;
using interfaces::LabelLine;

namespace {

/// Of a text that was checked before.
OutPoint OutPointOf(const std::string& text)
{
    OutPoint out;
    const size_t colon = text.find(':');
    out.txid = base::HashFromReversedHex(text.substr(0, colon)).value_or(Hash256{});
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), out.index);
    return out;
}

} // namespace

/// What an import is going to change.
struct Wallet::LabelChanges {
    std::map<Bytes, std::string, BytesLess> labels;
    std::map<std::pair<LabelKind, std::string>, std::string> notes;
    std::map<Hash256, std::string> comments;
    std::map<OutPoint, bool> locks;
};

std::vector<LabelLine> Wallet::ExportLabels() const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    std::map<std::pair<LabelKind, std::string>, LabelLine> lines;
    const auto line_of = [&](LabelKind kind, const std::string& ref) -> LabelLine& {
        auto& line = lines[{kind, ref}];
        line.kind = kind;
        line.ref = ref;
        return line;
    };
    for (const auto& [key, label] : book.notes) {
        if (key.first > LabelKind::ExtPublicKey) continue; // of a newer version
        auto& line = line_of(key.first, key.second);
        line.label = label;
        if (key.first != LabelKind::Output) continue;
        const auto* coin = book.ledger.Coin(OutPointOf(key.second));
        if (coin != nullptr && coin->kind != CoinKind::None) line.spendable = true;
    }
    for (const auto& [script, label] : book.labels) {
        const auto address = AddressOf(script);
        if (!address.empty() && !label.empty()) line_of(LabelKind::Address, address).label = label;
    }
    book.ledger.Newest([&](const TransactionRow& row) {
        if (!row.comment.empty())
            line_of(LabelKind::Tx, base::ReversedHex(row.tx->Txid())).label = row.comment;
        return true;
    });
    for (const auto& outpoint : m_locked)
        line_of(LabelKind::Output, OutPointText(outpoint)).spendable = false;
    std::vector<LabelLine> out;
    for (auto& [key, line] : lines)
        out.push_back(std::move(line));
    return out;
}

std::string Wallet::TakeLabel(const LabelLine& line, LabelChanges& changes) const
{
    if (line.kind == LabelKind::Address) {
        const auto script = script::DecodeAddress(m_params.addresses, line.ref);
        if (!script) return "it is no address of this network";
        if (line.label) changes.labels[*script] = *line.label;
        return {};
    }
    if (line.kind == LabelKind::Tx) {
        const auto txid = base::HashFromReversedHex(line.ref);
        if (!txid || m_book->ledger.Find(*txid) == nullptr) return "the transaction is not of this wallet";
        if (line.label) changes.comments[*txid] = *line.label;
        return {};
    }
    if (line.label) changes.notes[{line.kind, line.ref}] = *line.label;
    if (line.kind != LabelKind::Output || !line.spendable) return {};
    const OutPoint outpoint = OutPointOf(line.ref);
    const auto* coin = m_book->ledger.Coin(outpoint);
    if (*line.spendable) {
        if (m_locked.contains(outpoint)) changes.locks[outpoint] = false;
        return {};
    }
    if (coin == nullptr || coin->kind == CoinKind::None)
        return "the output is spent or not of this wallet, so it is not locked";
    changes.locks[outpoint] = true;
    return {};
}

Result<std::vector<std::string>> Wallet::ImportLabels(const std::vector<LabelLine>& lines)
{
    for (const auto& line : lines) {
        if (line.label && line.label->size() > MAX_LABEL_BYTES)
            return FailWith(CODE_PARAMETER, "The label of " + line.ref + " is longer than 1000 bytes");
    }
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    LabelChanges changes;
    std::vector<std::string> out;
    for (const auto& line : lines)
        out.push_back(TakeLabel(line, changes));
    RowBatch batch;
    for (const auto& [script, label] : changes.labels)
        batch.push_back(MakeLabelRow(script, label));
    for (const auto& [key, label] : changes.notes)
        batch.push_back(MakeRow(NoteRow{static_cast<uint8_t>(key.first), key.second, label}));
    for (const auto& [txid, comment] : changes.comments) {
        TransactionRow row = *book.ledger.Find(txid);
        row.comment = comment;
        batch.push_back(MakeRow(row));
    }
    for (const auto& [outpoint, locked] : changes.locks)
        batch.push_back(locked ? MakeLockedRow(outpoint) : RemoveLockedRow(outpoint));
    if (batch.empty()) return out;
    if (auto written = book.store->Write(batch); !written) return FailWith(written.Error());
    for (auto& [script, label] : changes.labels)
        book.labels[script] = std::move(label);
    for (auto& [key, label] : changes.notes) {
        if (label.empty()) {
            book.notes.erase(key);
        } else {
            book.notes[key] = std::move(label);
        }
    }
    for (const auto& [txid, comment] : changes.comments)
        book.ledger.SetComment(txid, comment);
    for (const auto& [outpoint, locked] : changes.locks) {
        if (locked) {
            m_locked.insert(outpoint);
        } else {
            m_locked.erase(outpoint);
        }
    }
    return out;
}

} // namespace emc::wallet
