#include "cli/offline.h"

#include <algorithm>

#include <fmt/format.h>

#include "plan/declared_schema.h"
#include "sql/parser.h"
#include "topo/key_range.h"
#include "vschema/snapshot.h"

namespace kintsugi::cli {
namespace {

class Builder {
 public:
  explicit Builder(const OfflineCluster& cluster) : cluster_(cluster) {
    if (!cluster.mysql) mode_.mysql_version = 50700;
  }

  Result<plan::PlanContext> build() {
    for (const OfflineCluster::File& file : cluster_.vschemas) {
      Result<vschema::VSchema> vschema = vschema::parse_vschema(file.text);
      if (!vschema) return failure(vschema.error().with_context(file.name));
      vschemas_[file.keyspace] = std::move(*vschema);
    }
    for (const OfflineCluster::File& file : cluster_.schemas) {
      vschemas_.try_emplace(file.keyspace).first->second.sharded |= !has_vschema(file.keyspace);
    }
    if (Result<void> made = make_routing(); !made) return failure(made.error());
    for (const OfflineCluster::File& file : cluster_.schemas) {
      if (Result<void> done = read(file); !done) return failure(done.error().with_context(file.name));
    }
    for (const auto& [keyspace, vschema] : vschemas_) {
      if (Result<void> valid = vschema::require_valid(keyspace, vschema, vschemas_); !valid)
        return failure(valid.error());
    }
    plan::PlanContext context;
    context.routing = routing_;
    context.schema = schema_;
    context.keyspace = cluster_.keyspace;
    context.type = cluster_.type;
    return context;
  }

 private:
  bool has_vschema(const std::string& keyspace) const {
    for (const OfflineCluster::File& file : cluster_.vschemas) {
      if (file.keyspace == keyspace) return true;
    }
    return false;
  }

  Result<void> make_routing() {
    vschema::SnapshotSource source;
    for (const auto& [name, vschema] : vschemas_) {
      Result<std::vector<topo::KeyRange>> ranges = topo::equal_ranges(vschema.sharded ? cluster_.shards : 1);
      if (!ranges) return failure(ranges.error());
      auto& keyspace = source.keyspaces[name];
      keyspace.vschema = vschema;
      for (const topo::KeyRange& range : *ranges) {
        vschema::Shard shard;
        shard.keyspace = name;
        shard.name = range.text();
        shard.range = range;
        keyspace.partitions[topo::TabletType::primary].push_back(std::move(shard));
      }
    }
    routing_ = vschema::Snapshot::make(std::move(source));
    return {};
  }

  Result<void> read(const OfflineCluster::File& file) {
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const std::size_t length = sql::split_statement(rest, mode_);
      const std::string_view text = rest.substr(0, length);
      rest.remove_prefix(length);
      sql::Arena arena;
      const Result<sql::Statement*> statement = sql::parse(text, arena, mode_);
      if (!statement && statement.error().is(sql::kEmptyQuery)) continue;
      if (!statement) {
        const std::size_t begun = std::min(text.find_first_not_of(" \t\r\n"), text.size());
        const auto line = 1 + std::count(file.text.data(), text.data() + begun, '\n');
        return failure(statement.error().with_context(fmt::format("statement at line {}", line)));
      }
      const auto* create = sql::as<sql::CreateTable>(*statement);
      if (create == nullptr) continue;
      if (Result<void> added = add(file.keyspace, *create, text); !added) return added;
    }
    return {};
  }

  Result<void> add(const std::string& of_file, const sql::CreateTable& create, std::string_view text) {
    const std::string keyspace(create.table->schema.empty() ? of_file : create.table->schema);
    Result<plan::Schema::Entry> table =
        plan::declared_table(create, keyspace, cluster_.mysql ? "utf8mb4_0900_ai_ci" : "utf8mb4_general_ci");
    if (!table) return failure(table.error());
    schema_ = schema_->with({*table});
    const auto vschema = vschemas_.find(keyspace);
    if (vschema == vschemas_.end()) {
      return failure(kNotFound, fmt::format("table {}.{}: no file says what keyspace '{}' is", keyspace,
                                            create.table->name, keyspace));
    }
    if (!vschema->second.sharded || vschema->second.tables.contains(std::string(create.table->name)))
      return {};
    return add_to_vschema(keyspace, create, text);
  }

  /// As a gate does when the table is made through it.
  Result<void> add_to_vschema(const std::string& keyspace, const sql::CreateTable& create,
                              std::string_view text) {
    plan::PlanContext context;
    context.routing = routing_;
    context.schema = schema_;
    context.keyspace = keyspace;
    const Result<plan::Planned> planned = plan::plan(create, text, context);
    if (!planned) return failure(planned.error());
    for (const plan::VSchemaEdit& edit : static_cast<const plan::Ddl&>(*planned->plan->root).edits) {
      if (edit.kind != plan::VSchemaEdit::Kind::kAddTable) continue;
      const vschema::NewTable added{.name = edit.table,
                                    .reference = edit.reference,
                                    .source = edit.source,
                                    .columns = edit.columns,
                                    .vindex = edit.vindex,
                                    .vindex_type = edit.vindex_type,
                                    .auto_increment_column = edit.auto_increment_column,
                                    .sequence = edit.sequence};
      if (Result<void> done = vschema::add_table(vschemas_[keyspace], added); !done) return done;
    }
    return make_routing();
  }

  const OfflineCluster& cluster_;
  sql::LexerMode mode_;
  vschema::VSchemas vschemas_;
  std::shared_ptr<const vschema::Snapshot> routing_;
  std::shared_ptr<const plan::Schema> schema_ = std::make_shared<const plan::Schema>();
};

}  // namespace

Result<plan::PlanContext> offline_context(const OfflineCluster& cluster) { return Builder(cluster).build(); }

}  // namespace kintsugi::cli
