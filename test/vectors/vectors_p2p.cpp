// ElligatorSwift, the encrypted transport, maps of networks, compact blocks.
#include "crypto/ellswift.h"
#include "p2p/net/asmap.h"
#include "p2p/transport/v2_cipher.h"
#include "p2p/wire/message.h"
#include "vectors/registry.h"

#include <algorithm>
#include <cstdlib>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using Row = std::vector<std::string>;

template <size_t N>
std::array<uint8_t, N> HexText(const std::string& text)
{
    std::array<uint8_t, N> out{};
    const auto bytes = base::FromHex(text);
    if (bytes && bytes->size() == N) std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

crypto::XOnlyKey XOf(const std::string& text)
{
    crypto::XOnlyKey out;
    out.bytes = HexText<32>(text);
    return out;
}

/// Calls `run` for each row below the title; a short row fails.
void EachRow(const VectorFile& file, size_t columns, Report& report, void (*run)(const Row&, Report&))
{
    const auto rows = file.CsvRows();
    for (size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].size() < columns) {
            report.Fail(std::to_string(i), "row is too short");
        } else {
            run(rows[i], report);
        }
    }
}

/// Rows: 64-byte string, x, comment.
void RunEllSwiftDecode(const VectorFile& file, Report& report)
{
    EachRow(file, 3, report, [](const Row& row, Report& out) {
        out.CheckBytes(crypto::EllSwiftDecode(HexText<64>(row[0])).Span(), HexText<32>(row[1]), row[2]);
    });
}

/// Rows: u, x, the eight t or nothing, comment. Each t is a case, and leads back to x.
void RunEllSwiftInverse(const VectorFile& file, Report& report)
{
    EachRow(file, 11, report, [](const Row& row, Report& out) {
        const auto u = HexText<32>(row[0]);
        const auto x = XOf(row[1]);
        for (unsigned variant = 0; variant < 8; ++variant) {
            const std::string id = row[0] + " case " + std::to_string(variant);
            const auto t = crypto::EllSwiftInverse(u, x, variant);
            out.CheckText(t ? base::Hex(*t) : "", row[2 + variant], id);
            if (!t) continue;
            crypto::EllSwiftKey key{};
            std::copy(u.begin(), u.end(), key.begin());
            std::copy(t->begin(), t->end(), key.begin() + 32);
            if (crypto::EllSwiftDecode(key) != x) out.Fail(id, "does not lead back to x");
        }
    });
}

/// One packet of a session, after in_idx empty ones.
void RunPacketRow(const Row& row, Report& out)
{
    constexpr uint32_t BITCOIN_MAGIC = 0xf9beb4d9;

    enum : size_t {
        INDEX,
        PRIVATE,
        OWN,
        OTHER,
        INITIATING,
        CONTENTS,
        MULTIPLY,
        AAD,
        IGNORE,
        X_OWN,
        X_OTHER,
        X_SHARED,
        SECRET,
        SEND_TERMINATOR = 17,
        RECEIVE_TERMINATOR,
        SESSION,
        CIPHERTEXT,
        ENDS_WITH,
        COLUMNS
    };

    if (row.size() < CIPHERTEXT + 1) return out.Fail(row[INDEX], "row is too short");
    const auto own = crypto::PrivateKey::From(HexText<32>(row[PRIVATE]));
    if (!own) return out.Fail(row[INDEX], "private key is out of range");
    const auto own_key = HexText<64>(row[OWN]);
    const auto other_key = HexText<64>(row[OTHER]);
    const bool initiating = row[INITIATING] == "1";
    const auto side = initiating ? crypto::EllSwiftSide::Initiator : crypto::EllSwiftSide::Responder;
    const std::string id = "packet " + row[INDEX];
    out.CheckBytes(crypto::EllSwiftDecode(own_key).Span(), HexText<32>(row[X_OWN]), id + " own x");
    out.CheckBytes(crypto::EllSwiftDecode(other_key).Span(), HexText<32>(row[X_OTHER]), id + " other x");
    const auto shared = crypto::EcdhX(*own, crypto::EllSwiftDecode(other_key));
    out.CheckBytes(shared ? shared->Span() : ByteSpan{}, HexText<32>(row[X_SHARED]), id + " shared x");
    const base::Hash256 secret = crypto::EllSwiftSecret(*own, own_key, other_key, side);
    out.CheckBytes(secret.Span(), HexText<32>(row[SECRET]), id + " secret");
    p2p::V2Cipher cipher(
        {.own = *own, .own_key = own_key, .other_key = other_key, .side = side, .magic_be = BITCOIN_MAGIC});
    out.CheckBytes(cipher.OwnTerminator(), HexText<16>(row[SEND_TERMINATOR]), id + " own terminator");
    out.CheckBytes(cipher.OtherTerminator(), HexText<16>(row[RECEIVE_TERMINATOR]), id + " other terminator");
    out.CheckBytes(cipher.SessionId().Span(), HexText<32>(row[SESSION]), id + " session");
    for (int i = std::atoi(row[INDEX].c_str()); i > 0; --i)
        static_cast<void>(cipher.Encrypt({}, {}, p2p::V2Kind::Genuine));
    const Bytes part = base::FromHex(row[CONTENTS]).value_or(Bytes{});
    Bytes contents;
    for (int i = std::atoi(row[MULTIPLY].c_str()); i > 0; --i)
        contents.insert(contents.end(), part.begin(), part.end());
    const Bytes aad = base::FromHex(row[AAD]).value_or(Bytes{});
    const auto kind = row[IGNORE] == "1" ? p2p::V2Kind::Decoy : p2p::V2Kind::Genuine;
    const Bytes packet = cipher.Encrypt(contents, aad, kind);
    if (!row[CIPHERTEXT].empty())
        out.CheckBytes(packet, base::FromHex(row[CIPHERTEXT]).value_or(Bytes{}), id + " packet");
    if (row.size() <= ENDS_WITH || row[ENDS_WITH].empty()) return;
    const Bytes tail = base::FromHex(row[ENDS_WITH]).value_or(Bytes{});
    out.Check(packet.size() >= tail.size() && std::equal(tail.rbegin(), tail.rend(), packet.rbegin()), id,
              "packet ends otherwise");
}

void RunPackets(const VectorFile& file, Report& report)
{
    EachRow(file, 1, report, RunPacketRow);
}

/// A made-up map: 250.0.0.0/8 is system 1000, 101.N.0.0/16 system N for 1 to 8.
void RunAsMap(const VectorFile& file, Report& report)
{
    const auto map = p2p::AsMap::Load(file.bytes);
    if (!map) return report.Fail("file", "is refused");
    const auto check = [&](const std::string& text, uint32_t want) {
        report.CheckText(std::to_string(map->Find(*p2p::NetAddress::Parse(text))), std::to_string(want),
                         text);
    };
    check("250.1.2.3", 1'000);
    for (uint32_t i = 1; i <= 8; ++i)
        check("101." + std::to_string(i) + ".0.1", i);
    Bytes cut = file.bytes;
    cut.pop_back();
    report.Check(!p2p::AsMap::Load(cut), "without its last byte", "must be refused");
}

/// A cmpctblock message.
void RunCompactBlock(const VectorFile& file, Report& report)
{
    const auto message = p2p::ParseMessage("cmpctblock", file.bytes);
    if (!message) return report.Fail("file", Text(message.Error()));
    report.CheckBytes(p2p::SerializePayload(*message), file.bytes, "written again");
}

} // namespace

std::vector<Entry> P2pEntries()
{
    return {
        {"bitcoin-core/ellswift_decode_test_vectors.csv", RunEllSwiftDecode},
        {"bitcoin-core/xswiftec_inv_test_vectors.csv", RunEllSwiftInverse},
        {"bips/bip-0324/*.csv", RunPackets},
        {"bitcoin-core/asmap.raw", RunAsMap},
        {"bcoin/compact*.raw", RunCompactBlock},
    };
}

} // namespace emc::vectors
