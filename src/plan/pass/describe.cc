#include <set>

#include "plan/pass/draft.h"

// What plan_after() shows.

namespace kintsugi::plan::pass {

namespace {

std::string_view course_name(Course course) {
  switch (course) {
    case Course::kUndecided:
      return "undecided";
    case Course::kNoTables:
      return "no tables";
    case Course::kSystem:
      return "system database";
    case Course::kUnsharded:
      return "unsharded";
    case Course::kSharded:
      return "sharded";
    case Course::kSeveral:
      return "several keyspaces";
    case Course::kShard:
      return "shard";
  }
  return "";
}

std::string_view access_name(TableUse::Access access) {
  switch (access) {
    case TableUse::Access::kRead:
      return "read";
    case TableUse::Access::kWrite:
      return "write";
    case TableUse::Access::kAdmin:
      return "admin";
  }
  return "";
}

void append_block(std::string& out, const Draft& draft, const Block& block, int depth) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  out += indent + std::string(sql::kind_name(block.node->kind));
  if (block.attached) out += ", attached to the outer rows";
  if (!block.not_exact.empty()) out += ", one shard only: " + block.not_exact;
  out += '\n';
  for (const Source* source : block.sources) {
    out += indent + "  from " + std::string(source->alias);
    if (source->rows >= 0) out += ", rows " + std::to_string(draft.placement.root(source->rows) + 1);
    if (source->nullable) out += ", nullable";
    for (const Source::Key& key : source->keys) {
      if (!key.name.empty()) out += ", key " + std::string(key.name) + (key.column.exact ? "" : " (inexact)");
    }
    out += '\n';
    if (source->query != nullptr) append_block(out, draft, *source->query, depth + 2);
  }
  for (const Block* arm : block.arms) append_block(out, draft, *arm, depth + 1);
  for (const NestedBlock& nested : block.nested) append_block(out, draft, *nested.block, depth + 1);
}

}  // namespace

std::string describe(const Draft& draft) {
  if (draft.plan->root != nullptr) return draft.plan->text();
  std::string out(course_name(draft.course));
  if (!draft.keyspace.empty()) out += " " + draft.keyspace;
  out += '\n';
  for (const TableUse& table : draft.plan->tables) {
    out += "  " + std::string(access_name(table.access)) + " " + table.keyspace + "." + table.table + "\n";
  }
  for (const TableKey& key : draft.missing)
    out += "  schema needed: " + key.keyspace + "." + key.table + "\n";
  if (draft.top != nullptr) append_block(out, draft, *draft.top, 0);
  return out;
}

}  // namespace kintsugi::plan::pass
