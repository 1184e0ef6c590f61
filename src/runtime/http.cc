#include "runtime/http.h"

#include <algorithm>

#include "runtime/detail/http_codec.h"

namespace kintsugi::runtime {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool HeaderLess::operator()(std::string_view left, std::string_view right) const {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [](char a, char b) { return lower(a) < lower(b); });
}

std::string HttpRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto key = http_detail::percent_decode(pair.substr(0, equals), /*plus_is_space=*/true);
    if (!key || *key != name) continue;
    if (equals == pair.size()) return "";
    return http_detail::percent_decode(pair.substr(equals + 1), /*plus_is_space=*/true).value_or("");
  }
  return "";
}

HttpResponse HttpResponse::text(int status, std::string body) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body)};
}

HttpResponse HttpResponse::html(std::string body) {
  return {200, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(body)};
}

HttpResponse HttpResponse::json(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

}  // namespace kintsugi::runtime
