#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plan/plan.h"

// The tables of look-up vindexes: docs/vschema.md says what they are.

namespace kintsugi::plan {

/// Asked before a statement is routed: the keyspace ids that the values of a condition have.
struct LookupRead {
  std::string vindex;   ///< its name
  std::string table;    ///< for people: "customer.email_idx"
  std::string columns;  ///< of the routed table, for people
  std::size_t values = 0;
  Destination destination;
  Text text;  ///< a query of one column, the ids
};

/// What a LookupRead has found, in one execution.
struct LookupAnswer {
  const LookupRead* read = nullptr;
  std::vector<topo::KeyspaceId> ids;
};

/// A look-up vindex of a table that is written: what is kept in step with each of its rows. Names are as SQL.
struct OwnedLookup {
  std::string vindex;  ///< as it is: the name of the key in error 1062
  std::string table;   ///< "commerce.email_idx"
  std::vector<std::string> from;
  std::string to;
  bool unique = false;
  bool ignore_nulls = false;
  /// Another table owns it: its entries are not written, but must be there.
  bool verified_only = false;
  /// It is being filled (write_only): an UPDATE that assigns its columns writes entries, changed or not.
  bool filling = false;

  Destination destination;                   ///< of all entries; kByKey: those of each value
  const vschema::Vindex* placing = nullptr;  ///< kByKey: by this one, of one column,
  KeyColumn column;                          ///< this,
  std::size_t position = 0;                  ///< which of `from` it is

  std::string owner;                       ///< the table that is written
  std::string owner_keyspace;              ///< as it is
  std::vector<std::string> owner_columns;  ///< whose values `from` has
  std::vector<std::string> owner_key;      ///< its sharding key

  /// Of an UPDATE or DELETE: the values that the row has, and, if not empty, those that it gets.
  std::vector<Operand> values;
  std::vector<Operand> fresh;
};

/// What an INSERT that meets rows with its unique keys (IGNORE, REPLACE, ON DUPLICATE KEY UPDATE) must know
/// of them, to keep look-ups in step: for each of its rows, queries that find and lock them.
struct Conflicts {
  /// Of a row that is found: its place in what the queries yield.
  std::vector<Operand> primary;              ///< its primary key
  std::vector<Operand> key;                  ///< its sharding key
  std::vector<std::vector<Operand>> values;  ///< of each look-up
  /// By look-up: its columns are a unique key of the table, so that a server tells of a row that is met.
  std::vector<bool> told;
  std::vector<std::string> primary_columns;  ///< as SQL
  std::string owner;                         ///< as SQL
  std::string select;                        ///< "select … from … where "
  bool updates = false;                      ///< ON DUPLICATE KEY UPDATE
  /// There is no primary key: `primary` is all of a row, of which there may be several alike.
  bool whole_row = false;
  /// ON DUPLICATE KEY UPDATE assigns to columns of look-ups, or of foreign keys that the gate keeps.
  bool reassigns = false;
  /// Foreign keys that the gate keeps, of a row that is found.
  std::vector<ParentCheck> parents;
  std::vector<ChildChange> children;
  /// Gates run triggers when a row is deleted.
  bool delete_triggers = false;

  /// Whether a row that is replaced goes by a DELETE of its own.
  bool removes_apart() const { return delete_triggers || !children.empty(); }
};

}  // namespace kintsugi::plan
