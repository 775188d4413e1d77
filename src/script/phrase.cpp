#include "script/phrase.h"

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::script {

namespace {

using crypto::SecureBytes;

constexpr std::string_view WORDS =
#include "script/phrase_words.inc"
    ;
constexpr size_t WORD_COUNT = 2048;
constexpr size_t BITS_PER_WORD = 11;
constexpr size_t MIN_ENTROPY_BYTES = 16;
constexpr size_t MAX_ENTROPY_BYTES = 32;
constexpr uint32_t SEED_ROUNDS = 2048;

using WordTable = std::array<std::string_view, WORD_COUNT>;

constexpr WordTable SplitWords()
{
    WordTable out;
    std::string_view rest = WORDS;
    for (auto& word : out) {
        const size_t end = rest.find(' ');
        word = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    return out;
}

constexpr WordTable TABLE = SplitWords();
static_assert(TABLE.front() == "abandon" && TABLE.back() == "zoo");

bool IsEntropySize(size_t bytes)
{
    return bytes >= MIN_ENTROPY_BYTES && bytes <= MAX_ENTROPY_BYTES && bytes % 4 == 0;
}

bool BitAt(base::ByteSpan in, size_t bit)
{
    return (in[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

/// Entropy with the first byte of its hash behind it.
SecureBytes WithChecksum(base::ByteSpan entropy)
{
    SecureBytes out(entropy.size() + 1);
    std::copy(entropy.begin(), entropy.end(), out.Mutable().begin());
    out.Mutable().back() = crypto::Sha256Of(entropy).bytes[0];
    return out;
}

/// Words that are wiped in the end.
struct SecretWords {
    SecretWords() = default;

    ~SecretWords()
    {
        for (auto& word : list)
            crypto::Wipe({reinterpret_cast<uint8_t*>(word.data()), word.size()});
    }

    SecretWords(const SecretWords&) = delete;
    SecretWords& operator=(const SecretWords&) = delete;

    std::vector<std::string> list;
};

/// Does one become the other by a letter more, less or another one, or by two neighbours in turn?
bool IsOneSlipAway(std::string_view a, std::string_view b)
{
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin());
    const std::string_view rest_a(left, a.end());
    const std::string_view rest_b(right, b.end());
    if (a.size() < b.size()) return rest_a == rest_b.substr(1);
    if (rest_a.empty() || rest_a.substr(1) == rest_b.substr(1)) return true;
    return rest_a.size() > 1 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
           rest_a.substr(2) == rest_b.substr(2);
}

/// Words of the list that somebody may have meant: ", perhaps …"; empty when none is near. Four letters tell
/// the words of the list apart, so one that begins like another can stand for it alone.
std::string MeantBy(const std::string& word)
{
    constexpr size_t TELLING_LETTERS = 4;
    std::string out;
    for (const auto& known : TABLE) {
        const bool begins =
            word.size() >= TELLING_LETTERS && known.starts_with(word.substr(0, TELLING_LETTERS));
        if (!begins && !IsOneSlipAway(word, known)) continue;
        out += (out.empty() ? "; perhaps " : " or ") + std::string(known);
    }
    return out;
}

/// Words in small letters.
void SplitPhrase(std::string_view phrase, std::vector<std::string>& out)
{
    std::string word;
    for (const char c : phrase) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (blank && !word.empty()) out.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) out.push_back(word);
}

} // namespace

bool IsPlainText(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string PhraseOf(base::ByteSpan entropy)
{
    std::string out;
    if (!IsEntropySize(entropy.size())) return out;
    out.reserve(256); // in one place, so that wiping it wipes all
    const SecureBytes bits = WithChecksum(entropy);
    const size_t words = entropy.size() * 3 / 4;
    for (size_t i = 0; i < words; ++i) {
        size_t number = 0;
        for (size_t bit = 0; bit < BITS_PER_WORD; ++bit)
            number = number * 2 + (BitAt(bits.Span(), i * BITS_PER_WORD + bit) ? 1 : 0);
        if (i > 0) out += ' ';
        out += TABLE[number];
    }
    return out;
}

base::Expected<SecureBytes, std::string> EntropyOf(std::string_view phrase)
{
    SecretWords secret;
    SplitPhrase(phrase, secret.list);
    const auto& words = secret.list;
    const size_t bytes = words.size() * 4 / 3;
    if (words.size() % 3 != 0 || !IsEntropySize(bytes)) {
        return base::Unexpected("A recovery phrase has 12, 15, 18, 21 or 24 words, this one has " +
                                std::to_string(words.size()));
    }
    SecureBytes bits(bytes + 2);
    for (size_t i = 0; i < words.size(); ++i) {
        const auto at = std::lower_bound(TABLE.begin(), TABLE.end(), words[i]);
        if (at == TABLE.end() || *at != words[i])
            return base::Unexpected("Word " + std::to_string(i + 1) +
                                    " is not in the English list of BIP 39" + MeantBy(words[i]));
        const auto number = static_cast<size_t>(at - TABLE.begin());
        for (size_t bit = 0; bit < BITS_PER_WORD; ++bit) {
            const size_t place = i * BITS_PER_WORD + bit;
            if ((number >> (BITS_PER_WORD - 1 - bit) & 1) != 0)
                bits.Mutable()[place / 8] |= static_cast<uint8_t>(0x80 >> place % 8);
        }
    }
    SecureBytes entropy(bits.Span().first(bytes));
    const SecureBytes right = WithChecksum(entropy.Span());
    for (size_t bit = bytes * 8; bit < words.size() * BITS_PER_WORD; ++bit) {
        if (BitAt(bits.Span(), bit) != BitAt(right.Span(), bit))
            return base::Unexpected(std::string(
                "The words do not fit together: all are in the list, but one of them is another than it "
                "was, or their order is"));
    }
    return entropy;
}

SecureBytes SeedOfPhrase(base::ByteSpan entropy, std::string_view passphrase)
{
    std::string words = PhraseOf(entropy);
    EMC_CHECK(!words.empty());
    std::string salt = "mnemonic" + std::string(passphrase);
    SecureBytes seed(64);
    crypto::Pbkdf2Sha512(base::AsBytes(words), base::AsBytes(salt), SEED_ROUNDS, seed.Mutable());
    crypto::Wipe({reinterpret_cast<uint8_t*>(words.data()), words.size()});
    crypto::Wipe({reinterpret_cast<uint8_t*>(salt.data()), salt.size()});
    return seed;
}

} // namespace emc::script
