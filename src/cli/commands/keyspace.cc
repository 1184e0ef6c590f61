#include <sstream>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/text_table.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

std::string shard_names(const api::KeyspaceInfo& keyspace) {
  std::string names;
  for (const api::ShardInfo& shard : keyspace.shards()) names += (names.empty() ? "" : " ") + shard.name();
  return names;
}

std::string keyspace_table(const google::protobuf::RepeatedPtrField<api::KeyspaceInfo>& keyspaces) {
  TextTable table({"KEYSPACE", "SHARDED", "DURABILITY", "SHARDS"});
  for (const api::KeyspaceInfo& keyspace : keyspaces) {
    table.add({keyspace.name(), keyspace.sharded() ? "yes" : "no",
               topo::v1::Durability_Name(keyspace.record().durability()), shard_names(keyspace)});
  }
  return table.text();
}

std::string keyspace_text(const api::KeyspaceInfo& keyspace) {
  std::string out = fmt::format("keyspace    {}\nsharded     {}\ndurability  {}\ncreated     {}\n\n",
                                keyspace.name(), keyspace.sharded() ? "yes" : "no",
                                topo::v1::Durability_Name(keyspace.record().durability()),
                                time_text(keyspace.record().created_at()));
  TextTable table({"SHARD", "PRIMARY", "TABLETS"});
  for (const api::ShardInfo& shard : keyspace.shards()) {
    table.add({shard.name(), shard.record().primary_alias(), std::to_string(shard.tablets_size())});
  }
  return out + table.text();
}

Task<Result<void>> list(Context& context, const Parsed&) {
  api::ListKeyspacesRequest request;
  api::ListKeyspacesResponse response;
  Result<void> done = co_await context.call("ListKeyspaces", request, response);
  if (done) context.answer(response, [&] { return keyspace_table(response.keyspaces()); });
  co_return done;
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetKeyspaceRequest request;
  request.set_name(parsed.get("keyspace"));
  api::GetKeyspaceResponse response;
  Result<void> done = co_await context.call("GetKeyspace", request, response);
  if (done) context.answer(response, [&] { return keyspace_text(response.keyspace()); });
  co_return done;
}

Task<Result<void>> create(Context& context, const Parsed& parsed) {
  api::CreateKeyspaceRequest request;
  request.set_name(parsed.get("keyspace"));
  std::istringstream shards(parsed.get("shards"));
  for (std::string shard; std::getline(shards, shard, ',');) request.add_shards(shard);
  if (const std::string& durability = parsed.get("durability"); !durability.empty()) {
    topo::v1::Durability value;
    if (!topo::v1::Durability_Parse(durability, &value)) {
      co_return failure(kInvalidArgument,
                        fmt::format("'{}' is no durability: use none, semi_sync or cross_cell", durability));
    }
    request.set_durability(value);
  }
  api::GetKeyspaceResponse response;
  Result<void> done = co_await context.call("CreateKeyspace", request, response);
  if (!done) co_return done;
  context.answer(response, [&] { return keyspace_text(response.keyspace()); });
  if (!context.json())
    context.remark("Its servers come from the cluster spec: add the keyspace there and apply it.");
  co_return done;
}

Task<Result<void>> remove(Context& context, const Parsed& parsed) {
  api::DeleteKeyspaceRequest request;
  request.set_name(parsed.get("keyspace"));
  request.set_recursive(parsed.has("recursive"));
  api::DeleteKeyspaceResponse response;
  Result<void> done = co_await context.call("DeleteKeyspace", request, response);
  if (done) context.answer(response, [&] { return fmt::format("keyspace {} is deleted\n", request.name()); });
  co_return done;
}

}  // namespace

std::vector<Command> keyspace_commands() {
  const Argument name{"keyspace", "its name"};
  return {
      {"keyspace list", "all keyspaces", "", {}, {}, {{"keyspace list", "All, with their shards."}}, list},
      {"keyspace show",
       "one keyspace and its shards",
       "",
       {name},
       {},
       {{"keyspace show customer", "The shards of customer and who is primary."}},
       show},
      {"keyspace create",
       "write the records of a new keyspace and its shards",
       "The servers of a keyspace come from the cluster spec; a keyspace without servers answers no query.",
       {name},
       {{"shards", "names", "its shards, with commas between (default: -, one shard)"},
        {"durability", "policy", "none, semi_sync or cross_cell (default: by the number of tablets)"}},
       {{"keyspace create orders --shards -80,80-", "A keyspace of two shards."}},
       create},
      {"keyspace delete",
       "delete the records of a keyspace",
       "A keyspace that has tablets is refused unless --recursive is given. Data on servers is not touched.",
       {name},
       {{"recursive", "", "delete the records of its shards and tablets too"}},
       {{"keyspace delete orders", "Refused while it has tablets."}},
       remove},
  };
}

}  // namespace kintsugi::cli
