#include "storage/small_file.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

namespace emc::storage {

namespace {

constexpr size_t KIND_BYTES = 4;

} // namespace

StorageResult<void> ReplaceFile(FileSystem& files, const std::string& path, base::ByteSpan content)
{
    const std::string fresh = path + ".new";
    auto file = files.Open(fresh, OpenMode::Create);
    if (!file) return base::Unexpected(file.Error());
    if (auto done = (*file)->Write(0, content); !done) return done;
    if (auto done = (*file)->Sync(); !done) return done;
    if (auto done = files.Rename(fresh, path); !done) return done;
    const size_t slash = path.rfind('/');
    return files.SyncDirectory(slash == std::string::npos ? "." : path.substr(0, slash));
}

base::Bytes WrapFile(const FileFrame& frame, base::ByteSpan content)
{
    EMC_CHECK(frame.kind.size() == KIND_BYTES);
    base::Bytes out;
    codec::Writer writer(out);
    writer.Raw(base::AsBytes(frame.kind));
    writer.U32Big(frame.magic_be);
    writer.U32(frame.version);
    writer.Raw(content);
    writer.Raw(crypto::Sha256d(out).Span());
    return out;
}

StorageResult<base::Bytes> UnwrapFile(const FileFrame& frame, base::ByteSpan file, const std::string& path)
{
    constexpr size_t FRAME_BYTES = KIND_BYTES + 4 + 4 + base::Hash256::SIZE;
    if (file.size() < FRAME_BYTES) return Broken(StorageError::Corrupt, path + ": shorter than its frame");
    const base::ByteSpan checked = file.first(file.size() - base::Hash256::SIZE);
    codec::Reader in(checked);
    if (base::AsText(in.Take(KIND_BYTES)) != frame.kind)
        return Broken(StorageError::Corrupt, path + ": does not begin with " + std::string(frame.kind));
    const base::Hash256 sum = crypto::Sha256d(checked);
    const base::ByteSpan kept = file.last(base::Hash256::SIZE);
    if (!std::equal(kept.begin(), kept.end(), sum.begin()))
        return Broken(StorageError::Corrupt, path + ": the checksum does not fit");
    if (in.U32Big() != frame.magic_be) return Broken(StorageError::WrongNetwork, path);
    if (const uint32_t version = in.U32(); version != frame.version)
        return Broken(StorageError::NewerVersion, path + ": version " + std::to_string(version));
    const base::ByteSpan content = in.Take(in.Remaining());
    return base::Bytes(content.begin(), content.end());
}

} // namespace emc::storage
