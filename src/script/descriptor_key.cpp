#include "script/descriptor_key.h"

namespace emc::script {

namespace {

using base::Unexpected;
using Problem = std::optional<std::string>;

constexpr size_t FINGERPRINT_DIGITS = 8;

bool IsMark(char c)
{
    return c == '\'' || c == 'h';
}

// The mark of the last hardened step of a path; 0 without one.
char LastMark(std::string_view text)
{
    for (size_t i = text.size(); i-- > 0;) {
        if (IsMark(text[i])) return text[i];
    }
    return 0;
}

std::string Quoted(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

// "1/2'/3", each step checked by itself so that the message can name it.
base::Expected<HdPath, std::string> ParsePath(std::string_view text)
{
    HdPath out;
    while (!text.empty()) {
        const size_t slash = std::min(text.find('/'), text.size());
        const std::string_view step = text.substr(0, slash);
        const auto parsed = step.empty() || step == "m" ? std::nullopt : ParseHdPath(step);
        if (!parsed || step.back() == 'H') {
            return Unexpected(
                "The step " + Quoted(step) +
                " of a key's path must be a number below 2147483648, with ' or h when hardened.");
        }
        out.push_back(parsed->front());
        text.remove_prefix(slash);
        if (text.starts_with('/')) {
            text.remove_prefix(1);
            if (text.empty()) return Unexpected(std::string("A key's path ends with \"/\"."));
        }
    }
    return out;
}

} // namespace

Problem KeyExpression::ParseOrigin(std::string_view text)
{
    const std::string_view fingerprint = text.substr(0, text.find('/'));
    const auto bytes = base::FromHex(fingerprint);
    if (fingerprint.size() != FINGERPRINT_DIGITS || !bytes) {
        return "The fingerprint of a key origin has 8 hex digits, here it is " + Quoted(fingerprint) + ".";
    }
    KeyOrigin origin;
    std::copy(bytes->begin(), bytes->end(), origin.fingerprint.begin());
    std::string_view path = text.substr(fingerprint.size());
    if (!path.empty()) {
        path.remove_prefix(1);
        if (path.empty()) return "The key origin " + Quoted(text) + " ends with \"/\".";
        auto parsed = ParsePath(path);
        if (!parsed) return parsed.Error();
        origin.path = *std::move(parsed);
        if (const char mark = LastMark(path); mark != 0) m_mark = mark;
    }
    m_origin = std::move(origin);
    return std::nullopt;
}

Problem KeyExpression::ParseSingle(const AddressParams& params, std::string_view text)
{
    if (auto bytes = base::FromHex(text); bytes && !bytes->empty()) {
        if (m_place == KeyPlace::XOnly && bytes->size() == 32) bytes->insert(bytes->begin(), uint8_t{2});
        const auto key = crypto::PublicKey::From(*bytes);
        const bool hybrid = key && !key->IsCompressed() && key->Span()[0] != 4;
        if (!key || hybrid || !key->IsOnCurve()) return Quoted(text) + " is not a valid public key.";
        m_key = key;
    } else if (const auto secret = DecodeSecret(params, text)) {
        m_secret = secret;
        m_key = secret->Public();
    } else {
        return Quoted(text) + " is no key: neither hex, nor a private key or extended key of this network.";
    }
    if (m_place != KeyPlace::Any && !m_key->IsCompressed()) return "Uncompressed keys are not allowed here.";
    return std::nullopt;
}

Problem KeyExpression::ParseSteps(std::string_view text)
{
    const size_t last = text.rfind('/');
    std::string_view tail = last == std::string_view::npos ? text : text.substr(last + 1);
    if (tail.starts_with('*')) {
        if (tail.size() > 2 || (tail.size() == 2 && !IsMark(tail[1]))) {
            return "The wildcard of a path is *, *' or *h, not " + Quoted(tail) + ".";
        }
        m_wildcard = tail.size() == 2 ? Wildcard::Hardened : Wildcard::Plain;
        if (tail.size() == 2) m_mark = tail[1];
        text = last == std::string_view::npos ? std::string_view() : text.substr(0, last);
    }
    auto path = ParsePath(text);
    if (!path) return path.Error();
    m_path = *std::move(path);
    if (const char mark = LastMark(text); mark != 0) m_mark = mark;
    return std::nullopt;
}

Problem KeyExpression::ParseExtended(const AddressParams& params, std::string_view text)
{
    const size_t slash = std::min(text.find('/'), text.size());
    const std::string_view key = text.substr(0, slash);
    m_ext_secret = DecodeExtPrivate(params, key);
    m_ext = m_ext_secret ? m_ext_secret->Neuter() : DecodeExtPublic(params, key);
    if (!m_ext)
        return Quoted(key) + " is no key: neither hex, nor a private key or extended key of this network.";
    if (slash == text.size()) return std::nullopt;
    if (slash + 1 == text.size()) return std::string("A key's path ends with \"/\".");
    return ParseSteps(text.substr(slash + 1));
}

void KeyExpression::Prepare()
{
    if (!m_ext) return;
    if (m_ext_secret) {
        m_parent_secret = m_ext_secret->Derive(m_path);
        if (m_parent_secret) m_parent = m_parent_secret->Neuter();
        return;
    }
    m_parent = m_ext;
    for (const uint32_t child : m_path) {
        m_parent = m_parent->Derive(child);
        if (!m_parent) return;
    }
}

base::Expected<KeyExpression, std::string> KeyExpression::Parse(const AddressParams& params,
                                                                std::string_view text, KeyPlace place)
{
    KeyExpression out;
    out.m_place = place;
    const size_t bracket = text.find(']');
    if (bracket != std::string_view::npos) {
        if (!text.starts_with('['))
            return Unexpected("A key origin begins with \"[\", this key begins with " +
                              Quoted(text.substr(0, 1)) + ".");
        if (text.find(']', bracket + 1) != std::string_view::npos) {
            return Unexpected(std::string("A key has more than one \"]\"."));
        }
        if (auto problem = out.ParseOrigin(text.substr(1, bracket - 1)))
            return Unexpected(*std::move(problem));
        text.remove_prefix(bracket + 1);
    }
    if (text.empty()) return Unexpected(std::string("A key is missing."));
    const bool extended = text.find('/') != std::string_view::npos || DecodeExtPublic(params, text) ||
                          DecodeExtPrivate(params, text);
    auto problem = extended ? out.ParseExtended(params, text) : out.ParseSingle(params, text);
    if (problem) return Unexpected(*std::move(problem));
    out.Prepare();
    return out;
}

size_t KeyExpression::Size() const
{
    if (m_place == KeyPlace::XOnly) return 32;
    return IsCompressed() ? 33 : 65;
}

std::string KeyExpression::WithOriginAndPath(const std::string& key) const
{
    std::string out;
    if (m_origin) out = "[" + base::Hex(m_origin->fingerprint) + HdPathText(m_origin->path, m_mark) + "]";
    out += key + HdPathText(m_path, m_mark);
    if (m_wildcard != Wildcard::None) out += "/*";
    if (m_wildcard == Wildcard::Hardened) out += m_mark;
    return out;
}

std::string KeyExpression::Text(const AddressParams& params) const
{
    if (m_ext) return WithOriginAndPath(EncodeExtPublic(params, *m_ext));
    const ByteSpan bytes = m_key->Span();
    return WithOriginAndPath(base::Hex(m_place == KeyPlace::XOnly ? bytes.subspan(1) : bytes));
}

std::optional<std::string> KeyExpression::SecretText(const AddressParams& params) const
{
    if (m_ext_secret) return WithOriginAndPath(EncodeExtPrivate(params, *m_ext_secret));
    if (m_secret) return WithOriginAndPath(EncodeSecret(params, *m_secret));
    return std::nullopt;
}

std::optional<KeyExpression> KeyExpression::Public() const
{
    KeyExpression out = *this;
    out.m_secret.reset();
    out.m_ext_secret.reset();
    out.m_parent_secret.reset();
    if (!m_ext) return out;
    if (m_wildcard == Wildcard::Hardened) return std::nullopt;
    size_t steps = m_path.size();
    while (steps > 0 && m_path[steps - 1] < HARDENED)
        --steps;
    if (steps == 0) return out;
    const auto end = m_path.begin() + static_cast<std::ptrdiff_t>(steps);
    const auto parent = m_ext_secret ? m_ext_secret->Derive(HdPath(m_path.begin(), end)) : std::nullopt;
    if (!parent) return std::nullopt;
    if (!out.m_origin) out.m_origin = KeyOrigin{FingerprintOf(m_ext->key), {}};
    out.m_origin->path.insert(out.m_origin->path.end(), m_path.begin(), end);
    out.m_ext = parent->Neuter();
    out.m_path.assign(end, m_path.end());
    out.Prepare();
    return out;
}

base::Expected<KeyExpression, std::string> KeyExpression::Fixed(uint32_t index) const
{
    auto at = At(index);
    if (!at) return Unexpected(at.Error());
    KeyExpression out;
    out.m_place = m_place;
    out.m_mark = m_mark;
    if (m_origin || m_ext) out.m_origin = std::move(at->origin);
    out.m_key = at->key;
    return out;
}

base::Expected<DerivedKey, std::string> KeyExpression::At(uint32_t index) const
{
    DerivedKey out;
    if (m_origin) out.origin = *m_origin;
    if (m_key) {
        out.key = *m_key;
        out.secret = m_secret;
        if (!m_origin) out.origin.fingerprint = FingerprintOf(out.key);
        return out;
    }
    if (!m_origin) out.origin.fingerprint = FingerprintOf(m_ext->key);
    out.origin.path.insert(out.origin.path.end(), m_path.begin(), m_path.end());
    auto secret = m_parent_secret;
    auto key = m_parent;
    if (m_wildcard != Wildcard::None) {
        if (index >= HARDENED) return Unexpected(std::string("An index must be below 2147483648."));
        const uint32_t child = m_wildcard == Wildcard::Hardened ? index | HARDENED : index;
        out.origin.path.push_back(child);
        if (secret) secret = secret->Derive(child);
        if (key) key = secret ? std::optional(secret->Neuter()) : key->Derive(child);
    }
    if (!key) {
        return Unexpected(std::string(m_ext_secret ? "This index has no key, use the next one."
                                                   : "A hardened step of a path needs the private key."));
    }
    out.key = key->key;
    if (secret) out.secret = secret->key;
    return out;
}

} // namespace emc::script
