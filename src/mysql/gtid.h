#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

/// Sets of transactions as the servers write them. Pure; texts are what `@@gtid_binlog_state` (MariaDB) and
/// `@@gtid_executed` (MySQL) say.
namespace kintsugi::mysql {

/// MariaDB: for each domain and server the highest sequence number, "0-1-7,0-2-9". Within a domain numbers
/// rise over all servers, so the highest of a domain is how far it has come.
class MariadbGtids {
 public:
  static Result<MariadbGtids> parse(std::string_view text);

  /// What is in here and cannot have come from `source`: a (domain, server) that the source does not know, or
  /// knows only up to a lower number. Written as GTIDs; empty: nothing.
  std::string missing_in(const MariadbGtids& source) const;
  /// For each (domain, server) of missing_in(): after which number what is missing begins.
  struct Tail {
    std::uint32_t domain = 0;
    std::uint32_t server = 0;
    std::uint64_t after = 0;
    bool operator==(const Tail&) const = default;
  };
  std::vector<Tail> tails_beyond(const MariadbGtids& source) const;
  /// What this set was when its last transactions, one of each domain, were among `position` ("0-2-9"). Of a
  /// server whose number has risen past that since, only what `position` says is in it.
  MariadbGtids as_of(const MariadbGtids& position) const;
  std::string text() const;
  /// The position of a replica that has all of this: "0-2-9".
  std::string last_of_each_domain() const;
  /// Sum over the domains of their highest number.
  std::uint64_t transactions() const;
  bool empty() const { return highest_.empty(); }

 private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> highest_;
};

/// MySQL: for each server (and tag) ranges of numbers, "3E11FA47-…:1-5:7,…". Server ids compare without case.
class MysqlGtids {
 public:
  static Result<MysqlGtids> parse(std::string_view text);

  /// This set without what is in `source`, as text; empty: nothing.
  std::string missing_in(const MysqlGtids& source) const;
  /// None is of another server than this, in lower case.
  bool all_from(std::string_view uuid) const;
  /// How many transactions are in the set.
  std::uint64_t transactions() const;
  bool empty() const { return ranges_.empty(); }

 private:
  /// First and last number, both inclusive.
  using Range = std::pair<std::uint64_t, std::uint64_t>;
  static void normalise(std::vector<Range>& ranges);
  std::map<std::string, std::vector<Range>> ranges_;
};

/// Which of two servers of one flavour has more.
enum class Order { equal, less, more, neither };

/// Compares sets of either flavour, by what their texts look like. `neither`: each has what the other lacks.
/// kInvalidArgument: one is no set, or they are of two flavours.
Result<Order> compare_gtids(std::string_view a, std::string_view b);

}  // namespace kintsugi::mysql
