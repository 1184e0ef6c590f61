#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "plan/foreign_keys.h"

namespace kintsugi::exec {

/// Keeps foreign keys whose parents and children are on different shards, for the rows of one write, in the
/// statement's unit. What it is told is about the row that the context's bindings have. While
/// foreign_key_checks is off it takes note of nothing.
///
/// Parents come first, always: who needs one locks it before writing the child, and who removes one has it
/// locked before looking for children. So one of two such sessions waits for the other, and then sees what
/// it did; and neither waits for what the other will do next.
class ForeignKeys {
 public:
  explicit ForeignKeys(ExecContext& context) : context_(context) {}

  /// The row refers to a parent. A NULL among the values refers to none.
  void need(const plan::ParentCheck& check);
  /// The row goes, or what others refer to it by changes.
  void change(const plan::ChildChange& change);
  bool empty() const { return needed_.empty() && changes_.empty(); }

  /// Before the rows are written, any number of times: locks the parents that are needed (1452 if one is not
  /// there), and finds that no children are where they forbid the change (1451).
  Task<Result<void>> before();
  /// After all of them are: what becomes of children.
  Task<Result<void>> after();
  /// Forgets what it was told.
  void clear();

  /// Whether the failure is of a foreign key, so that IGNORE makes a warning of it.
  static bool is_violation(const Error& error);

 private:
  using Values = std::vector<std::string>;  ///< as SQL
  struct Changed {
    const plan::KeptKey* key;
    Values before, after;  ///< no `after`: deleted
  };
  using Needed = std::pair<const plan::KeptKey*, std::set<Values>>;

  std::optional<Values> values_of(const std::vector<plan::Operand>& operands) const;
  plan::KeptKey::Action action_of(const Changed& change) const;
  Task<Result<void>> check_parents(const plan::KeptKey& key, const std::set<Values>& values);
  Task<Result<void>> check_children(const plan::KeptKey& key, std::vector<const Changed*> changes);
  Task<Result<void>> remove_children(const plan::KeptKey& key, std::vector<const Changed*> changes);
  Task<Result<void>> update_children(const Changed& change);
  std::vector<const Changed*> changes_of(const plan::KeptKey& key, plan::KeptKey::Action action, bool deleted,
                                         std::size_t from) const;
  std::vector<const plan::KeptKey*> changed_keys(std::size_t from) const;
  Task<Result<std::size_t>> count(std::string text);
  Task<Result<void>> write(const plan::KeptKey& key, std::string text);

  ExecContext& context_;
  std::vector<Needed> needed_;
  std::vector<Changed> changes_;
  std::size_t looked_at_ = 0;  ///< of changes_, by before()
};

}  // namespace kintsugi::exec
