#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "control/errors.h"
#include "control/service.h"
#include "control/tablet_client.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/json.h"
#include "rpc/server.h"
#include "sql/lexer.h"
#include "topo/topo_server.h"
#include "vschema/vschema.h"

namespace kintsugi::control {
namespace {

constexpr auto kSchemaTimeout = std::chrono::seconds(30);
constexpr auto kDdlTimeout = std::chrono::hours(1);

Result<vschema::VSchema> parse(const topo::v1::VSchema& record) {
  return vschema::parse_vschema(rpc::to_json(record));
}

/// All vschemas there are; one that cannot be read counts as empty here, since it is not the one in question.
vschema::VSchemas all_vschemas(const std::vector<KeyspaceView>& keyspaces) {
  vschema::VSchemas all;
  for (const KeyspaceView& keyspace : keyspaces) {
    if (const auto parsed = parse(keyspace.vschema)) all[keyspace.name] = *parsed;
  }
  return all;
}

std::vector<std::string> statements_of(const v1::ApplySchemaRequest& request) {
  std::vector<std::string> statements;
  for (std::string_view rest : request.statements()) {
    while (!rest.empty()) {
      const std::size_t length = sql::split_statement(rest);
      std::string_view one = rest.substr(0, length);
      rest.remove_prefix(length);
      while (!one.empty() &&
             (one.back() == ';' || std::isspace(static_cast<unsigned char>(one.back())) != 0)) {
        one.remove_suffix(1);
      }
      const bool blank = one.find_first_not_of(" \t\r\n") == std::string_view::npos;
      if (!blank) statements.emplace_back(one);
    }
  }
  return statements;
}

using Tables = std::map<std::string, std::string>;

Tables tables_of(const tablet::v1::GetSchemaResponse& schema) {
  Tables tables;
  for (const auto& table : schema.tables()) tables[table.name()] = table.create_statement();
  return tables;
}

// AUTO_INCREMENT=5 differs from shard to shard and says nothing of the definition.
std::string without_counter(const std::string& create) {
  const auto at = create.find(" AUTO_INCREMENT=");
  if (at == std::string::npos) return create;
  const auto end = create.find_first_not_of("0123456789", at + 16);
  return create.substr(0, at) + (end == std::string::npos ? "" : create.substr(end));
}

void compare(const std::string& first_shard, const Tables& first, const std::string& shard,
             const Tables& other, v1::GetSchemaResponse& response) {
  for (const auto& [name, create] : first) {
    const auto found = other.find(name);
    if (found == other.end()) {
      response.add_differences(
          fmt::format("table {} of shard {} is missing on shard {}", name, first_shard, shard));
    } else if (without_counter(create) != without_counter(found->second)) {
      response.add_differences(
          fmt::format("table {} differs between shards {} and {}", name, first_shard, shard));
    }
  }
  for (const auto& [name, create] : other) {
    if (!first.contains(name)) {
      response.add_differences(
          fmt::format("table {} of shard {} is missing on shard {}", name, shard, first_shard));
    }
  }
}

Result<topo::v1::Tablet> primary_of(const ShardView& shard) {
  if (const TabletView* primary = shard.primary()) return primary->record;
  return failure(kNoPrimary, fmt::format("shard {} has no primary", shard.full_name()));
}

}  // namespace

void Service::add_schema_methods(rpc::Server& server) {
  using namespace v1;
  const std::string service = "kintsugi.control.v1.Control/";
  server.unary<GetVSchemaRequest, GetVSchemaResponse>(
      service + "GetVSchema", [this](GetVSchemaRequest request) { return get_vschema(std::move(request)); });
  server.unary<CheckVSchemaRequest, CheckVSchemaResponse>(
      service + "CheckVSchema",
      [this](CheckVSchemaRequest request) { return check_vschema(std::move(request)); });
  server.unary<ApplyVSchemaRequest, ApplyVSchemaResponse>(
      service + "ApplyVSchema",
      [this](ApplyVSchemaRequest request) { return apply_vschema(std::move(request)); });
  server.unary<GetSchemaRequest, GetSchemaResponse>(
      service + "GetSchema", [this](GetSchemaRequest request) { return get_schema(std::move(request)); });
  server.unary<ApplySchemaRequest, ApplySchemaResponse>(
      service + "ApplySchema",
      [this](ApplySchemaRequest request) { return apply_schema(std::move(request)); });
}

Task<Result<v1::GetVSchemaResponse>> Service::get_vschema(v1::GetVSchemaRequest request) {
  const Result<topo::v1::VSchema> record = co_await reader_.vschema(request.keyspace());
  if (!record) co_return failure(record.error());
  const Result<vschema::VSchema> parsed = parse(*record);
  if (!parsed) co_return failure(parsed.error());
  v1::GetVSchemaResponse response;
  response.set_vschema_json(vschema::to_json(*parsed, true));
  co_return response;
}

Task<Result<vschema::VSchemas>> Service::vschemas_around(std::string keyspace) {
  const Result<std::vector<KeyspaceView>> keyspaces = co_await reader_.keyspaces();
  if (!keyspaces) co_return failure(keyspaces.error());
  if (std::ranges::find(*keyspaces, keyspace, &KeyspaceView::name) == keyspaces->end())
    co_return failure(kUnknownObject, fmt::format("there is no keyspace {}", keyspace));
  co_return all_vschemas(*keyspaces);
}

Task<Result<v1::CheckVSchemaResponse>> Service::check_vschema(v1::CheckVSchemaRequest request) {
  const Result<vschema::VSchemas> all = co_await vschemas_around(request.keyspace());
  if (!all) co_return failure(all.error());
  v1::CheckVSchemaResponse response;
  const Result<vschema::VSchema> parsed = vschema::parse_vschema(request.vschema_json());
  if (!parsed) {
    response.add_problems(parsed.error().message());
    co_return response;
  }
  for (const vschema::Problem& problem : vschema::check(request.keyspace(), *parsed, *all)) {
    response.add_problems(problem.text());
  }
  co_return response;
}

Task<Result<v1::ApplyVSchemaResponse>> Service::apply_vschema(v1::ApplyVSchemaRequest request) {
  const Result<vschema::VSchemas> all = co_await vschemas_around(request.keyspace());
  if (!all) co_return failure(all.error());
  Result<vschema::VSchema> parsed = vschema::parse_vschema(request.vschema_json());
  if (!parsed) co_return failure(parsed.error());
  // CREATE FUNCTION writes them: files that people keep do not have them.
  const auto known = all->find(request.keyspace());
  if (known != all->end()) vschema::keep_routines(*parsed, known->second);
  const Result<void> valid = vschema::require_valid(request.keyspace(), *parsed, *all);
  if (!valid) co_return failure(valid.error());
  const std::string text = vschema::to_json(*parsed, true);
  topo::Store::Edit overwrite = [&text](const std::optional<std::string>&) {
    return Result<std::optional<std::string>>(text);
  };
  topo::TopoServer topology(store_);
  const Result<void> written = co_await topology.edit_vschema(request.keyspace(), std::move(overwrite));
  if (!written) co_return failure(written.error());
  v1::ApplyVSchemaResponse response;
  response.set_vschema_json(text);
  co_return response;
}

Task<Result<v1::GetSchemaResponse>> Service::get_schema(v1::GetSchemaRequest request) {
  const Result<KeyspaceView> keyspace = co_await reader_.keyspace(request.keyspace());
  if (!keyspace) co_return failure(keyspace.error());
  tablet::v1::GetSchemaRequest ask;
  if (!request.table().empty()) ask.add_tables(request.table());
  v1::GetSchemaResponse response;
  Tables first;
  for (const ShardView& shard : keyspace->shards) {
    const Result<topo::v1::Tablet> primary = primary_of(shard);
    if (!primary) co_return failure(primary.error());
    tablet::v1::GetSchemaResponse schema;
    const Result<void> asked = co_await call_tablet(*primary, "GetSchema", ask, schema, kSchemaTimeout);
    if (!asked) co_return failure(asked.error());
    Tables tables = tables_of(schema);
    if (&shard == &keyspace->shards.front()) {
      for (const auto& [name, create] : tables) {
        v1::TableSchema& table = *response.add_tables();
        table.set_name(name);
        table.set_create_statement(create);
      }
      first = std::move(tables);
    } else {
      compare(keyspace->shards.front().name, first, shard.name, tables, response);
    }
  }
  if (!request.table().empty() && response.tables_size() == 0) {
    co_return failure(kUnknownObject,
                      fmt::format("keyspace {} has no table {}", request.keyspace(), request.table()));
  }
  co_return response;
}

Task<Result<v1::ApplySchemaResponse>> Service::apply_schema(v1::ApplySchemaRequest request) {
  const Result<KeyspaceView> keyspace = co_await reader_.keyspace(request.keyspace());
  if (!keyspace) co_return failure(keyspace.error());
  tablet::v1::ApplySchemaRequest ask;
  ask.set_repeatable(true);
  for (std::string& statement : statements_of(request)) ask.add_statements(std::move(statement));
  if (ask.statements_size() == 0) co_return failure(kInvalidArgument, "there is no statement to run");
  v1::ApplySchemaResponse response;
  for (const ShardView& shard : keyspace->shards) {
    const Result<topo::v1::Tablet> primary = primary_of(shard);
    if (!primary) co_return failure(primary.error());
    ask.set_epoch(shard.record.epoch());
    tablet::v1::ApplySchemaResponse applied;
    const Result<void> asked = co_await call_tablet(*primary, "ApplySchema", ask, applied, kDdlTimeout);
    if (!asked) co_return failure(asked.error());
    for (int i = 0; i < applied.results_size(); ++i) {
      const auto& result = applied.results(i);
      if (result.outcome() != tablet::v1::StatementResult::failed) continue;
      co_return failure(kSchemaFailed, fmt::format("shard {}, statement {}: {} {}", shard.full_name(), i + 1,
                                                   result.mysql_errno(), result.error()));
    }
    response.add_applied_shards(shard.full_name());
  }
  co_return response;
}

}  // namespace kintsugi::control
