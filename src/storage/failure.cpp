#include "storage/failure.h"

namespace emc::storage {

std::string_view Text(StorageError error)
{
    switch (error) {
    case StorageError::NotFound:
        return "not found";
    case StorageError::Corrupt:
        return "damaged data";
    case StorageError::Io:
        return "input/output error";
    case StorageError::DiskFull:
        return "no space left on the disk";
    case StorageError::InUse:
        return "in use by another process";
    case StorageError::NewerVersion:
        return "written by a newer version of this program";
    case StorageError::WrongNetwork:
        return "data of another network";
    case StorageError::Pruned:
        return "old blocks are pruned";
    }
    return "unknown storage error";
}

std::string Describe(const StorageFailure& failure)
{
    std::string out(Text(failure.code));
    if (!failure.detail.empty()) out += ": " + failure.detail;
    return out;
}

base::Unexpected<StorageFailure> Broken(StorageError code, std::string detail)
{
    return base::Unexpected(StorageFailure{code, std::move(detail)});
}

} // namespace emc::storage
