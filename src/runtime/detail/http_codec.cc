#include "runtime/detail/http_codec.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>

#include "runtime/errors.h"

namespace kintsugi::runtime::http_detail {
namespace {

namespace http = boost::beast::http;
using BeastError = boost::beast::error_code;

// A body as Beast's parser wants it: bytes are appended to a string that may be emptied at any time. (Beast's
// own string_body reserves what Content-Length claims, which a client should not decide.)
struct AppendedBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(http::header<is_request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, BeastError& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, BeastError& error) {
      error = {};
      std::size_t count = 0;
      for (const boost::asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        count += buffer.size();
      }
      return count;
    }
    void finish(BeastError& error) { error = {}; }

   private:
    value_type& body_;
  };
};

using RequestParser = http::request_parser<AppendedBody>;
using ResponseParser = http::response_parser<AppendedBody>;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

template <class Fields>
HttpHeaders headers_of(const Fields& fields) {
  HttpHeaders headers;
  for (const auto& field : fields) {
    std::string& value = headers[std::string(view(field.name_string()))];
    if (!value.empty()) value += ", ";
    value += view(field.value());
  }
  return headers;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A path is given decoded, a query encoded; of the latter only what would end the request line is changed.
constexpr std::string_view kKeptInPath = "-._~!$&'()*+,;=:@/";
constexpr std::string_view kKeptInQuery = "-._~!$&'()*+,;=:@/?%";

std::string percent_encode(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// A header that was made of foreign text must not begin a new line.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  fmt::format_to(std::back_inserter(out), "{}: {}\r\n", one_line(name), one_line(value));
}

// Framing is decided here and not by who fills the headers.
bool is_framing(std::string_view name) {
  const HeaderLess less;
  for (const std::string_view own : {"content-length", "transfer-encoding", "connection"}) {
    if (!less(name, own) && !less(own, name)) return true;
  }
  return false;
}

void append_headers(std::string& out, const HttpHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_framing(name)) append_header(out, name, value);
  }
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

// ------------------------------------------------------------------------------------------------- reading

struct HttpReader::Parser {
  std::variant<std::monostate, RequestParser, ResponseParser> of;

  template <class Function>
  decltype(auto) visit(Function function) {
    if (auto* request = std::get_if<RequestParser>(&of)) return function(*request);
    return function(std::get<ResponseParser>(of));
  }

  template <class Message>
  void set_limits(Message& message, const HttpLimits& limits) {
    message.eager(true);
    message.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    if (limits.body_bytes_max == std::numeric_limits<std::size_t>::max()) {
      message.body_limit(boost::none);
    } else {
      message.body_limit(limits.body_bytes_max);
    }
  }
};

HttpReader::HttpReader(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;
HttpReader::~HttpReader() = default;

HttpReader HttpReader::request(const HttpLimits& limits) {
  auto parser = std::make_unique<Parser>();
  parser->set_limits(parser->of.emplace<RequestParser>(), limits);
  return HttpReader(std::move(parser));
}

HttpReader HttpReader::response(const HttpLimits& limits, bool to_head) {
  auto parser = std::make_unique<Parser>();
  auto& message = parser->of.emplace<ResponseParser>();
  parser->set_limits(message, limits);
  message.skip(to_head);
  return HttpReader(std::move(parser));
}

Result<std::size_t> HttpReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  BeastError error;
  while (taken < bytes.size() && !done() && !error) {
    const boost::asio::const_buffer buffer(bytes.data() + taken, bytes.size() - taken);
    const std::size_t count = parser_->visit([&](auto& parser) { return parser.put(buffer, error); });
    taken += count;
    if (count == 0) break;
  }
  if (!error || error == http::error::need_more) return taken;
  if (error == http::error::body_limit) refusal_ = 413;
  if (error == http::error::header_limit) refusal_ = 431;
  return failure(kHttpMalformed, fmt::format("not understood as HTTP: {}", error.message()));
}

Result<void> HttpReader::feed_end() {
  BeastError error;
  if (!done() && header_done()) parser_->visit([&](auto& parser) { parser.put_eof(error); });
  if (done() && !error) return {};
  return failure(kConnectionLost, "the connection ended in the middle of an HTTP message");
}

bool HttpReader::header_done() const {
  return parser_->visit([](auto& parser) { return parser.is_header_done(); });
}
bool HttpReader::done() const {
  return parser_->visit([](auto& parser) { return parser.is_done(); });
}
bool HttpReader::keep_alive() const {
  return parser_->visit([](auto& parser) { return parser.is_header_done() && parser.keep_alive(); });
}
bool HttpReader::is_http_1_0() const {
  return parser_->visit([](auto& parser) { return parser.get().version() < 11; });
}
bool HttpReader::expects_continue() const {
  return parser_->visit(
      [](auto& parser) { return boost::beast::iequals(parser.get()[http::field::expect], "100-continue"); });
}
int HttpReader::status() const {
  return static_cast<int>(std::get<ResponseParser>(parser_->of).get().result_int());
}
std::string& HttpReader::body() {
  return parser_->visit([](auto& parser) -> std::string& { return parser.get().body(); });
}

Result<HttpRequest> HttpReader::take_request() {
  auto& message = std::get<RequestParser>(parser_->of).get();
  HttpRequest request;
  request.method = view(message.method_string());
  std::string_view target = view(message.target());
  // A client that thinks we are a proxy names the host as well.
  if (const std::size_t scheme = target.find("://"); !target.starts_with('/') && scheme != target.npos) {
    target.remove_prefix(std::min(target.size(), target.find('/', scheme + 3)));
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = std::min(target.find('?'), target.size());
  std::optional<std::string> path = percent_decode(target.substr(0, question), /*plus_is_space=*/false);
  if (!path) return failure(kHttpMalformed, "the path has a broken %-escape");
  request.path = path->empty() ? "/" : std::move(*path);
  if (question < target.size()) request.query = target.substr(question + 1);
  request.headers = headers_of(message);
  request.body = std::move(message.body());
  return request;
}

HttpResponse HttpReader::take_response() {
  auto& message = std::get<ResponseParser>(parser_->of).get();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  response.headers = headers_of(message);
  response.body = std::move(message.body());
  return response;
}

// ------------------------------------------------------------------------------------------------- writing

std::string_view status_text(int status) {
  return view(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status))));
}

std::string request_head(const HttpRequest& request, const std::string& host) {
  std::string out = request.method + ' ' + percent_encode(request.path, kKeptInPath);
  if (!request.query.empty()) out += '?' + percent_encode(request.query, kKeptInQuery);
  out += " HTTP/1.1\r\n";
  if (!request.headers.contains("Host")) append_header(out, "Host", host);
  append_headers(out, request.headers);
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    append_header(out, "Content-Length", std::to_string(request.body.size()));
  }
  return out + "\r\n";
}

std::string response_head(const HttpResponse& response, BodyLength length, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_text(response.status));
  append_headers(out, response.headers);
  if (length == BodyLength::chunked) append_header(out, "Transfer-Encoding", "chunked");
  if (length == BodyLength::known && response.status != 204 && response.status != 304) {
    append_header(out, "Content-Length", std::to_string(response.body.size()));
  }
  append_header(out, "Connection", keep_alive ? "keep-alive" : "close");
  return out + "\r\n";
}

}  // namespace kintsugi::runtime::http_detail
