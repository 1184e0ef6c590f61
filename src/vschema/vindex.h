#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "topo/key_range.h"

namespace kintsugi::vschema {

using topo::KeyRange;
using topo::KeyspaceId;

class Vindex;

/// A value of a column as text: of an integer its digits ("-1"), of a string its bytes, NULL as null().
/// Borrows the text. What a vindex sees is what is written, so one who knows that the column is a number
/// passes '007' as "7".
struct VindexValue {
  std::string_view text;
  bool is_null = false;

  static VindexValue null() { return {{}, true}; }
};

/// Where the rows with some value are.
struct Destination {
  enum class Kind {
    /// The vindex knows no place for the value: a row with it cannot be inserted. A comparison that converts
    /// ('1x' = 1
    /// is true in MySQL) may still find rows, so a read goes to all shards.
    none,
    id,     ///< one keyspace id
    range,  ///< any id of a range: a prefix of a multi-column vindex was given
  };
  Kind kind = Kind::none;
  KeyspaceId id;   ///< of kind id
  KeyRange range;  ///< of kind range

  static Destination of(KeyspaceId id) { return {Kind::id, std::move(id), {}}; }
  static Destination nowhere() { return {}; }
};

/// Parameters by name, as the vschema gives them.
using VindexParams = std::map<std::string, std::string>;

/// What a look-up vindex says of its table: whose rows lead from values to keyspace ids.
struct Lookup {
  enum class Lock { exclusive, shared, none };

  std::string table;              ///< "table" or "keyspace.table"
  std::vector<std::string> from;  ///< its columns, one for each of the vindex
  std::string to;                 ///< its column of keyspace ids
  Lock read_lock = Lock::exclusive;
  bool ignore_nulls = false;
  bool write_only = false;
  bool verify = true;  ///< of rows of tables that do not own it
};

struct VindexParam {
  std::string_view name;
  std::string_view meaning;
};

/// One type of vindex. All of them are in vindex_types(), from which the reference in docs/vschema.md is made
/// as well. A new type is a new file in vindexes/ and one line in its all.h.
struct VindexType {
  std::string_view name;
  /// The planner takes the vindex with the lowest: 0 identity, 1 functional, 10 unique lookup, 20 lookup, 100
  /// null.
  int cost;
  bool unique;       ///< a value has at most one keyspace id
  int columns_max;   ///< 1 but for multi-column ones
  bool ranges;       ///< map_range() narrows: ids are ordered as the values are
  bool needs_table;  ///< a look-up: its ids are in a table, which map() cannot read: any id
  std::string_view summary;
  std::span<const VindexParam> params;
  Result<std::unique_ptr<Vindex>> (*make)(const VindexType& type, const VindexParams& params);
};

/// A function from column values to keyspace ids. Immutable; any thread.
class Vindex {
 public:
  explicit Vindex(const VindexType& type) : type_(type) {}
  virtual ~Vindex() = default;
  Vindex(const Vindex&) = delete;
  Vindex& operator=(const Vindex&) = delete;

  const VindexType& type() const { return type_; }

  /// Where rows with these values are: one value for each column of the vindex, in order, or fewer for a
  /// prefix. Does not allocate for ids of up to 24 bytes.
  virtual Destination map(std::span<const VindexValue> values) const = 0;
  Destination map(const VindexValue& value) const { return map(std::span(&value, 1)); }

  /// Every id that a row with low <= column <= high may have; null() as a bound is open. Of a vindex without
  /// ranges, and where the bounds are not in its domain, all ids.
  virtual KeyRange map_range(const VindexValue& low, const VindexValue& high) const;

  /// Whether texts of the column at this position that differ in case, accents and the like only have one id.
  virtual bool is_loose(std::size_t) const { return false; }
  /// How many columns a table gives it.
  virtual std::size_t columns() const { return 1; }
  /// Of one that needs a table; else null.
  virtual const Lookup* lookup() const { return nullptr; }

 private:
  const VindexType& type_;
};

/// Every type, by name.
std::span<const VindexType* const> vindex_types();
const VindexType* find_vindex_type(std::string_view name);

/// Makes a vindex; kBadVSchema names an unknown type (with the nearest one), an unknown parameter or a wrong
/// value.
Result<std::unique_ptr<Vindex>> make_vindex(std::string_view type, const VindexParams& params);

/// The chapter of docs/vschema.md about the types.
std::string vindex_reference_markdown();

}  // namespace kintsugi::vschema
