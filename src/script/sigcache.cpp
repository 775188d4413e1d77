#include "crypto/sha256.h"
#include "script/interpreter.h"

#include <atomic>
#include <bit>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <vector>

namespace emc::script {

namespace {

using base::Hash256;

constexpr size_t WORDS = 4;
// Slots in which a key may stand, beginning at the one its first word names.
constexpr size_t WINDOW = 8;
// Slots that the system gives memory to together; more than it does costs no more than a look.
constexpr size_t PAGE_SLOTS = 4096 / (WORDS * sizeof(uint64_t));

using Words = std::array<uint64_t, WORDS>;

Words Split(const Hash256& key)
{
    Words out{};
    std::memcpy(out.data(), key.data(), sizeof(out));
    return out;
}

} // namespace

// One slot is four words, each read and written by itself. Two writers may leave a mix of two keys in a slot;
// a mix equals a third key only if that key agrees with another one in at least 128 bits of a salted SHA-256.
struct SignatureCache::Impl {
    using Slot = std::array<std::atomic<uint64_t>, WORDS>;

    struct Release {
        void operator()(Slot* memory) const { std::free(memory); }
    };

    /// Zero pages of the system become memory when a slot is used, not before: an idle node stays small. An
    /// atomic integer of all zero bytes is a zero, and has nothing to destroy.
    explicit Impl(size_t count)
        : slots(static_cast<Slot*>(std::calloc(count, sizeof(Slot)))), written(count / PAGE_SLOTS + 1),
          mask(count - 1)
    {
        static_assert(std::atomic<uint64_t>::is_always_lock_free && std::is_trivially_destructible_v<Slot>);
        if (!slots) throw std::bad_alloc();
    }

    std::unique_ptr<Slot[], Release> slots;
    /// Is there anything on the page? A page that was read before it is written costs two faults, and the
    /// second interrupts every other thread; a page nobody wrote is not read.
    std::vector<std::atomic<bool>> written;
    size_t mask;
    crypto::Sha256 salted;

    [[nodiscard]] size_t Place(const Words& key, size_t step) const { return (key[0] + step) & mask; }

    [[nodiscard]] bool Holds(size_t place, const Words& key) const
    {
        if (!written[place / PAGE_SLOTS].load(std::memory_order_relaxed)) return key == Words{};
        const Slot& slot = slots[place];
        for (size_t i = 0; i < WORDS; ++i) {
            if (slot[i].load(std::memory_order_relaxed) != key[i]) return false;
        }
        return true;
    }
};

SignatureCache::SignatureCache(size_t max_bytes, const Hash256& salt)
    : m_impl(std::make_unique<Impl>(std::bit_floor(std::max(max_bytes / sizeof(Impl::Slot), WINDOW))))
{
    // A whole block, so that every key starts from a finished state.
    m_impl->salted.Write(salt.Span()).Write(Hash256().Span());
}

SignatureCache::~SignatureCache() = default;

Hash256 SignatureCache::Key(ByteSpan digest, ByteSpan key, ByteSpan signature) const
{
    const std::array<uint8_t, 3> sizes = {static_cast<uint8_t>(digest.size()),
                                          static_cast<uint8_t>(key.size()),
                                          static_cast<uint8_t>(signature.size())};
    crypto::Sha256 hasher = m_impl->salted;
    return hasher.Write(sizes).Write(digest).Write(key).Write(signature).Finish();
}

bool SignatureCache::Contains(const Hash256& key) const
{
    const Words words = Split(key);
    for (size_t step = 0; step < WINDOW; ++step) {
        if (m_impl->Holds(m_impl->Place(words, step), words)) return true;
    }
    return false;
}

void SignatureCache::Insert(const Hash256& key)
{
    if (Contains(key)) return;
    const Words words = Split(key);
    size_t target = words[1] % WINDOW; // whom a full window loses, the key itself decides
    for (size_t step = 0; step < WINDOW; ++step) {
        if (m_impl->Holds(m_impl->Place(words, step), Words{})) {
            target = step;
            break;
        }
    }
    const size_t place = m_impl->Place(words, target);
    auto& slot = m_impl->slots[place];
    for (size_t i = 0; i < WORDS; ++i)
        slot[i].store(words[i], std::memory_order_relaxed);
    m_impl->written[place / PAGE_SLOTS].store(true, std::memory_order_relaxed);
}

} // namespace emc::script
