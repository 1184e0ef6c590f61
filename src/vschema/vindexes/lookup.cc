#include <algorithm>

#include <fmt/format.h>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/parts.h"

namespace kintsugi::vschema {
namespace {

/// Ids are rows of a table, which the planner and the executor read and write.
class LookupVindex : public Vindex {
 public:
  LookupVindex(const VindexType& type, Lookup lookup) : Vindex(type), lookup_(std::move(lookup)) {}

  Destination map(std::span<const VindexValue>) const override { return {Destination::Kind::range, {}, {}}; }
  std::size_t columns() const override { return lookup_.from.size(); }
  const Lookup* lookup() const override { return &lookup_; }

 private:
  Lookup lookup_;
};

Result<bool> flag(const VindexParams& params, const char* name) {
  const std::string text = param(params, name);
  if (text.empty() || text == "false") return false;
  if (text == "true") return true;
  return failure(kBadVSchema, fmt::format("parameter {} must be true or false, not '{}'", name, text));
}

Result<Lookup::Lock> lock_of(const std::string& text) {
  if (text.empty() || text == "exclusive") return Lookup::Lock::exclusive;
  if (text == "shared") return Lookup::Lock::shared;
  if (text == "none") return Lookup::Lock::none;
  return failure(kBadVSchema,
                 fmt::format("parameter read_lock must be exclusive, shared or none, not '{}'", text));
}

Result<std::vector<std::string>> from_columns(const std::string& text) {
  std::vector<std::string> columns;
  std::size_t begin = 0;
  for (std::size_t comma = 0; comma != std::string::npos; begin = comma + 1) {
    comma = text.find(',', begin);
    std::string column = text.substr(begin, comma == std::string::npos ? comma : comma - begin);
    std::erase(column, ' ');
    if (column.empty()) return failure(kBadVSchema, "parameter from must name columns of the table, as a,b");
    if (std::ranges::find(columns, column) != columns.end())
      return failure(kBadVSchema, fmt::format("parameter from: column '{}' is there twice", column));
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  Lookup lookup;
  lookup.table = param(params, "table");
  if (lookup.table.empty()) return failure(kBadVSchema, "parameter table is missing: the look-up table");
  auto from = from_columns(param(params, "from"));
  if (!from) return failure(from.error());
  lookup.from = *std::move(from);
  lookup.to = param(params, "to");
  if (lookup.to.empty()) return failure(kBadVSchema, "parameter to is missing: the column of keyspace ids");
  if (std::ranges::find(lookup.from, lookup.to) != lookup.from.end())
    return failure(kBadVSchema, fmt::format("column '{}' is both in from and in to", lookup.to));
  const auto lock = lock_of(param(params, "read_lock"));
  if (!lock) return failure(lock.error());
  lookup.read_lock = *lock;
  bool no_verify = false, unused = false;
  const std::pair<const char*, bool*> flags[] = {
      {"ignore_nulls", &lookup.ignore_nulls},
      {"write_only", &lookup.write_only},
      {"no_verify", &no_verify},
      {"autocommit", &unused},
      {"multi_shard_autocommit", &unused},
      {"batch_lookup", &unused},
  };
  for (const auto& [name, place] : flags) {
    const Result<bool> value = flag(params, name);
    if (!value) return failure(value.error());
    *place = *value;
  }
  lookup.verify = !no_verify;
  return std::make_unique<LookupVindex>(type, std::move(lookup));
}

constexpr VindexParam kParams[] = {
    {"table", "the look-up table, as `table` or `keyspace.table`"},
    {"from", "its columns of values, as `a` or `a,b`"},
    {"to", "its column of keyspace ids, VARBINARY"},
    {"ignore_nulls", "true: a row with a NULL among the values has no entry; else it is refused"},
    {"write_only", "true: kept in step, but not routed by, while it is filled"},
    {"read_lock", "exclusive, shared or none: of the entries that a write or a locking query looks up"},
    {"no_verify",
     "true: a table that does not own it does not check the entries of its rows; it is then not "
     "routed by them"},
    {"autocommit", "no effect: entries are written with their row, in its transaction"},
    {"multi_shard_autocommit", "no effect"},
    {"batch_lookup", "no effect: the values of a statement are looked up at once"},
};

constexpr VindexType lookup_type(std::string_view name, bool unique, std::string_view summary) {
  return {.name = name,
          .cost = unique ? 10 : 20,
          .unique = unique,
          .columns_max = 16,
          .ranges = false,
          .needs_table = true,
          .summary = summary,
          .params = kParams,
          .make = make};
}

}  // namespace

constinit const VindexType kLookupVindex =
    lookup_type("lookup", false, "The ids of a value are rows of a table, which writes keep in step.");
constinit const VindexType kLookupUniqueVindex = lookup_type(
    "lookup_unique", true, "The same, where a value has one row: it is unique in the whole keyspace.");
constinit const VindexType kConsistentLookupVindex =
    lookup_type("consistent_lookup", false, "As lookup, which is as consistent here.");
constinit const VindexType kConsistentLookupUniqueVindex =
    lookup_type("consistent_lookup_unique", true, "As lookup_unique, which is as consistent here.");

}  // namespace kintsugi::vschema
