#include "cli/format.h"

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
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace kintsugi::cli
