#include "exec/op/foreign_keys.h"

#include <algorithm>
#include <utility>

#include "exec/op/ok_sink.h"
#include "exec/op/row_counter.h"

namespace kintsugi::exec {

namespace {

using plan::KeptKey;
using Action = KeptKey::Action;
using Values = std::vector<std::string>;

constexpr std::uint16_t kChildHere = 1451, kNoParent = 1452;
constexpr std::uint16_t kTooDeep = 1296;
constexpr int kDepthMax = 15;            // as InnoDB's
constexpr std::size_t kValuesMax = 500;  // of one statement

Error violation(std::uint16_t code, const KeptKey& key) {
  const char* what =
      code == kNoParent ? "Cannot add or update a child row" : "Cannot delete or update a parent row";
  return Error::from_server(code, "23000",
                            std::string(what) + ": a foreign key constraint fails (" + key.constraint + ")");
}

std::string equal(const std::vector<std::string>& columns, const Values& values, const char* between) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += (i > 0 ? between : "") + columns[i] + " = " + values[i];
  return out;
}

/// That a row has one of these values.
template <class Iterator>
std::string one_of(const std::vector<std::string>& columns, Iterator begin, Iterator end) {
  std::string out = columns.size() == 1 ? columns.front() + " in (" : "";
  for (Iterator each = begin; each != end; ++each) {
    if (columns.size() == 1) {
      out += (each == begin ? "" : ", ") + each->front();
    } else {
      out += (each == begin ? "(" : " or (") + equal(columns, *each, " and ") + ")";
    }
  }
  return columns.size() == 1 ? out + ")" : out;
}

std::string list(const std::vector<std::string>& columns) {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : ", ") + column;
  return out;
}

}  // namespace

bool ForeignKeys::is_violation(const Error& error) {
  return error.is(kServerError) && (error.mysql_errno() == kChildHere || error.mysql_errno() == kNoParent);
}

void ForeignKeys::clear() {
  needed_.clear();
  changes_.clear();
  looked_at_ = 0;
}

/// Nothing: one of them is NULL.
std::optional<Values> ForeignKeys::values_of(const std::vector<plan::Operand>& operands) const {
  Values values;
  for (const plan::Operand& operand : operands) {
    if (operand.in(context_.bindings).is_null()) return std::nullopt;
    values.emplace_back();
    append_sql(values.back(), operand, context_.bindings);
  }
  return values;
}

void ForeignKeys::need(const plan::ParentCheck& check) {
  if (!context_.bindings.foreign_key_checks) return;
  std::optional<Values> values = values_of(check.values);
  if (!values || values == values_of(check.before)) return;
  if (check.key->of_itself && !check.own.empty() && values == values_of(check.own)) return;
  auto known = std::ranges::find(needed_, check.key.get(), &Needed::first);
  if (known == needed_.end()) known = needed_.insert(known, {check.key.get(), {}});
  known->second.insert(std::move(*values));
}

void ForeignKeys::change(const plan::ChildChange& change) {
  if (!context_.bindings.foreign_key_checks) return;
  std::optional<Values> before = values_of(change.before);
  if (!before) return;
  Changed changed{change.key.get(), std::move(*before), {}};
  for (const plan::Operand& operand : change.after) {
    changed.after.emplace_back();
    append_sql(changed.after.back(), operand, context_.bindings);
  }
  if (changed.before != changed.after) changes_.push_back(std::move(changed));
}

Action ForeignKeys::action_of(const Changed& change) const {
  if (change.key->ahead && !change.after.empty()) return Action::kRestrict;
  return change.after.empty() ? change.key->on_delete : change.key->on_update;
}

std::vector<const KeptKey*> ForeignKeys::changed_keys(std::size_t from) const {
  std::vector<const KeptKey*> keys;
  for (std::size_t i = from; i < changes_.size(); ++i) {
    if (std::ranges::find(keys, changes_[i].key) == keys.end()) keys.push_back(changes_[i].key);
  }
  return keys;
}

std::vector<const ForeignKeys::Changed*> ForeignKeys::changes_of(const KeptKey& key, Action action,
                                                                 bool deleted, std::size_t from) const {
  std::vector<const Changed*> found;
  for (std::size_t i = from; i < changes_.size(); ++i) {
    const Changed& change = changes_[i];
    if (change.key == &key && action_of(change) == action && change.after.empty() == deleted)
      found.push_back(&change);
  }
  return found;
}

Task<Result<void>> ForeignKeys::before() {
  for (const auto& [key, values] : needed_) {
    Result<void> done = co_await check_parents(*key, values);
    if (!done) co_return done;
  }
  needed_.clear();
  const std::size_t from = std::exchange(looked_at_, changes_.size());
  for (const KeptKey* key : changed_keys(from)) {
    for (const bool deleted : {true, false}) {
      Result<void> done = co_await check_children(*key, changes_of(*key, Action::kRestrict, deleted, from));
      if (!done) co_return done;
    }
    if (!key->ahead) continue;
    Result<void> done = co_await remove_children(*key, changes_of(*key, Action::kCascade, true, from));
    if (!done) co_return done;
  }
  co_return Result<void>();
}

Task<Result<void>> ForeignKeys::after() {
  for (const KeptKey* key : changed_keys(0)) {
    if (key->ahead) continue;
    Result<void> done = co_await remove_children(*key, changes_of(*key, Action::kCascade, true, 0));
    if (!done) co_return done;
  }
  for (const Changed& change : changes_) {
    const Action action = action_of(change);
    const bool updates = action == Action::kSetNull || (action == Action::kCascade && !change.after.empty());
    if (!updates || change.key->ahead) continue;
    Result<void> done = co_await update_children(change);
    if (!done) co_return done;
  }
  clear();
  co_return Result<void>();
}

Task<Result<std::size_t>> ForeignKeys::count(std::string text) {
  RowCounter sink;
  Result<void> done = co_await context_.statements->run(std::move(text), ShardRequest::Part::kCopyOut, sink);
  if (!done) co_return failure(std::move(done.error()));
  co_return sink.count;
}

/// Keys are unique, so as many rows as values are enough. Values that are written in two ways make fewer
/// rows: then each is looked for.
Task<Result<void>> ForeignKeys::check_parents(const KeptKey& key, const std::set<Values>& values) {
  if (key.orphaned) co_return failure(violation(kNoParent, key));
  const std::string select = "select " + list(key.parent_columns) + " from " + key.parent + " where ";
  std::vector<Values> all(values.begin(), values.end());
  for (std::size_t begin = 0; begin < all.size(); begin += kValuesMax) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), begin + kValuesMax));
    std::string text = select + one_of(key.parent_columns, from, to) + " lock in share mode";
    Result<std::size_t> found = co_await count(std::move(text));
    if (!found) co_return failure(std::move(found.error()));
    if (*found >= static_cast<std::size_t>(to - from)) continue;
    for (auto each = from; each != to; ++each) {
      std::string one = select + equal(key.parent_columns, *each, " and ") + " lock in share mode";
      Result<std::size_t> there = co_await count(std::move(one));
      if (!there) co_return failure(std::move(there.error()));
      if (*there == 0) co_return failure(violation(kNoParent, key));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> ForeignKeys::check_children(const KeptKey& key, std::vector<const Changed*> changes) {
  for (std::size_t begin = 0; begin < changes.size(); begin += kValuesMax) {
    std::vector<Values> some;
    for (std::size_t i = begin; i < std::min(changes.size(), begin + kValuesMax); ++i)
      some.push_back(changes[i]->before);
    std::string text = "select 1 from " + key.child + " where " +
                       one_of(key.columns, some.begin(), some.end()) + " limit 1 lock in share mode";
    Result<std::size_t> found = co_await count(std::move(text));
    if (!found) co_return failure(std::move(found.error()));
    if (*found > 0) co_return failure(violation(kChildHere, key));
  }
  co_return Result<void>();
}

Task<Result<void>> ForeignKeys::remove_children(const KeptKey& key, std::vector<const Changed*> changes) {
  for (std::size_t begin = 0; begin < changes.size(); begin += kValuesMax) {
    std::vector<Values> some;
    for (std::size_t i = begin; i < std::min(changes.size(), begin + kValuesMax); ++i)
      some.push_back(changes[i]->before);
    std::string text = "delete from " + key.child + " where " + one_of(key.columns, some.begin(), some.end());
    Result<void> done = co_await write(key, std::move(text));
    if (!done) co_return done;
  }
  co_return Result<void>();
}

Task<Result<void>> ForeignKeys::update_children(const Changed& change) {
  const KeptKey& key = *change.key;
  const bool nulls = action_of(change) == Action::kSetNull;
  const Values fresh = nulls ? Values(key.columns.size(), "null") : change.after;
  std::string text = "update " + key.child + " set " + equal(key.columns, fresh, ", ") + " where " +
                     equal(key.columns, change.before, " and ");
  co_return co_await write(key, std::move(text));
}

Task<Result<void>> ForeignKeys::write(const KeptKey& key, std::string text) {
  if (context_.statements->depth() >= kDepthMax) {
    co_return failure(Error::from_server(kTooDeep, "HY000",
                                         "a foreign key's actions go deeper than " +
                                             std::to_string(kDepthMax) + " rows that refer to one another (" +
                                             key.constraint + ")"));
  }
  OkSink sink;
  co_return co_await context_.statements->cascade(std::move(text), sink);
}

}  // namespace kintsugi::exec
