#include "crypto/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <climits>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace emc::crypto {

namespace {

template <typename T, void (*FREE)(T*)>
struct Freer {
    void operator()(T* pointer) const { FREE(pointer); }
};

using SslPtr = std::unique_ptr<SSL, Freer<SSL, SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, Freer<SSL_CTX, SSL_CTX_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509, X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;

constexpr unsigned char SESSION_ID[] = "emc-dns";
constexpr long CERTIFICATE_DAYS = 3650;
constexpr int KEY_FILE_MODE = 0600;
constexpr int CERTIFICATE_FILE_MODE = 0644;

/// What OpenSSL says of its last failure; the queue is empty afterwards.
std::string LastError()
{
    const unsigned long code = ERR_get_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    if (code != 0 && ERR_SYSTEM_ERROR(code)) reason = std::strerror(ERR_GET_REASON(code));
    ERR_clear_error();
    return reason == nullptr ? "unknown reason" : reason;
}

base::Unexpected<std::string> Failed(const std::string& file, const std::string& what)
{
    return base::Unexpected(file + ": " + what);
}

/// Takes our protocol when the client offers it; a client that offers only others is refused (RFC 7301 §3.2).
int ChooseProtocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                   unsigned int in_size, void* argument)
{
    const auto& wanted = *static_cast<const std::string*>(argument);
    for (unsigned int at = 0; at < in_size; at += 1u + in[at]) {
        if (in[at] != wanted.size() || in_size - at <= in[at]) continue;
        if (wanted.compare(0, wanted.size(), reinterpret_cast<const char*>(in + at + 1), in[at]) != 0)
            continue;
        *out = in + at + 1;
        *out_size = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::string FingerprintOf(X509* certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    std::string out;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return out;
    const std::string hex = base::Hex({digest.data(), size});
    for (size_t i = 0; i < hex.size(); ++i) {
        if (i > 0 && i % 2 == 0) out += ':';
        out += hex[i] >= 'a' ? static_cast<char>(hex[i] - 'a' + 'A') : hex[i];
    }
    return out;
}

std::string KeyPinOf(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int digest_size = 0;
    const int done =
        EVP_Digest(der, static_cast<size_t>(size), digest.data(), &digest_size, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
    if (done != 1) return {};
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest_size));
    return {reinterpret_cast<const char*>(text.data()), static_cast<size_t>(length)};
}

int64_t ExpiryOf(X509* certificate)
{
    tm time{};
    return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1 ? timegm(&time) : 0;
}

bool AddExtension(X509* certificate, int kind, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

X509Ptr SelfSigned(EVP_PKEY* key, const std::string& host, int64_t now_sec)
{
    X509Ptr out(X509_new());
    if (!out || X509_set_version(out.get(), X509_VERSION_3) != 1) return nullptr;
    BIGNUM* serial = BN_new();
    const bool numbered = serial != nullptr &&
                          BN_rand(serial, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                          BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(out.get())) != nullptr;
    BN_free(serial);
    time_t now = now_sec;
    X509_NAME* name = X509_get_subject_name(out.get());
    const auto* text = reinterpret_cast<const unsigned char*>(host.c_str());
    const bool filled =
        numbered && X509_time_adj_ex(X509_getm_notBefore(out.get()), -1, 0, &now) != nullptr &&
        X509_time_adj_ex(X509_getm_notAfter(out.get()), CERTIFICATE_DAYS, 0, &now) != nullptr &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
        X509_set_issuer_name(out.get(), name) == 1 && X509_set_pubkey(out.get(), key) == 1 &&
        AddExtension(out.get(), NID_basic_constraints, "critical,CA:FALSE") &&
        AddExtension(out.get(), NID_ext_key_usage, "serverAuth") &&
        AddExtension(out.get(), NID_subject_alt_name, "DNS:" + host);
    if (!filled || X509_sign(out.get(), key, EVP_sha256()) == 0) return nullptr;
    return out;
}

/// Writes a PEM file that did not exist before.
template <typename F>
base::Expected<void, std::string> WriteFile(const std::string& path, int mode, F write_pem)
{
    const int handle = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (handle < 0) return Failed(path, std::strerror(errno));
    std::FILE* file = fdopen(handle, "w");
    if (file == nullptr) {
        close(handle);
        return Failed(path, std::strerror(errno));
    }
    const bool written = write_pem(file) == 1 && std::fflush(file) == 0 && fsync(handle) == 0;
    const bool closed = std::fclose(file) == 0;
    if (written && closed) return {};
    unlink(path.c_str());
    return Failed(path, "cannot be written");
}

TlsState StateOf(SSL* ssl, int result)
{
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return TlsState::WantRead;
    case SSL_ERROR_WANT_WRITE:
        return TlsState::WantWrite;
    case SSL_ERROR_ZERO_RETURN:
        return TlsState::Closed;
    default:
        return TlsState::Failed;
    }
}

} // namespace

struct TlsContext::Impl {
    SslCtxPtr context;
    std::string protocol; ///< the callback that chooses a protocol looks at it
    std::string fingerprint;
    std::string key_pin;
    int64_t expiry_sec = 0;
};

struct TlsSession::Impl {
    std::shared_ptr<const TlsContext::Impl> context;
    SslPtr ssl;
    bool broken = false; ///< no orderly end is possible
};

TlsSession::TlsSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

TlsSession::~TlsSession() = default;

namespace {

template <typename F>
TlsResult Call(SSL* ssl, bool& broken, F call)
{
    ERR_clear_error();
    size_t bytes = 0;
    const int result = call(ssl, bytes);
    if (result == 1) return {TlsState::Done, bytes};
    const TlsState state = StateOf(ssl, result);
    if (state == TlsState::Failed) broken = true;
    return {state, 0};
}

} // namespace

TlsResult TlsSession::Handshake()
{
    return Call(m_impl->ssl.get(), m_impl->broken, [](SSL* ssl, size_t&) { return SSL_accept(ssl); });
}

TlsResult TlsSession::Read(std::span<uint8_t> out)
{
    return Call(m_impl->ssl.get(), m_impl->broken,
                [&](SSL* ssl, size_t& bytes) { return SSL_read_ex(ssl, out.data(), out.size(), &bytes); });
}

bool TlsSession::Pending() const
{
    return SSL_has_pending(m_impl->ssl.get()) == 1;
}

TlsResult TlsSession::Write(base::ByteSpan in)
{
    return Call(m_impl->ssl.get(), m_impl->broken,
                [&](SSL* ssl, size_t& bytes) { return SSL_write_ex(ssl, in.data(), in.size(), &bytes); });
}

void TlsSession::Close()
{
    if (m_impl->broken || SSL_is_init_finished(m_impl->ssl.get()) != 1) return;
    ERR_clear_error();
    SSL_shutdown(m_impl->ssl.get());
}

TlsContext::TlsContext(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

TlsContext::~TlsContext() = default;

base::Expected<std::shared_ptr<const TlsContext>, std::string> TlsContext::Load(const Options& options)
{
    ERR_clear_error();
    auto impl = std::make_shared<Impl>();
    impl->protocol = options.protocol;
    impl->context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* context = impl->context.get();
    if (context == nullptr) return base::Unexpected("TLS: " + LastError());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(context, SESSION_ID, sizeof(SESSION_ID) - 1);
    // Resumption by tickets alone: nothing is remembered here of clients.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    if (!options.protocol.empty()) SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, &impl->protocol);
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
        return Failed(options.certificate_file, "no readable PEM certificate (" + LastError() + ")");
    }
    if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        return Failed(options.key_file, "no readable PEM key without password (" + LastError() + ")");
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return Failed(options.key_file, "is not the key of " + options.certificate_file);
    }
    X509* certificate = SSL_CTX_get0_certificate(context);
    impl->fingerprint = FingerprintOf(certificate);
    impl->key_pin = KeyPinOf(certificate);
    impl->expiry_sec = ExpiryOf(certificate);
    return std::shared_ptr<const TlsContext>(std::make_shared<TlsContext>(std::move(impl)));
}

std::unique_ptr<TlsSession> TlsContext::Accept(int socket) const
{
    auto session = std::make_unique<TlsSession::Impl>();
    session->context = m_impl;
    session->ssl.reset(SSL_new(m_impl->context.get()));
    if (!session->ssl || SSL_set_fd(session->ssl.get(), socket) != 1) return nullptr;
    return std::make_unique<TlsSession>(std::move(session));
}

const std::string& TlsContext::Fingerprint() const
{
    return m_impl->fingerprint;
}

const std::string& TlsContext::KeyPin() const
{
    return m_impl->key_pin;
}

int64_t TlsContext::ExpirySec() const
{
    return m_impl->expiry_sec;
}

base::Expected<void, std::string> MakeSelfSigned(const TlsContext::Options& files, const std::string& host,
                                                 int64_t now_sec)
{
    const KeyPtr key(EVP_EC_gen("P-256"));
    if (!key) return Failed(files.key_file, "no key: " + LastError());
    const X509Ptr certificate = SelfSigned(key.get(), host, now_sec);
    if (!certificate) return Failed(files.certificate_file, "no certificate: " + LastError());
    auto written = WriteFile(files.key_file, KEY_FILE_MODE, [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    if (!written) return written;
    return WriteFile(files.certificate_file, CERTIFICATE_FILE_MODE,
                     [&](std::FILE* file) { return PEM_write_X509(file, certificate.get()); });
}

} // namespace emc::crypto
