#include "runtime/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <fmt/format.h>

#include "runtime/errors.h"

namespace kintsugi::runtime {
namespace {

std::string openssl_error() {
  char text[256] = "no reason given";
  if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // A peer that closes without a TLS goodbye is an end of the stream; MySQL's framing tells what is missing.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  return context;
}

tl::unexpected<Error> tls_failure(const std::string& what) {
  return failure(kTlsFailed, fmt::format("{}: {}", what, openssl_error()));
}

std::shared_ptr<X509> sign_self(EVP_PKEY* key, const std::string& common_name) {
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 10L * 365 * 24 * 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

}  // namespace

Result<void> TlsContext::use_certificate(const std::string& certificate_file, const std::string& key_file) {
  if (SSL_CTX_use_certificate_chain_file(native(), certificate_file.c_str()) != 1) {
    return tls_failure("certificate " + certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(native(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return tls_failure("key " + key_file);
  }
  if (SSL_CTX_check_private_key(native()) != 1) {
    return tls_failure(fmt::format("key {} does not belong to certificate {}", key_file, certificate_file));
  }
  return {};
}

Result<TlsContext> TlsContext::server(const std::string& certificate_file, const std::string& key_file,
                                      const std::string& ca_file) {
  TlsContext tls;
  tls.context_ = make_context(TLS_server_method());
  if (auto used = tls.use_certificate(certificate_file, key_file); !used) return failure(used.error());
  if (!ca_file.empty()) {
    if (SSL_CTX_load_verify_file(tls.native(), ca_file.c_str()) != 1) return tls_failure("CA " + ca_file);
    SSL_CTX_set_verify(tls.native(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    tls.checks_peer_ = true;
  }
  return tls;
}

Result<TlsContext> TlsContext::self_signed(const std::string& common_name) {
  TlsContext tls;
  tls.context_ = make_context(TLS_server_method());
  const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) return tls_failure("making a key");
  const std::shared_ptr<X509> certificate = sign_self(key.get(), common_name);
  if (SSL_CTX_use_certificate(tls.native(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(tls.native(), key.get()) != 1) {
    return tls_failure("making a self-signed certificate");
  }
  return tls;
}

Result<TlsContext> TlsContext::client(const std::string& ca_file, const std::string& certificate_file,
                                      const std::string& key_file) {
  TlsContext tls;
  tls.context_ = make_context(TLS_client_method());
  if (!certificate_file.empty()) {
    if (auto used = tls.use_certificate(certificate_file, key_file); !used) return failure(used.error());
  }
  if (!ca_file.empty()) {
    if (SSL_CTX_load_verify_file(tls.native(), ca_file.c_str()) != 1) return tls_failure("CA " + ca_file);
    SSL_CTX_set_verify(tls.native(), SSL_VERIFY_PEER, nullptr);
    tls.checks_peer_ = true;
  }
  return tls;
}

}  // namespace kintsugi::runtime
