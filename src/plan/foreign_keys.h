#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plan/value.h"

// Foreign keys that no server can keep, since parents and children lie on different shards: what writes must
// know of them. docs/vschema.md says which these are.

namespace kintsugi::plan {

/// One of them. Names are as SQL, of tables with their keyspace.
struct KeptKey {
  enum class Action : std::uint8_t { kRestrict, kCascade, kSetNull };

  std::string constraint;  ///< as errors tell of it: "`customer`.`corder`, CONSTRAINT … REFERENCES …"
  std::string child, parent;
  std::vector<std::string> columns, parent_columns;
  Action on_delete{}, on_update{};
  bool of_itself = false;  ///< parents and children are rows of one table
  bool orphaned = false;   ///< the parent was dropped (under foreign_key_checks = 0)
  /// The servers keep it, but know nothing of what hangs on the child's rows: these are gone before they
  /// look.
  bool ahead = false;
};

/// A row that needs a parent.
struct ParentCheck {
  std::shared_ptr<const KeptKey> key;
  std::vector<Operand> values;
  std::vector<Operand> before;  ///< of an UPDATE: what it had
  std::vector<Operand> own;     ///< of_itself: what others refer to it by
};

/// A row that others may refer to.
struct ChildChange {
  std::shared_ptr<const KeptKey> key;
  std::vector<Operand> before;
  std::vector<Operand> after;  ///< none: the row is deleted
};

}  // namespace kintsugi::plan
