#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runtime/http.h"

namespace kintsugi::runtime::http_detail {

struct HttpLimits {
  std::size_t header_bytes_max = 64u << 10;
  std::size_t body_bytes_max = std::numeric_limits<std::size_t>::max();
};

/// Takes one HTTP/1.x message apart as its bytes come; does no I/O. Beast's parser stays behind it.
class HttpReader {
 public:
  static HttpReader request(const HttpLimits& limits);
  /// `to_head`: of an answer to HEAD, which has the headers of a body but no body.
  static HttpReader response(const HttpLimits& limits, bool to_head);
  HttpReader(HttpReader&&) noexcept;
  HttpReader& operator=(HttpReader&&) noexcept;
  ~HttpReader();

  /// Takes what it can use of `bytes` and says how many that was; the rest must be given again together with
  /// what follows. kHttpMalformed, and then refusal() has the fitting status.
  Result<std::size_t> feed(std::string_view bytes);
  /// The sender sends no more: fine if the message's length was to be told by that, kConnectionLost if not.
  Result<void> feed_end();

  bool header_done() const;
  bool done() const;
  /// The sender is willing to send another message on this connection.
  bool keep_alive() const;
  bool is_http_1_0() const;
  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const;
  /// Of a response, after header_done().
  int status() const;
  /// A 1xx: another response follows it.
  bool is_interim() const { return status() / 100 == 1 && status() != 101; }
  /// 400, 413 or 431.
  int refusal() const { return refusal_; }

  /// Body bytes that were read so far, decoded; may be taken away at any time.
  std::string& body();

  /// After header_done(); what is in body() is moved along. A request's target that cannot be decoded is
  /// kHttpMalformed.
  Result<HttpRequest> take_request();
  HttpResponse take_response();

 private:
  struct Parser;
  explicit HttpReader(std::unique_ptr<Parser> parser);
  std::unique_ptr<Parser> parser_;
  int refusal_ = 400;
};

/// Everything up to the body. The length of the body is announced; Host is added.
std::string request_head(const HttpRequest& request, const std::string& host);

enum class BodyLength { known, chunked, until_close };
std::string response_head(const HttpResponse& response, BodyLength length, bool keep_alive);

/// "200 OK"'s second word.
std::string_view status_text(int status);

/// Nothing if an escape is broken or stands for a zero byte.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace kintsugi::runtime::http_detail
