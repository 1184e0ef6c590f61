#include "mysql/gtid.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace kintsugi::mysql {
namespace {

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  if (trim(text).empty()) return parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

tl::unexpected<Error> malformed(std::string_view text) {
  return failure(kInvalidArgument, "not a set of GTIDs: '" + std::string(text) + "'");
}

void append(std::string& list, const std::string& item, char separator = ',') {
  if (!list.empty()) list += separator;
  list += item;
}

}  // namespace

Result<MariadbGtids> MariadbGtids::parse(std::string_view text) {
  MariadbGtids set;
  for (const std::string_view gtid : split(text, ',')) {
    const std::vector<std::string_view> parts = split(gtid, '-');
    if (parts.size() != 3) return malformed(text);
    const auto domain = number<std::uint32_t>(parts[0]);
    const auto server = number<std::uint32_t>(parts[1]);
    const auto sequence = number<std::uint64_t>(parts[2]);
    if (!domain || !server || !sequence) return malformed(text);
    std::uint64_t& highest = set.highest_[{*domain, *server}];
    highest = std::max(highest, *sequence);
  }
  return set;
}

std::string MariadbGtids::missing_in(const MariadbGtids& source) const {
  std::string missing;
  for (const auto& [origin, sequence] : highest_) {
    const auto known = source.highest_.find(origin);
    if (known != source.highest_.end() && known->second >= sequence) continue;
    append(missing, std::to_string(origin.first) + '-' + std::to_string(origin.second) + '-' +
                        std::to_string(sequence));
  }
  return missing;
}

std::vector<MariadbGtids::Tail> MariadbGtids::tails_beyond(const MariadbGtids& source) const {
  std::vector<Tail> tails;
  for (const auto& [origin, sequence] : highest_) {
    const auto known = source.highest_.find(origin);
    const std::uint64_t after = known == source.highest_.end() ? 0 : known->second;
    if (after < sequence) tails.push_back({origin.first, origin.second, after});
  }
  return tails;
}

MariadbGtids MariadbGtids::as_of(const MariadbGtids& position) const {
  MariadbGtids then = position;
  for (const auto& [last, sequence] : position.highest_) {
    for (const auto& [origin, highest] : highest_) {
      if (origin.first != last.first || highest > sequence) continue;
      std::uint64_t& known = then.highest_[origin];
      known = std::max(known, highest);
    }
  }
  return then;
}

std::string MariadbGtids::text() const { return missing_in(MariadbGtids()); }

std::string MariadbGtids::last_of_each_domain() const {
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint32_t>> last;  // number and server
  for (const auto& [origin, sequence] : highest_) {
    auto& each = last[origin.first];
    each = std::max(each, std::pair(sequence, origin.second));
  }
  std::string position;
  for (const auto& [domain, each] : last) {
    append(position,
           std::to_string(domain) + '-' + std::to_string(each.second) + '-' + std::to_string(each.first));
  }
  return position;
}

std::uint64_t MariadbGtids::transactions() const {
  std::map<std::uint32_t, std::uint64_t> domains;
  for (const auto& [origin, sequence] : highest_) {
    domains[origin.first] = std::max(domains[origin.first], sequence);
  }
  std::uint64_t sum = 0;
  for (const auto& [domain, sequence] : domains) sum += sequence;
  return sum;
}

void MysqlGtids::normalise(std::vector<Range>& ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<Range> joined;
  for (const Range& range : ranges) {
    if (!joined.empty() && range.first <= joined.back().second + 1) {
      joined.back().second = std::max(joined.back().second, range.second);
    } else {
      joined.push_back(range);
    }
  }
  ranges = std::move(joined);
}

bool MysqlGtids::all_from(std::string_view uuid) const {
  return std::ranges::all_of(ranges_, [uuid](const auto& each) {
    return std::string_view(each.first).substr(0, each.first.find(':')) == uuid;
  });
}

Result<MysqlGtids> MysqlGtids::parse(std::string_view text) {
  MysqlGtids set;
  for (const std::string_view entry : split(text, ',')) {
    const std::vector<std::string_view> parts = split(entry, ':');
    if (parts.size() < 2) return malformed(text);
    std::string server(parts[0]);
    for (char& c : server) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    std::string origin = server;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::vector<std::string_view> bounds = split(parts[i], '-');
      const auto first = bounds.empty() ? std::nullopt : number<std::uint64_t>(bounds[0]);
      if (!first && bounds.size() == 1 && !parts[i].empty()) {  // a tag names what follows it
        origin = server + ':' + std::string(parts[i]);
        continue;
      }
      const auto last = bounds.size() == 2 ? number<std::uint64_t>(bounds[1]) : first;
      if (!first || !last || bounds.size() > 2 || *last < *first) return malformed(text);
      set.ranges_[origin].push_back({*first, *last});
    }
  }
  for (auto& [origin, ranges] : set.ranges_) normalise(ranges);
  return set;
}

std::string MysqlGtids::missing_in(const MysqlGtids& source) const {
  std::string missing;
  for (const auto& [origin, ranges] : ranges_) {
    const auto known = source.ranges_.find(origin);
    std::string left;
    for (auto [first, last] : ranges) {
      const auto keep = [&](std::uint64_t from, std::uint64_t to) {
        append(left, from == to ? std::to_string(from) : std::to_string(from) + '-' + std::to_string(to),
               ':');
      };
      if (known != source.ranges_.end()) {
        for (const Range& covered : known->second) {
          if (covered.second < first || covered.first > last) continue;
          if (covered.first > first) keep(first, covered.first - 1);
          first = covered.second + 1;
          if (first > last) break;
        }
      }
      if (first <= last) keep(first, last);
    }
    if (!left.empty()) append(missing, origin + ':' + left);
  }
  return missing;
}

std::uint64_t MysqlGtids::transactions() const {
  std::uint64_t count = 0;
  for (const auto& [origin, ranges] : ranges_) {
    for (const auto& [first, last] : ranges) count += last - first + 1;
  }
  return count;
}

namespace {

template <class Gtids>
Result<Order> compare_as(std::string_view a, std::string_view b) {
  const Result<Gtids> left = Gtids::parse(a);
  if (!left) return failure(left.error());
  const Result<Gtids> right = Gtids::parse(b);
  if (!right) return failure(right.error());
  const bool more = !left->missing_in(*right).empty();
  const bool less = !right->missing_in(*left).empty();
  if (more && less) return Order::neither;
  return more ? Order::more : less ? Order::less : Order::equal;
}

}  // namespace

Result<Order> compare_gtids(std::string_view a, std::string_view b) {
  const auto is_mysql = [](std::string_view text) { return text.find(':') != std::string_view::npos; };
  return is_mysql(a) || is_mysql(b) ? compare_as<MysqlGtids>(a, b) : compare_as<MariadbGtids>(a, b);
}

}  // namespace kintsugi::mysql
