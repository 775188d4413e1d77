// peers.dat and anchors.dat.
#include "codec/reader.h"
#include "p2p/peers/address_tables.h"
#include "storage/small_file.h"

namespace emc::p2p {
namespace {

using storage::Broken;
using storage::FileFrame;
using storage::StorageError;
using storage::UnwrapFile;
using storage::WrapFile;

constexpr std::string_view PEERS_KIND = "PEER";
constexpr std::string_view ANCHORS_KIND = "ANCH";
constexpr size_t MIN_NODE_BYTES = 40;
constexpr int MAX_ATTEMPTS_KEPT = 1'000'000;

void WriteAddress(codec::Writer& out, const NetAddress& address)
{
    out.U8(static_cast<uint8_t>(address.Kind()));
    out.Raw(address.Bytes());
}

/// Fails the reader when there is no address.
NetAddress ReadAddress(codec::Reader& in)
{
    const auto kind = NetKindOf(in.U8());
    const auto address = kind ? NetAddress::From(*kind, in.Take(AddressBytes(*kind))) : std::nullopt;
    if (!address) in.Fail();
    return address.value_or(NetAddress{});
}

void WriteEndpoint(codec::Writer& out, const Endpoint& endpoint)
{
    WriteAddress(out, endpoint.address);
    out.U16Big(endpoint.port);
}

Endpoint ReadEndpoint(codec::Reader& in)
{
    Endpoint out;
    out.address = ReadAddress(in);
    out.port = in.U16Big();
    return out;
}

/// A time that is not before 1970; fails the reader otherwise.
int64_t ReadTime(codec::Reader& in)
{
    const int64_t time = in.I64();
    if (time < 0 || time > INT64_MAX / 2) in.Fail();
    return time;
}

struct Row {
    KnownNode node;
    std::vector<uint16_t> buckets; ///< of the new table
};

void WriteRow(codec::Writer& out, const Row& row)
{
    WriteEndpoint(out, row.node.endpoint);
    WriteAddress(out, row.node.source);
    out.U64(row.node.services);
    out.I64(row.node.time_sec);
    out.I64(row.node.last_try_sec);
    out.I64(row.node.last_success_sec);
    out.I32(row.node.attempts);
    out.U8(row.node.tried ? 1 : 0);
    out.U8(static_cast<uint8_t>(row.buckets.size()));
    for (const uint16_t bucket : row.buckets)
        out.U16(bucket);
}

Row ReadRow(codec::Reader& in)
{
    Row row;
    row.node.endpoint = ReadEndpoint(in);
    row.node.source = ReadAddress(in);
    row.node.services = in.U64();
    row.node.time_sec = ReadTime(in);
    row.node.last_try_sec = ReadTime(in);
    row.node.last_success_sec = ReadTime(in);
    row.node.attempts = in.I32();
    const uint8_t tried = in.U8();
    row.buckets.resize(in.U8());
    const bool sane = row.node.attempts >= 0 && row.node.attempts <= MAX_ATTEMPTS_KEPT && tried <= 1 &&
                      row.buckets.size() <= MAX_NEW_PLACES && row.buckets.empty() == (tried == 1);
    if (!sane) in.Fail();
    row.node.tried = tried == 1;
    for (uint16_t& bucket : row.buckets) {
        bucket = in.U16();
        if (bucket >= NEW_BUCKETS) in.Fail();
    }
    return row;
}

base::Hash256 MapVersion(const AsMap* map)
{
    return map != nullptr ? map->Version() : base::Hash256{};
}

} // namespace

base::Bytes AddressManager::Serialize() const
{
    const base::LockGuard lock(m_mutex);
    std::unordered_map<EntryId, Row> rows;
    for (const auto& [id, node] : m_tables->nodes)
        rows[id].node = node;
    for (size_t bucket = 0; bucket < NEW_BUCKETS; ++bucket) {
        for (const EntryId id : m_tables->fresh[bucket]) {
            if (id != 0) rows.at(id).buckets.push_back(static_cast<uint16_t>(bucket));
        }
    }
    base::Bytes content;
    codec::Writer out(content);
    out.U64(m_tables->key0);
    out.U64(m_tables->key1);
    out.Raw(MapVersion(m_tables->map).Span());
    out.CompactSize(rows.size());
    for (const EntryId id : m_tables->order)
        WriteRow(out, rows.at(id));
    return content;
}

bool AddressManager::Deserialize(base::ByteSpan content, int64_t now_sec)
{
    constexpr size_t MOST = (NEW_BUCKETS + TRIED_BUCKETS) * BUCKET_PLACES;
    const base::LockGuard lock(m_mutex);
    auto fresh = std::make_unique<Tables>(m_tables->map, m_tables->random);
    codec::Reader in(content);
    fresh->key0 = in.U64();
    fresh->key1 = in.U64();
    const bool same_map = in.Hash() == MapVersion(fresh->map);
    const size_t count = in.Count(MIN_NODE_BYTES);
    if (count > MOST) return false;
    for (size_t i = 0; i < count && in.Ok(); ++i) {
        const Row row = ReadRow(in);
        if (!in.Ok() || fresh->ids.contains(row.node.endpoint) || !row.node.endpoint.address.IsRoutable())
            return false;
        const EntryId id = fresh->Create(row.node.endpoint, row.node.source);
        KnownNode& node = fresh->nodes.at(id);
        node.services = row.node.services;
        node.time_sec = std::min(row.node.time_sec, now_sec);
        node.last_try_sec = std::min(row.node.last_try_sec, now_sec);
        node.last_success_sec = std::min(row.node.last_success_sec, now_sec);
        node.attempts = row.node.attempts;
        const bool tried_place_free = fresh->TriedPlace(node.endpoint) == 0;
        if (row.node.tried && tried_place_free) {
            fresh->MakeTried(id);
            continue;
        }
        if (same_map) {
            for (const uint16_t bucket : row.buckets)
                fresh->PutFresh(id, bucket);
        }
        if (fresh->nodes.at(id).new_places == 0)
            fresh->PutFresh(id, fresh->FreshBucket(node.endpoint.address, node.source));
    }
    if (!in.Done()) return false;
    m_tables = std::move(fresh);
    return true;
}

storage::StorageResult<void> SaveAddresses(const AddressManager& addresses, uint32_t magic_be,
                                           storage::FileSystem& files, const std::string& path)
{
    const FileFrame frame{.magic_be = magic_be, .kind = PEERS_KIND};
    if (const auto bytes = storage::ReadWholeFile(files, path); bytes) {
        const auto old = UnwrapFile(frame, *bytes, path);
        if (!old) return base::Unexpected(old.Error());
    } else if (bytes.Error().code != StorageError::NotFound) {
        return base::Unexpected(bytes.Error());
    }
    return ReplaceFile(files, path, WrapFile(frame, addresses.Serialize()));
}

storage::StorageResult<void> LoadAddresses(AddressManager& addresses, uint32_t magic_be,
                                           storage::FileSystem& files, const std::string& path,
                                           int64_t now_sec)
{
    const auto bytes = storage::ReadWholeFile(files, path);
    if (!bytes && bytes.Error().code == StorageError::NotFound) return {};
    if (!bytes) return base::Unexpected(bytes.Error());
    if (bytes->size() > MAX_PEERS_FILE_BYTES) {
        return Broken(StorageError::Corrupt,
                      path + ": larger than " + std::to_string(MAX_PEERS_FILE_BYTES) + " bytes");
    }
    const auto content = UnwrapFile({.magic_be = magic_be, .kind = PEERS_KIND}, *bytes, path);
    if (!content) return base::Unexpected(content.Error());
    if (!addresses.Deserialize(*content, now_sec))
        return Broken(StorageError::Corrupt, path + ": an entry is not in the format or stands twice");
    return {};
}

storage::StorageResult<void> SaveAnchors(const std::vector<Endpoint>& anchors, uint32_t magic_be,
                                         storage::FileSystem& files, const std::string& path)
{
    base::Bytes content;
    codec::Writer out(content);
    out.CompactSize(std::min(anchors.size(), MAX_ANCHORS));
    for (size_t i = 0; i < std::min(anchors.size(), MAX_ANCHORS); ++i)
        WriteEndpoint(out, anchors[i]);
    return ReplaceFile(files, path, WrapFile({.magic_be = magic_be, .kind = ANCHORS_KIND}, content));
}

storage::StorageResult<std::vector<Endpoint>> LoadAnchors(uint32_t magic_be, storage::FileSystem& files,
                                                          const std::string& path)
{
    const auto bytes = storage::ReadWholeFile(files, path);
    if (!bytes && bytes.Error().code == StorageError::NotFound) return std::vector<Endpoint>{};
    if (!bytes) return base::Unexpected(bytes.Error());
    const auto content = UnwrapFile({.magic_be = magic_be, .kind = ANCHORS_KIND}, *bytes, path);
    if (!content) return base::Unexpected(content.Error());
    codec::Reader in(*content);
    std::vector<Endpoint> anchors(static_cast<size_t>(in.CompactSize(MAX_ANCHORS)));
    for (Endpoint& anchor : anchors)
        anchor = ReadEndpoint(in);
    if (!in.Done()) return Broken(StorageError::Corrupt, path + ": no list of at most two addresses");
    if (auto done = files.Remove(path); !done) return base::Unexpected(done.Error());
    return anchors;
}

} // namespace emc::p2p
