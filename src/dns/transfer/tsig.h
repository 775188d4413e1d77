/// Transaction signatures (RFC 8945): a secret both sides know signs questions and answers. Keys, the check
/// of a question, the signatures of its answers.
#pragma once

#include "base/expected.h"
#include "dns/message/wire.h"

namespace emc::dns {

enum class TsigAlgorithm : uint8_t { HmacSha256, HmacSha384, HmacSha512 };

/// Wiped when it dies.
struct TsigKey {
    Bytes name; ///< wire form with root label, lower case
    TsigAlgorithm algorithm{};
    Bytes secret;

    TsigKey() = default;
    TsigKey(const TsigKey&) = default;
    TsigKey(TsigKey&&) = default;
    TsigKey& operator=(const TsigKey&) = default;
    TsigKey& operator=(TsigKey&&) = default;
    ~TsigKey();
};

enum class TsigKeyError : uint8_t { Form, Name, Algorithm, Secret, Twice, FileMode, FileUnreadable };
[[nodiscard]] std::string_view Text(TsigKeyError error);

struct TsigKeyFailure {
    TsigKeyError error{};
    std::string where; ///< the key's name or the file and line; never a secret
};

/// All keys of this server. Immutable once filled; then any thread.
class TsigKeys
{
public:
    static constexpr size_t MIN_SECRET_BYTES = 16;
    static constexpr size_t MAX_SECRET_BYTES = 512;

    /// Adds "name:algorithm:base64" with hmac-sha256, -384 or -512.
    [[nodiscard]] base::Expected<void, TsigKeyFailure> Add(std::string_view text);
    /// Adds every line of a file that nobody but its owner may read; blank lines and # are passed over.
    [[nodiscard]] base::Expected<void, TsigKeyFailure> AddFile(const std::string& path);

    /// The key of a wire name; nullptr when there is none.
    [[nodiscard]] const TsigKey* Find(ByteSpan name) const;

    [[nodiscard]] bool Empty() const { return m_keys.empty(); }

private:
    std::vector<TsigKey> m_keys;
};

/// What RFC 8945 §5.2 calls the error field.
enum class TsigError : uint16_t { None = 0, BadSig = 16, BadKey = 17, BadTime = 18, BadTrunc = 22 };

/// A TSIG record as read.
struct TsigRecord {
    Bytes key_name;  ///< wire, lower case
    Bytes algorithm; ///< wire, lower case
    uint64_t time_sec = 0;
    uint16_t fudge_sec = 0;
    Bytes mac;
    uint16_t original_id = 0;
    TsigError error = TsigError::None;
    Bytes other;
};

enum class TsigPlace : uint8_t { None, Last, Malformed };

/// Looks for the record. Last: it is the message's last one and `at` its offset. None: `at` is the end of the
/// last record, bytes may be left over behind it. Malformed: the message cannot be walked, or the record
/// stands elsewhere, comes twice or is damaged (answer: FORMERR).
[[nodiscard]] TsigPlace FindTsig(ByteSpan message, size_t& at, TsigRecord& out);

/// One question and the answers to it, or one message of our own and its answer. One thread.
class TsigSession
{
public:
    static constexpr uint16_t FUDGE_SEC = 300;

    enum class Verdict : uint8_t {
        Unsigned,  ///< no signature: answers get none
        Good,      ///< answers must be signed
        Malformed, ///< answer FORMERR, unsigned
        NotAuth,   ///< answer what Refusal makes
    };

    /// For an unsigned exchange.
    TsigSession() = default;

    /// For a message of our own; `key` must outlive the session.
    explicit TsigSession(const TsigKey& key) : m_key(&key) {}

    /// Checks a question; `keys` must outlive the session. The order is that of RFC 8945 §5.2: key, MAC,
    /// time, length of the MAC.
    [[nodiscard]] Verdict Check(ByteSpan question, const TsigKeys& keys, int64_t now_sec);
    /// Checks the one answer to a message Sign has signed. False when unsigned, forged or out of time.
    [[nodiscard]] bool CheckAnswer(ByteSpan answer, int64_t now_sec) const;

    /// The key that signed; nullptr for an unsigned exchange. Allows nothing unless Check said Good.
    [[nodiscard]] const TsigKey* Key() const { return m_key; }

    /// After Good: the question without its signature.
    [[nodiscard]] Bytes Stripped(ByteSpan question) const;
    /// After NotAuth: the whole answer, signed where the RFC wants it.
    [[nodiscard]] Bytes Refusal(ByteSpan question, int64_t now_sec) const;
    /// The room Sign needs; 0 for an unsigned exchange.
    [[nodiscard]] size_t SignatureBytes() const;
    /// Signs a message whose header is final but for ARCOUNT; of several the second and later ones are
    /// chained to the one before (RFC 8945 §5.3.1). A no-op for an unsigned exchange.
    void Sign(Bytes& message, int64_t now_sec);

private:
    const TsigKey* m_key = nullptr;
    TsigRecord m_question;
    size_t m_question_bytes = 0; ///< without the record
    Bytes m_prior;               ///< MAC of the message before, with its length
    bool m_signed = false;       ///< an answer has been
};

} // namespace emc::dns
