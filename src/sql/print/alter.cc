// ALTER TABLE.

#include "sql/print/writer.h"

namespace kintsugi::sql {

void Writer::placement(const AlterAction& n) {
  word_if(n.first, "first");
  if (n.after.empty()) return;
  word("after");
  name(n.after);
}

void Writer::add_columns(const AlterAction& n) {
  unsigned count = n.columns.count + n.keys.count + n.checks.count + n.periods.count;
  word("add");
  bool in_list = count > 1 || (n.if_not_exists && n.columns.empty());
  word_if(in_list || n.columns.count == 1, "column");
  word_if(n.if_not_exists, "if not exists");
  if (!in_list) {
    if (n.columns.count == 1) write(*n.columns[0]);
    if (n.keys.count == 1) write(*n.keys[0]);
    if (n.checks.count == 1) write(*n.checks[0]);
    if (n.periods.count == 1) write(*n.periods[0]);
    return placement(n);
  }
  CreateTable elements{};
  elements.columns = n.columns;
  elements.keys = n.keys;
  elements.checks = n.checks;
  elements.periods = n.periods;
  table_elements(elements);
}

void Writer::alter_column(const AlterAction& n) {
  switch (n.action) {
    case AlterKind::kModifyColumn:
      word("modify column");
      word_if(n.if_exists, "if exists");
      write(*n.column);
      return placement(n);
    case AlterKind::kChangeColumn:
      word("change column");
      word_if(n.if_exists, "if exists");
      name(n.name);
      write(*n.column);
      return placement(n);
    default:
      break;
  }
  word("alter column");
  word_if(n.if_exists, "if exists");
  name(n.name);
  if (n.option != nullptr) {
    word("set");
    return word(n.option->name);
  }
  if (n.value == nullptr) return word("drop default");
  word("set default");
  default_value(*n.value, n.value_expression);
}

void Writer::named_action(std::string_view words, const AlterAction& n) {
  word(words);
  word_if(n.if_exists, "if exists");
  name(n.name);
  if (!n.new_name.empty()) {
    word("to");
    name(n.new_name);
  }
  if (n.option != nullptr) word(n.option->name);
}

void Writer::alter_partition(const AlterAction& n) {
  auto verb = [&](std::string_view words) {
    word(words);
    word_if(n.if_not_exists, "if not exists");
    word_if(n.if_exists, "if exists");
    word_if(n.no_write_to_binlog, "no_write_to_binlog");
  };
  switch (n.action) {
    case AlterKind::kAddPartition:
      verb("add partition");
      if (n.count < 0) return parenthesised(n.partitions);
      word("partitions");
      return number(n.count);
    case AlterKind::kDropPartition:
      verb("drop partition");
      return names(n.names);
    case AlterKind::kPartitionVerb:
      word(n.option->name);
      verb("partition");
      word_if(n.names.empty(), "all");
      names(n.names);
      return word_if(!n.new_name.empty(), n.new_name);
    case AlterKind::kCoalescePartition:
      verb("coalesce partition");
      return number(n.count);
    case AlterKind::kReorganizePartition:
      verb("reorganize partition");
      if (n.names.empty()) return;
      names(n.names);
      word("into");
      return parenthesised(n.partitions);
    case AlterKind::kExchangePartition:
      verb("exchange partition");
      name(n.name);
      word("with table");
      write(*n.table);
      return word_if(!n.new_name.empty(), n.new_name);
    case AlterKind::kConvertPartition:
      verb("convert partition");
      name(n.name);
      word("to table");
      return write(*n.table);
    default:
      verb("convert table");
      write(*n.table);
      word("to");
      return write(*n.partitions[0]);
  }
}

void Writer::write(const AlterAction& n) {
  switch (n.action) {
    case AlterKind::kAddColumns:
      return add_columns(n);
    case AlterKind::kModifyColumn:
    case AlterKind::kChangeColumn:
    case AlterKind::kAlterColumn:
      return alter_column(n);
    case AlterKind::kDropColumn:
      return named_action("drop column", n);
    case AlterKind::kRenameColumn:
      return named_action("rename column", n);
    case AlterKind::kDropKey:
      return named_action("drop key", n);
    case AlterKind::kDropPrimaryKey:
      return word("drop primary key");
    case AlterKind::kDropForeignKey:
      return named_action("drop foreign key", n);
    case AlterKind::kDropConstraint:
      return named_action(n.is_constraint ? "drop constraint" : "drop check", n);
    case AlterKind::kAlterIndex:
      return named_action("alter index", n);
    case AlterKind::kRenameIndex:
      return named_action("rename index", n);
    case AlterKind::kAlterCheck:
      return named_action("alter check", n);
    case AlterKind::kDropPeriod:
      word("drop period");
      word_if(n.if_exists, "if exists");
      word("for");
      return period_name(n.name);
    case AlterKind::kRenameTable:
      word("rename to");
      return write(*n.table);
    case AlterKind::kOption:
      return equals_option(*n.option);
    case AlterKind::kConvertCharset:
      word("convert to character set");
      if (n.new_name == "default") {
        word(n.new_name);
      } else {
        charset_name(n.new_name);
      }
      if (n.name.empty()) return;
      word("collate");
      return charset_name(n.name);
    case AlterKind::kOrderBy:
      return order_by(n.order_by);
    case AlterKind::kWord:
      word(n.option->name);
      return partitions(n.names);
    case AlterKind::kShardBy:
      return write(*n.shard_by);
    case AlterKind::kAddGlobalUnique:
    case AlterKind::kDropGlobalUnique:
      word(n.action == AlterKind::kAddGlobalUnique ? "add global unique (" : "drop global unique (");
      names(n.names);
      return raw(")");
    case AlterKind::kPartitionBy:
      return write(*n.partition_by);
    default:
      return alter_partition(n);
  }
}

void Writer::write(const AlterTable& n) {
  word("alter");
  word_if(n.online, "online");
  word_if(n.ignore, "ignore");
  word("table");
  word_if(n.if_exists, "if exists");
  write(*n.table);
  wait(n.wait_s, n.nowait);
  for (unsigned i = 0; i < n.actions.count; ++i) {
    const AlterAction& action = *n.actions[i];
    bool partitioning = action.action == AlterKind::kPartitionBy ||
                        (action.action == AlterKind::kWord && action.option->name == "remove partitioning");
    if (i != 0 && !partitioning) raw(",");
    write(action);
  }
}

void Writer::write(const AlterVSchema& n) {
  const bool of_table = !n.name.empty() || n.action == "drop auto_increment";
  word("alter vschema");
  if (of_table) {
    word("on");
    write(*n.object);
    word(n.action.substr(0, n.action.find(' ')));
    word(n.action.ends_with("vindex") ? "vindex" : "auto_increment");
    if (!n.name.empty()) name(n.name);
  } else {
    word(n.action);
    write(*n.object);
  }
  if (!n.columns.empty()) name_list(n.columns);
  if (n.sequence != nullptr) {
    word("using");
    write(*n.sequence);
  }
  if (n.type.empty()) return;
  word("using");
  name(n.type);
  const char* before = "with";
  for (const Option* param : n.params) {
    word(before);
    before = ",";
    name(param->name);
    word("=");
    expr(*param->value);
  }
}

}  // namespace kintsugi::sql
