// Definitions of tables and of what is around them.

#include <algorithm>
#include <iterator>

#include "sql/grammar/characters.h"
#include "sql/grammar/keywords.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

void Writer::definer(const Account* account) {
  if (account == nullptr) return;
  word("definer =");
  write(*account);
}

void Writer::comment(const Literal* text) { literal_clause("comment", text); }

void Writer::wait(const Expr* seconds, bool nowait) {
  word_if(nowait, "nowait");
  if (seconds == nullptr) return;
  word("wait");
  expr(*seconds);
}

// A value without quotes must be read as one word again.
void Writer::option_value(const Expr& value) {
  if (const auto* sign = as<Unary>(&value)) {
    word("-");
    return write(*static_cast<const Literal*>(sign->operand));
  }
  const auto* keyword = as<Keyword>(&value);
  if (keyword == nullptr) return node(value);
  if (keyword->word == "on" || keyword->word == "binary") return word(keyword->word);
  name(keyword->word);
}

void Writer::write(const Option& n) {
  word(n.name);
  if (n.value != nullptr) option_value(*n.value);
}

void Writer::equals_option(const Option& n) {
  // These take no =.
  if (n.name == "column_format" || n.name == "storage" || n.name == "srid" || n.name == "tablespace")
    return write(n);
  word(n.name);
  if (n.value == nullptr) return;
  word("=");
  const auto* keyword = as<Keyword>(n.value);
  if (keyword != nullptr && (n.name == "character set" || n.name == "collate")) {
    return charset_name(keyword->word);
  }
  option_value(*n.value);
}

void Writer::options(const List<Option*>& options) {
  for (const Option* option : options) equals_option(*option);
}

void Writer::write(const Reference& n) {
  static constexpr std::string_view kMatches[] = {"", "match full", "match partial", "match simple"};
  static constexpr std::string_view kActions[] = {"",         "restrict",  "cascade",
                                                  "set null", "no action", "set default"};
  word("references");
  write(*n.table);
  if (!n.columns.empty()) name_list(n.columns);
  word_if(n.match != ReferenceMatch::kNone, kMatches[static_cast<int>(n.match)]);
  if (n.on_delete != ReferenceAction::kNone) {
    word("on delete");
    word(kActions[static_cast<int>(n.on_delete)]);
  }
  if (n.on_update != ReferenceAction::kNone) {
    word("on update");
    word(kActions[static_cast<int>(n.on_update)]);
  }
}

void Writer::write(const Check& n) {
  if (!n.name.empty()) {
    word("constraint");
    word_if(n.if_not_exists, "if not exists");
    name(n.name);
  }
  word("check (");
  expr(*n.condition);
  raw(")");
  word_if(n.enforced == Tristate::kNo, "not enforced");
  word_if(n.enforced == Tristate::kYes, "enforced");
}

void Writer::default_value(const Expr& value, bool expression) {
  if (!expression && is_plain_default(value)) return signed_literal(value);
  word("(");
  expr(value);
  raw(")");
}

void Writer::write(const ColumnDef& n) {
  static constexpr std::string_view kGenerated[] = {"", "virtual", "stored", "", "", ""};
  name(n.name);
  write(*n.type);
  if (n.generated == Generated::kRowStart || n.generated == Generated::kRowEnd) {
    word("generated always as row");
    word(n.generated == Generated::kRowStart ? "start" : "end");
  } else if (n.expression != nullptr) {
    word("as (");
    expr(*n.expression);
    raw(")");
    word_if(!kGenerated[static_cast<int>(n.generated)].empty(), kGenerated[static_cast<int>(n.generated)]);
  }
  word_if(n.nullable == Tristate::kNo, "not null");
  word_if(n.nullable == Tristate::kYes, "null");
  if (n.default_value != nullptr) {
    word("default");
    default_value(*n.default_value, n.default_expression);
  }
  if (n.on_update != nullptr) {
    word("on update");
    expr(*n.on_update);
  }
  word_if(n.auto_increment, "auto_increment");
  word_if(n.invisible, "invisible");
  word_if(n.versioned == Tristate::kYes, "with system versioning");
  word_if(n.versioned == Tristate::kNo, "without system versioning");
  word_if(n.key == ColumnKey::kPrimary, "primary key");
  word_if(n.key == ColumnKey::kUnique || n.unique_too, "unique key");
  comment(n.comment);
  options(n.options);
  if (n.reference != nullptr) write(*n.reference);
  for (const Check* check : n.checks) write(*check);
}

void Writer::write(const KeyPart& n) {
  if (n.expression != nullptr) {
    word("(");
    expr(*n.expression);
    raw(")");
  } else {
    name(n.column);
    if (n.length >= 0) {
      raw("(");
      raw(std::to_string(n.length));
      raw(")");
    }
  }
  word_if(n.descending, "desc");
}

void Writer::key_parts(const KeyDef& n) {
  word("(");
  list(n.parts);
  if (!n.without_overlaps.empty()) {
    raw(",");
    name(n.without_overlaps);
    word("without overlaps");
  }
  raw(")");
}

void Writer::key_options(const List<Option*>& options) {
  for (const Option* option : options) {
    if (option->name == "using" || option->name == "comment" || option->name == "with parser") {
      write(*option);
    } else {
      equals_option(*option);
    }
  }
}

void Writer::write(const KeyDef& n) {
  static constexpr std::string_view kKinds[] = {"key",          "primary key", "unique key",
                                                "fulltext key", "spatial key", "foreign key"};
  if (!n.constraint.empty()) {
    word("constraint");
    name(n.constraint);
  }
  word(kKinds[static_cast<int>(n.key)]);
  word_if(n.if_not_exists, "if not exists");
  if (!n.name.empty()) name(n.name);
  if (!n.algorithm.empty()) {
    word("using");
    name(n.algorithm);
  }
  key_parts(n);
  key_options(n.options);
  if (n.reference != nullptr) write(*n.reference);
}

// Of a period, system_time is a word of the grammar.
void Writer::period_name(std::string_view period) {
  if (same_word(period, "system_time")) return word(period);
  name(period);
}

void Writer::write(const Period& n) {
  word("period");
  word_if(n.if_not_exists, "if not exists");
  word("for");
  period_name(n.name);
  word("(");
  name(n.start);
  raw(",");
  name(n.end);
  raw(")");
}

void Writer::write(const PartitionDef& n) {
  word("partition");
  name(n.name);
  switch (n.values) {
    case PartitionValues::kNone:
      break;
    case PartitionValues::kLessThan:
      word("values less than");
      parenthesised(n.items);
      break;
    case PartitionValues::kMaxValue:
      word("values less than maxvalue");
      break;
    case PartitionValues::kIn:
      word("values in");
      parenthesised(n.items);
      break;
    case PartitionValues::kDefault:
      word("default");
      break;
    case PartitionValues::kHistory:
      word("history");
      break;
    case PartitionValues::kCurrent:
      word("current");
      break;
  }
  options(n.options);
  if (n.subpartitions.empty()) return;
  word("(");
  for (unsigned i = 0; i < n.subpartitions.count; ++i) {
    if (i != 0) raw(",");
    word("subpartition");
    name(n.subpartitions[i]->name);
    options(n.subpartitions[i]->options);
  }
  raw(")");
}

void Writer::partition_method(const PartitionBy& n) {
  static constexpr std::string_view kMethods[] = {
      "", "hash", "key", "range", "range columns", "list", "list columns", "system_time"};
  word_if(n.linear, "linear");
  word(kMethods[static_cast<int>(n.method)]);
  if (n.algorithm >= 0) {
    word("algorithm =");
    number(n.algorithm);
  }
  if (n.expression != nullptr) {
    word("(");
    expr(*n.expression, Level::kBitOr);
    raw(")");
  } else if (n.method != PartitionMethod::kSystemTime) {
    name_list(n.columns);
  }
  if (n.interval != nullptr) {
    word_if(n.interval->kind == NodeKind::kLiteral, "limit");
    expr(*n.interval);
  }
  if (n.interval_start != nullptr) {
    word("starts");
    expr(*n.interval_start);
  }
  word_if(n.auto_add, "auto");
}

void Writer::write(const PartitionBy& n) {
  word("partition by");
  partition_method(n);
  if (n.count >= 0) {
    word("partitions");
    number(n.count);
  }
  if (n.sub != nullptr) {
    word("subpartition by");
    partition_method(*n.sub);
    if (n.sub->count >= 0) {
      word("subpartitions");
      number(n.sub->count);
    }
  }
  if (!n.partitions.empty()) parenthesised(n.partitions);
}

void Writer::write(const ShardBy& n) {
  if (options_.clauses == PrintOptions::Clauses::kOmit) return;
  bool hidden = options_.clauses == PrintOptions::Clauses::kComment;
  word_if(hidden, "/*!kintsugi ");
  if (n.reference) {
    word("reference");
    if (n.source != nullptr) {
      word("from");
      write(*n.source);
    }
  } else {
    word("shard by");
    if (!n.vindex.empty()) name(n.vindex);
    word("(");
    names(n.columns);
    raw(")");
  }
  if (!n.global_keys.empty()) {
    word("global unique (");
    names(n.global_keys);
    raw(")");
  }
  if (hidden) raw(" */");
}

void Writer::table_elements(const CreateTable& n) {
  word("(");
  bool first = true;
  auto each = [&](const auto& items) {
    for (const auto* item : items) {
      if (!first) raw(",");
      first = false;
      write(*item);
    }
  };
  each(n.columns);
  each(n.keys);
  each(n.periods);
  each(n.checks);
  raw(")");
}

void Writer::write(const CreateTable& n) {
  word(n.or_replace ? "create or replace" : "create");
  word_if(n.temporary, "temporary");
  word("table");
  word_if(n.if_not_exists, "if not exists");
  write(*n.table);
  if (n.like != nullptr) {
    word("like");
    return write(*n.like);
  }
  bool elements = !n.columns.empty() || !n.keys.empty() || !n.checks.empty() || !n.periods.empty();
  if (elements) table_elements(n);
  options(n.options);
  if (n.shard_by != nullptr) write(*n.shard_by);
  if (n.partition_by != nullptr) write(*n.partition_by);
  if (n.query == nullptr) return;
  word_if(n.duplicates == OnDuplicate::kReplace, "replace");
  word_if(n.duplicates == OnDuplicate::kIgnore, "ignore");
  word("as");
  node(*n.query);
}

// ---- other definitions ----

void Writer::write(const DropTables& n) {
  static constexpr std::string_view kObjects[] = {"table", "view", "sequence"};
  word("drop");
  word_if(n.temporary, "temporary");
  word(kObjects[static_cast<int>(n.object)]);
  word_if(n.if_exists, "if exists");
  list(n.tables);
  wait(n.wait_s, n.nowait);
  word_if(!n.behaviour.empty(), n.behaviour);
}

void Writer::write(const RenamePair& n) {
  write(*n.from);
  wait(n.wait_s, n.nowait);
  word("to");
  write(*n.to);
}

void Writer::write(const RenameTables& n) {
  word("rename table");
  word_if(n.if_exists, "if exists");
  list(n.pairs);
}

void Writer::write(const TruncateTable& n) {
  word("truncate table");
  write(*n.table);
  wait(n.wait_s, n.nowait);
}

void Writer::write(const CreateIndex& n) {
  static constexpr std::string_view kKinds[] = {"", "", "unique", "fulltext", "spatial", ""};
  word(n.or_replace ? "create or replace" : "create");
  std::string_view kind = kKinds[static_cast<int>(n.key->key)];
  word_if(!kind.empty(), kind);
  word("index");
  word_if(n.key->if_not_exists, "if not exists");
  name(n.key->name);
  if (!n.key->algorithm.empty()) {
    word("using");
    name(n.key->algorithm);
  }
  word("on");
  write(*n.table);
  key_parts(*n.key);
  wait(n.wait_s, n.nowait);
  key_options(n.key->options);
  options(n.options);
}

void Writer::write(const DropIndex& n) {
  word("drop index");
  word_if(n.if_exists, "if exists");
  name(n.name);
  word("on");
  write(*n.table);
  wait(n.wait_s, n.nowait);
  options(n.options);
}

void Writer::write(const CreateView& n) {
  static constexpr std::string_view kChecks[] = {"", "with cascaded check option", "with local check option"};
  word(n.alter ? "alter" : n.or_replace ? "create or replace" : "create");
  if (!n.algorithm.empty()) {
    word("algorithm =");
    name(n.algorithm);
  }
  definer(n.definer);
  if (!n.security.empty()) {
    word("sql security");
    name(n.security);
  }
  word("view");
  word_if(n.if_not_exists, "if not exists");
  write(*n.name);
  if (!n.columns.empty()) name_list(n.columns);
  word("as");
  node(*n.query);
  word_if(n.check_option != CheckOption::kNone, kChecks[static_cast<int>(n.check_option)]);
}

void Writer::write(const CreateDatabase& n) {
  word(n.or_replace ? "create or replace database" : "create database");
  word_if(n.if_not_exists, "if not exists");
  name(n.name);
  options(n.options);
  if (n.shards == nullptr || options_.clauses == PrintOptions::Clauses::kOmit) return;
  word("shards");
  expr(*n.shards);
}

void Writer::write(const AlterDatabase& n) {
  word("alter database");
  // A word of the grammar would be taken for the first option.
  if (!n.name.empty() && find_keyword(n.name) != nullptr) {
    quoted_name(n.name);
  } else if (!n.name.empty()) {
    name(n.name);
  }
  options(n.options);
}

void Writer::write(const CreateSequence& n) {
  word(n.alter ? "alter" : n.or_replace ? "create or replace" : "create");
  word_if(n.temporary, "temporary");
  word("sequence");
  word_if(n.if_not_exists, n.alter ? "if exists" : "if not exists");
  write(*n.name);
  static constexpr std::string_view kWords[] = {"increment by", "minvalue", "maxvalue",
                                                "start with",   "cache",    "restart with"};
  for (const Option* option : n.options) {
    bool plain = std::find(std::begin(kWords), std::end(kWords), option->name) != std::end(kWords);
    plain ? write(*option) : equals_option(*option);
  }
}

void Writer::write(const DropObject& n) {
  word("drop");
  word(n.object);
  word_if(n.if_exists, "if exists");
  write(*n.name);
}

}  // namespace kintsugi::sql
