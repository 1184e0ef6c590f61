#pragma once

#include <string>
#include <string_view>

namespace kintsugi::topo::v1 {
class Tablet;
}
namespace google::protobuf {
class Timestamp;
}

namespace kintsugi::cli {

/// One tablet on one line, its fields apart by one space each, so that awk can take it:
/// `alias keyspace shard type host:http-port host:mysql-port [tags] primary-since`, `<null>` for no time.
std::string tablet_line(const topo::v1::Tablet& tablet);

/// "2022-03-09T09:34:58Z"; "<null>" for the zero time.
std::string time_text(const google::protobuf::Timestamp& time);

/// As JSON writes it, in double quotes; a byte that is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

/// "1 shard", "2 shards".
std::string counted(std::size_t count, const char* noun);

}  // namespace kintsugi::cli
