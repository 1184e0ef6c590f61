#include "gate/vschema_editor.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lower_case.h"
#include "exec/errors.h"
#include "gate/errors.h"
#include "gate/registration.h"
#include "gate/vschema_record.h"
#include "runtime/cancel.h"
#include "runtime/timer.h"
#include "vschema/vschema.h"

namespace kintsugi::gate {
namespace {

using Kind = plan::VSchemaEdit::Kind;

constexpr Duration kRoutedWithin = std::chrono::seconds(15);
/// What runs on other gates by the vschema of before has ended by then, as a rule.
constexpr Duration kKeptWithin = std::chrono::seconds(60);
constexpr Duration kLookAgain = std::chrono::milliseconds(50);

constexpr std::string_view kStopped = "the statement was stopped while gates took the change over";

bool is_cancelled(const runtime::Cancel* cancel) { return cancel != nullptr && cancel->requested(); }

/// Whether a gate that does not know of it yet would do harm by what it writes. That a table is new, that its
/// entries are all there now, that something need not be kept any more, or that a function reads no more than
/// what it was widened to, it may learn later.
bool must_be_kept(const plan::VSchemaEdit& edit) {
  switch (edit.kind) {
    case Kind::kAddTable:
      return !edit.foreign_keys.empty();  // parents are written, too
    case Kind::kDropTable:
    case Kind::kRenameTable:
    case Kind::kUseGlobalKey:
    case Kind::kDropForeignKey:
    case Kind::kDropGlobalKey:
    case Kind::kDropTrigger:
    case Kind::kSetFunction:
    case Kind::kRenameColumn:
      return false;
    case Kind::kSetIds:
      return !edit.auto_increment_column.empty();
    default:
      return true;
  }
}

Result<void> change(vschema::VSchema& vschema, const plan::VSchemaEdit& edit) {
  switch (edit.kind) {
    case Kind::kAddTable: {
      vschema::NewTable table;
      table.name = edit.table;
      table.reference = edit.reference;
      table.source = edit.source;
      table.columns = edit.columns;
      table.vindex = edit.vindex;
      table.vindex_type = edit.vindex_type;
      table.auto_increment_column = edit.auto_increment_column;
      table.sequence = edit.sequence;
      table.keep_existing = edit.keep_existing;
      table.global_keys = edit.global_keys;
      table.foreign_keys = edit.foreign_keys;
      return vschema::add_table(vschema, table);
    }
    case Kind::kDropTable:
      vschema::drop_table(vschema, edit.table);
      return {};
    case Kind::kRenameTable:
      return vschema::rename_table(vschema, edit.table, edit.new_name);
    case Kind::kAddForeignKey:
      return vschema::add_foreign_key(vschema, edit.table, edit.foreign_keys.front());
    case Kind::kDropForeignKey:
      vschema::drop_foreign_key(vschema, edit.table, edit.new_name);
      return {};
    case Kind::kSetSource:
      return vschema::set_source(vschema, edit.table, edit.source);
    case Kind::kAddGlobalKey:
      return vschema::add_global_key(vschema, edit.table, edit.global_keys.front());
    case Kind::kUseGlobalKey:
      return vschema::use_global_key(vschema, edit.table, edit.new_name);
    case Kind::kDropGlobalKey:
      vschema::drop_global_key(vschema, edit.table, edit.new_name);
      return {};
    case Kind::kAddTrigger:
      return vschema::add_trigger(vschema, edit.table, edit.trigger, edit.new_name, edit.before_neighbour);
    case Kind::kDropTrigger:
      vschema::drop_trigger(vschema, edit.new_name);
      return {};
    case Kind::kWidenFunction:
      vschema::widen_function(vschema, edit.table, edit.function);
      return {};
    case Kind::kSetFunction:
      vschema::set_function(vschema, edit.table, edit.function);
      return {};
    case Kind::kSetIds:
      return vschema::set_ids(vschema, edit.table, edit.auto_increment_column);
    case Kind::kRenameColumn:
      return vschema::rename_column(vschema, edit.table, edit.columns.front(), edit.new_name);
  }
  return {};
}

bool has_foreign_key(const vschema::Keyspace& keyspace, const std::string& table, const std::string& name) {
  const vschema::Table* found = keyspace.find_table(table);
  return found != nullptr && std::ranges::any_of(found->foreign_keys, [&](const auto& key) {
           return lower_case(key.name) == lower_case(name);
         });
}

const vschema::TableVindex* global_key(const vschema::Keyspace& keyspace, const std::string& table,
                                       const std::string& name) {
  const vschema::Table* found = keyspace.find_table(table);
  return found == nullptr ? nullptr : vschema::find_global_key(*found, name);
}

vschema::FunctionSpec function_of(const std::map<std::string, vschema::FunctionSpec>& functions,
                                  const std::string& name) {
  const auto found = functions.find(name);
  return found == functions.end() ? vschema::FunctionSpec{} : found->second;
}

bool routes_by(const vschema::Table& table, const vschema::TableSpec& spec) {
  if (!table.problem.empty()) return true;  // which every statement about it tells
  return std::ranges::equal(table.vindexes, spec.column_vindexes,
                            [](const auto& routed, const auto& written) {
                              return routed.name == written.vindex && routed.columns == written.columns;
                            });
}

}  // namespace

Task<Result<void>> TopologyEditor::apply(std::span<const plan::VSchemaEdit> edits, runtime::Cancel* cancel) {
  if (edits.empty()) co_return Result<void>();
  if (store_ == nullptr) co_return failure(kRoutingUnknown, "there is no topology to keep the vschema in");
  const std::vector<plan::VSchemaEdit> all(edits.begin(), edits.end());
  VSchemas now;
  Result<void> done = co_await write_all(all, now);
  if (done) done = co_await wait_until_routed(all, now, cancel);
  if (done && std::ranges::any_of(all, must_be_kept)) done = co_await wait_for_gates(cancel);
  co_return done;
}

Task<Result<void>> TopologyEditor::write_all(const std::vector<plan::VSchemaEdit>& edits, VSchemas& now) {
  const bool away = &home_ != &worker_.loop();
  if (away) co_await runtime::switch_to(home_);
  Result<void> written;
  for (const plan::VSchemaEdit& edit : edits) {
    if (now.contains(edit.keyspace)) continue;
    written = co_await write(edit.keyspace, edits, now[edit.keyspace]);
    if (!written) break;
  }
  if (away) co_await runtime::switch_to(worker_.loop());
  co_return written;
}

Task<Result<void>> TopologyEditor::wait_until_routed(const std::vector<plan::VSchemaEdit>& edits,
                                                     const VSchemas& now, runtime::Cancel* cancel) {
  const Time give_up = Clock::now() + kRoutedWithin;
  for (const plan::VSchemaEdit& edit : edits) {
    while (!routed(edit, now.at(edit.keyspace))) {
      if (Clock::now() >= give_up) {
        co_return failure(
            kRoutingUnknown,
            fmt::format(
                "the vschema of '{}' was changed, but this gate does not hear of it: is etcd reachable?",
                edit.keyspace));
      }
      if (is_cancelled(cancel)) co_return failure(exec::kCancelled, std::string(kStopped));
      co_await worker_.backends().wait_for_news(give_up, cancel);
    }
  }
  co_return Result<void>();
}

Task<Result<void>> TopologyEditor::wait_for_gates(runtime::Cancel* cancel) {
  const Time give_up = Clock::now() + kKeptWithin;
  const bool away = &home_ != &worker_.loop();
  for (;;) {
    if (away) co_await runtime::switch_to(home_);
    const Result<std::vector<std::string>> behind = co_await gates_behind(*store_);
    if (away) co_await runtime::switch_to(worker_.loop());
    if (!behind) co_return failure(behind.error());
    if (behind->empty()) co_return Result<void>();
    if (Clock::now() >= give_up) {
      co_return failure(kGatesBehind,
                        fmt::format("not all gates go by the change yet; where a statement still writes by "
                                    "what was before, or nothing was heard of it: {}",
                                    fmt::join(*behind, ", ")));
    }
    if (is_cancelled(cancel)) co_return failure(exec::kCancelled, std::string(kStopped));
    co_await runtime::sleep_for(kLookAgain, cancel);
  }
}

/// All edits of one keyspace at once: no gate routes by half of them.
Task<Result<void>> TopologyEditor::write(std::string keyspace, const std::vector<plan::VSchemaEdit>& edits,
                                         vschema::VSchema& now) {
  VSchemaRewrite rewrite = [&, keyspace](vschema::VSchema& vschema) -> Result<void> {
    for (const plan::VSchemaEdit& edit : edits) {
      if (edit.keyspace != keyspace) continue;
      if (Result<void> done = change(vschema, edit); !done) return done;
    }
    now = vschema;
    return {};
  };
  Result<void> done = co_await rewrite_vschema(*store_, keyspace, std::move(rewrite));
  co_return done;
}

/// `now` is the keyspace's vschema after all edits: a table that is dropped may have been made anew.
bool TopologyEditor::routed(const plan::VSchemaEdit& edit, const vschema::VSchema& now) const {
  const auto& routing = worker_.backends().routing();
  const vschema::Keyspace* keyspace = routing ? routing->find_keyspace(edit.keyspace) : nullptr;
  if (keyspace == nullptr) return false;
  const vschema::Table* table = keyspace->find_table(edit.table);
  const auto spec = now.tables.find(edit.table);
  switch (edit.kind) {
    case Kind::kAddTable:
      return table != nullptr && (spec == now.tables.end() || routes_by(*table, spec->second));
    case Kind::kDropTable:
    case Kind::kRenameTable:
      return table == nullptr || spec != now.tables.end();
    case Kind::kAddForeignKey:
      return has_foreign_key(*keyspace, edit.table, edit.foreign_keys.front().name);
    case Kind::kDropForeignKey:
      return !has_foreign_key(*keyspace, edit.table, edit.new_name);
    case Kind::kSetSource:
      return table != nullptr && table->source == edit.source;
    case Kind::kAddGlobalKey:
      return global_key(*keyspace, edit.table, edit.global_keys.front().name) != nullptr;
    case Kind::kUseGlobalKey: {
      const vschema::TableVindex* key = global_key(*keyspace, edit.table, edit.new_name);
      return key != nullptr && !key->vindex->lookup()->write_only;
    }
    case Kind::kDropGlobalKey:
      return global_key(*keyspace, edit.table, edit.new_name) == nullptr;
    case Kind::kAddTrigger:
      return table != nullptr && vschema::find_trigger(table->triggers, edit.trigger.name) != nullptr;
    case Kind::kDropTrigger:
      return table == nullptr || vschema::find_trigger(table->triggers, edit.new_name) == nullptr ||
             (spec != now.tables.end() &&
              vschema::find_trigger(spec->second.triggers, edit.new_name) != nullptr);
    case Kind::kWidenFunction:
    case Kind::kSetFunction:
      return function_of(keyspace->functions(), edit.table) == function_of(now.functions, edit.table);
    case Kind::kSetIds:
      return table != nullptr &&
             (table->auto_increment ? table->auto_increment->column : "") == edit.auto_increment_column;
    case Kind::kRenameColumn:
      return table != nullptr && (spec == now.tables.end() || routes_by(*table, spec->second));
  }
  return true;
}

}  // namespace kintsugi::gate
