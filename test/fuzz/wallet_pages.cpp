// Pages of a wallet file, of which sums and numbers are put right: what is on them must be read with care.
#include "base/check.h"
#include "wallet/pages.h"

#include <algorithm>
#include <sstream>

namespace {

using namespace emc;

constexpr size_t PAGE_BYTES = 512;

void Put(base::Bytes& file, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; ++i)
        file[at + i] = static_cast<uint8_t>(value >> 8 * i);
}

/// Numbers and sums of all pages.
void Mend(base::Bytes& file)
{
    for (size_t begin = 0; begin < file.size(); begin += PAGE_BYTES) {
        const uint8_t kind = file[begin + 25];
        const bool table = kind >= 8 && kind <= 10;
        const size_t sum_at = begin + (table ? 492 : 28);
        Put(file, begin + 8, static_cast<uint32_t>(begin / PAGE_BYTES));
        std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(sum_at), table ? 20 : 4, uint8_t{0});
        uint32_t sum = 0;
        for (size_t i = begin; i < begin + PAGE_BYTES; ++i)
            sum = sum * 33 + file[i];
        Put(file, sum_at, sum);
    }
}

std::string Damage(const base::Bytes& file, wallet::FileLog log)
{
    std::istringstream in(base::ToText(file));
    return wallet::PageDamage(in, log);
}

void Read(const base::Bytes& file)
{
    const auto alone = Damage(file, wallet::FileLog::Gone);
    const auto with_log = Damage(file, wallet::FileLog::There);
    EMC_CHECK(with_log.empty() || !alone.empty());
    size_t bytes = 0;
    for (const auto& [key, value] : wallet::RowsOnPages(file))
        bytes += key.size();
    EMC_CHECK(bytes <= file.size() * file.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    base::Bytes file(data, data + size);
    Read(file);
    file.resize(size / PAGE_BYTES * PAGE_BYTES);
    if (file.empty()) return 0;
    Mend(file);
    Read(file);
    return 0;
}
