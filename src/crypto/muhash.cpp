#include "crypto/muhash.h"

#include "base/check.h"
#include "crypto/cipher.h"
#include "crypto/sha256.h"

#include <openssl/bn.h>

#include <algorithm>
#include <memory>

namespace emc::crypto {
namespace {

__extension__ using Wide = unsigned __int128;
using Number = MuHash3072::Number;

constexpr size_t LIMBS = MuHash3072::LIMBS;
constexpr size_t NUMBER_BYTES = MuHash3072::NUMBER_BYTES;
/// 2^3072 minus the modulus.
constexpr uint64_t MODULUS_GAP = 1'103'717;

uint64_t Low(Wide value)
{
    return static_cast<uint64_t>(value);
}

uint64_t High(Wide value)
{
    return static_cast<uint64_t>(value >> 64);
}

constexpr Number One()
{
    Number out{};
    out[0] = 1;
    return out;
}

/// number += addend; what goes beyond the last limb.
uint64_t AddSmall(Number& number, uint64_t addend)
{
    for (size_t i = 0; i < LIMBS && addend != 0; ++i) {
        const Wide sum = static_cast<Wide>(number[i]) + addend;
        number[i] = Low(sum);
        addend = High(sum);
    }
    return addend;
}

/// number = number × factor modulo the modulus.
void Multiply(Number& number, const Number& factor)
{
    // Column by column: a column's sum stays in registers, with what is above 128 bits counted apart.
    std::array<uint64_t, 2 * LIMBS> product{};
    Wide sum = 0;
    uint64_t above = 0;
    for (size_t column = 0; column + 1 < 2 * LIMBS; ++column) {
        const size_t first = column < LIMBS ? 0 : column - (LIMBS - 1);
        const size_t last = std::min(column, LIMBS - 1);
        for (size_t i = first; i <= last; ++i) {
            const Wide part = static_cast<Wide>(number[i]) * factor[column - i];
            sum += part;
            above += sum < part ? 1 : 0;
        }
        product[column] = Low(sum);
        sum = static_cast<Wide>(above) << 64 | High(sum);
        above = 0;
    }
    product.back() = Low(sum);
    // 2^3072 is worth MODULUS_GAP: the upper half comes down, then what that leaves above.
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; ++i) {
        const Wide part = static_cast<Wide>(product[LIMBS + i]) * MODULUS_GAP + product[i] + carry;
        number[i] = Low(part);
        carry = High(part);
    }
    while (carry != 0)
        carry = AddSmall(number, carry * MODULUS_GAP);
}

/// Between limbs and little-endian bytes; the supported machines are little-endian.
void ToBytes(const Number& number, uint8_t* out)
{
    std::memcpy(out, number.data(), NUMBER_BYTES);
}

Number FromBytes(const uint8_t* in)
{
    Number out;
    std::memcpy(out.data(), in, NUMBER_BYTES);
    return out;
}

Number NumberOf(base::ByteSpan element)
{
    Key32 key{};
    const auto digest = Sha256Of(element);
    std::copy(digest.begin(), digest.end(), key.begin());
    std::array<uint8_t, NUMBER_BYTES> stream{};
    ChaCha20Xor(key, {}, 0, stream);
    return FromBytes(stream.data());
}

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }

    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};

using BigNumber = std::unique_ptr<BIGNUM, FreeNumber>;

BigNumber ToBig(const Number& number)
{
    std::array<uint8_t, NUMBER_BYTES> bytes{};
    ToBytes(number, bytes.data());
    BigNumber out(BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    EMC_CHECK(out != nullptr);
    return out;
}

BigNumber Modulus()
{
    BigNumber out(BN_new());
    EMC_CHECK(out != nullptr);
    EMC_CHECK(BN_set_bit(out.get(), static_cast<int>(8 * NUMBER_BYTES)) == 1);
    EMC_CHECK(BN_sub_word(out.get(), MODULUS_GAP) == 1);
    return out;
}

} // namespace

MuHash3072::MuHash3072() : m_added(One()), m_removed(One()) {}

MuHash3072& MuHash3072::Insert(base::ByteSpan element)
{
    Multiply(m_added, NumberOf(element));
    return *this;
}

MuHash3072& MuHash3072::Remove(base::ByteSpan element)
{
    Multiply(m_removed, NumberOf(element));
    return *this;
}

MuHash3072& MuHash3072::Combine(const MuHash3072& other)
{
    const Number added = other.m_added; // `other` may be this one
    const Number removed = other.m_removed;
    Multiply(m_added, added);
    Multiply(m_removed, removed);
    return *this;
}

std::array<uint8_t, NUMBER_BYTES> MuHash3072::Product() const
{
    const std::unique_ptr<BN_CTX, FreeNumber> context(BN_CTX_new());
    EMC_CHECK(context != nullptr);
    const BigNumber modulus = Modulus();
    const BigNumber added = ToBig(m_added);
    // Zero, which has no inverse, takes a preimage of 3072 bits.
    const BigNumber inverse(BN_mod_inverse(nullptr, ToBig(m_removed).get(), modulus.get(), context.get()));
    EMC_CHECK(inverse != nullptr);
    const BigNumber quotient(BN_new());
    EMC_CHECK(quotient != nullptr);
    EMC_CHECK(BN_mod_mul(quotient.get(), added.get(), inverse.get(), modulus.get(), context.get()) == 1);
    std::array<uint8_t, NUMBER_BYTES> bytes{};
    EMC_CHECK(BN_bn2lebinpad(quotient.get(), bytes.data(), static_cast<int>(bytes.size())) ==
              static_cast<int>(bytes.size()));
    return bytes;
}

base::Hash256 MuHash3072::Finish() const
{
    return Sha256Of(Product());
}

std::optional<MuHash3072> MuHash3072::FromProduct(base::ByteSpan in)
{
    if (in.size() != NUMBER_BYTES) return std::nullopt;
    MuHash3072 out;
    out.m_added = FromBytes(in.data());
    // Below 2^3072 only 0 and the modulus itself are worth zero.
    const uint64_t rest = out.m_added[0] == 0 - MODULUS_GAP ? UINT64_MAX : 0;
    const bool zero =
        (out.m_added[0] == 0 || rest != 0) && std::all_of(out.m_added.begin() + 1, out.m_added.end(),
                                                          [rest](uint64_t limb) { return limb == rest; });
    if (zero) return std::nullopt;
    return out;
}

} // namespace emc::crypto
