#include "cli/format.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "base/time.h"
#include "kintsugi/topo/v1/topo.pb.h"

namespace kintsugi::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Bytes of the first character; 0: those are no UTF-8.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

std::string tags_text(const google::protobuf::Map<std::string, std::string>& tags) {
  const std::map<std::string, std::string> sorted(tags.begin(), tags.end());
  std::string out;
  for (const auto& [key, value] : sorted)
    out += fmt::format("{}{}: {}", out.empty() ? "" : " ", key, quoted(value));
  return "[" + out + "]";
}

}  // namespace

std::string time_text(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "<null>";
  return to_rfc3339(WallTime(std::chrono::seconds(time.seconds())));
}

std::string tablet_line(const topo::v1::Tablet& tablet) {
  const topo::v1::TabletAddress& at = tablet.address();
  return fmt::format("{} {} {} {} {}:{} {}:{} {} {}", tablet.alias(), tablet.keyspace(), tablet.shard(),
                     topo::v1::TabletType_Name(tablet.type()), at.host(), at.http_port(), at.host(),
                     at.mysql_port(), tags_text(tablet.tags()), time_text(tablet.primary_since()));
}

std::string json_string(std::string_view text) {
  constexpr std::string_view kNotUtf8 = "\xef\xbf\xbd";  // U+FFFD
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    const char c = text[at];
    if (length == 0) {
      out += kNotUtf8;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out + "\"";
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace kintsugi::cli
