#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kintsugi::runtime {

/// Compares header names without regard to case.
struct HeaderLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const;
};
using HttpHeaders = std::map<std::string, std::string, HeaderLess>;

struct HttpRequest {
  std::string method = "GET";
  std::string path;   ///< decoded, without query: "/v3/kv/range"
  std::string query;  ///< as sent, without '?'; empty if there is none
  HttpHeaders headers;
  std::string body;
  std::string peer;  ///< server side: who asks

  /// The decoded value of one query parameter; empty if it is not there.
  std::string parameter(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;

  static HttpResponse text(int status, std::string body);
  static HttpResponse html(std::string body);
  static HttpResponse json(int status, std::string body);
};

}  // namespace kintsugi::runtime
