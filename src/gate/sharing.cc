#include "gate/sharing.h"

#include <algorithm>

#include "gate/backend.h"
#include "gate/session.h"

namespace kintsugi::gate {
namespace {

void put(std::string& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += text;
}

bool names_view(const plan::Plan& plan) {
  return std::ranges::any_of(plan.tables, [&plan](const plan::TableUse& use) {
    const plan::Table* table = plan.schema->find(use.keyspace, use.table);
    return table != nullptr && table->view;
  });
}

}  // namespace

bool may_share(Session& session, const plan::Plan& plan, const vschema::Shard& shard) {
  if (!session.worker().options().shared_reads || !plan.steady || plan.temporary || names_view(plan))
    return false;
  const bool of_primary = plan::route_of(plan)->destination.type == topo::TabletType::primary;
  return of_primary && !shard.keyspace.empty() && session.state().autocommit &&
         session.shards().held() == 0 && !session.shards().in_transaction() &&
         session.state().next_transaction.empty();
}

std::string sharing_key(Session& session, const ClientStatement& statement, const vschema::Shard& shard) {
  std::string key;
  put(key, shard.keyspace);
  put(key, shard.name);
  put(key, session.state().target.keyspace);
  put(key, statement.binary ? "binary" : "text");
  put(key, std::to_string(session.identity().capabilities & kCarriedCapabilities));
  put(key, statement.text);
  std::string parameters;
  if (!statement.parameters.empty()) mysql::write_execute(parameters, 0, 0, statement.parameters, 0);
  put(key, parameters);
  for (const auto& [name, value] : session.state().settings->entries()) {
    put(key, name);
    put(key, value);
  }
  return key;
}

Task<Result<void>> tell_shared(Session& session, const SharedReads::Answer& answer) {
  session.respond().columns(answer.columns);
  std::string frames = answer.frames;  // which get the client's sequence numbers
  Result<void> passed = co_await session.link().pass({frames.data(), frames.size()});
  co_return passed;
}

}  // namespace kintsugi::gate
