#pragma once

#include <memory>
#include <string>

#include "base/error.h"

struct ssl_ctx_st;

namespace kintsugi::runtime {

/// Certificates and rules for the TLS of many streams. Cheap to copy (shared), immutable, any thread.
class TlsContext {
 public:
  /// For servers: PEM files of the certificate chain and its key; `ca_file` (may be empty) demands and checks
  /// client certificates.
  static Result<TlsContext> server(const std::string& certificate_file, const std::string& key_file,
                                   const std::string& ca_file = "");
  /// For servers that were given no certificate: a fresh key and a self-signed certificate, in memory. It
  /// hides the traffic from listeners, it does not prove who the server is.
  static Result<TlsContext> self_signed(const std::string& common_name);
  /// For clients: checks the server's certificate and name against `ca_file`; with an empty one, encrypts
  /// without a check. The certificate with its key is shown to servers that ask for one; empty: none is.
  static Result<TlsContext> client(const std::string& ca_file = "", const std::string& certificate_file = "",
                                   const std::string& key_file = "");

  ssl_ctx_st* native() const { return context_.get(); }
  bool checks_peer() const { return checks_peer_; }

 private:
  Result<void> use_certificate(const std::string& certificate_file, const std::string& key_file);

  std::shared_ptr<ssl_ctx_st> context_;
  bool checks_peer_ = false;
};

}  // namespace kintsugi::runtime
