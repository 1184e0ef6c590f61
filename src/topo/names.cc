#include "topo/names.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "topo/errors.h"
#include "topo/key_range.h"

namespace kintsugi::topo {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::string_view kTypeNames[] = {"unknown", "primary", "replica", "rdonly"};
constexpr std::string_view kReservedDatabases[] = {"mysql", "information_schema", "performance_schema", "sys",
                                                   "_kintsugi"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_word(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

Result<void> check_length(std::string_view kind, std::string_view text) {
  if (text.empty()) return failure(kBadName, fmt::format("the name of a {} is empty", kind));
  if (text.size() > kNameBytesMax) {
    return failure(kBadName, fmt::format("{} name '{}…' is longer than {} bytes", kind, text.substr(0, 20),
                                         kNameBytesMax));
  }
  return {};
}

}  // namespace

std::string_view name(TabletType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

Result<TabletType> parse_tablet_type(std::string_view text) {
  for (std::size_t i = 1; i < std::size(kTypeNames); ++i) {
    if (equal_without_case(text, kTypeNames[i])) return static_cast<TabletType>(i);
  }
  const char* hint = "";
  if (equal_without_case(text, "master")) hint = " (did you mean primary?)";
  if (equal_without_case(text, "slave")) hint = " (did you mean replica?)";
  return failure(kBadName,
                 fmt::format("'{}' is no tablet type{}: use primary, replica or rdonly", text, hint));
}

Result<TabletAlias> TabletAlias::parse(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  TabletAlias alias;
  if (dash != std::string_view::npos) {
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + dash + 1, end, alias.uid);
    alias.cell = text.substr(0, dash);
    if (error == std::errc() && at == end && check_cell_name(alias.cell)) return alias;
  }
  return failure(
      kBadName,
      fmt::format("'{}' is no tablet alias: write cell-number, as zone1-101 (number below 2^32)", text));
}

Result<ShardName> ShardName::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return failure(kBadName, fmt::format("'{}' is no shard: write keyspace/range, as customer/-80", text));
  }
  ShardName name{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
  if (auto checked = check_keyspace_name(name.keyspace); !checked) return failure(checked.error());
  if (auto checked = check_shard_name(name.shard); !checked) return failure(checked.error());
  return name;
}

Result<void> check_cell_name(std::string_view cell) {
  if (auto checked = check_length("cell", cell); !checked) return checked;
  if (!std::all_of(cell.begin(), cell.end(), is_word)) {
    return failure(kBadName,
                   fmt::format("cell name '{}': only letters, digits, '_' and '-' are allowed", cell));
  }
  return {};
}

Result<void> check_keyspace_name(std::string_view keyspace) {
  if (auto checked = check_length("keyspace", keyspace); !checked) return checked;
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("/\\.:@`'\"").find(c) != std::string_view::npos;
  };
  if (const auto at = std::find_if(keyspace.begin(), keyspace.end(), bad); at != keyspace.end()) {
    return failure(
        kBadName,
        fmt::format("keyspace name '{}': it is the name of a database on the servers and cannot hold "
                    "spaces, quotes or any of / \\ . : @",
                    keyspace));
  }
  for (const std::string_view reserved : kReservedDatabases) {
    if (equal_without_case(keyspace, reserved)) {
      return failure(kBadName, fmt::format("keyspace name '{}' is the server's own", keyspace));
    }
  }
  return {};
}

Result<void> check_shard_name(std::string_view shard) {
  const Result<KeyRange> range = KeyRange::parse(shard);
  if (!range) return failure(range.error());
  if (shard != "0" && range->text() != shard) {
    return failure(kBadKeyRange,
                   fmt::format("shard name '{}': write hex in lower case, '{}'", shard, range->text()));
  }
  return {};
}

Result<void> check_key_element(std::string_view kind, std::string_view text) {
  if (auto checked = check_length(kind, text); !checked) return checked;
  const auto bad = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '/' || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), bad) || text == "." || text == "..") {
    return failure(kBadName, fmt::format("{} name '{}' cannot hold '/' or control characters", kind, text));
  }
  return {};
}

}  // namespace kintsugi::topo
