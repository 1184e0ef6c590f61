#include "gate/turns.h"

#include <map>
#include <optional>
#include <utility>

#include "exec/executor.h"
#include "gate/session.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

using vschema::LoadLimits;

struct Limit {
  std::shared_ptr<LoadAccount> account;
  LoadLimits limits;
};

bool limits_statements(const LoadLimits& limits) {
  return limits.statements_max != 0 || limits.rate_max != 0;
}

/// The user's first, then those of keyspaces by their names: who has one turn and waits for another never
/// waits for one who waits for his.
std::vector<Limit> limits_of(Session& session, const plan::Plan& plan) {
  std::vector<Limit> limits;
  const LoadLimits& of_user = session.identity().limits;
  Admission& admission = session.worker().shared().admission;
  if (limits_statements(of_user)) limits.push_back({admission.user(session.identity().user), of_user});
  if (!session.worker().limits_keyspaces()) return limits;
  std::map<std::string_view, LoadLimits> keyspaces;
  for (const plan::TableUse& use : plan.tables) {
    const vschema::Keyspace* keyspace = plan.routing->find_keyspace(use.keyspace);
    if (keyspace == nullptr) continue;
    const LoadLimits own = strictest(keyspace->limits(), session.worker().options().per_keyspace);
    if (limits_statements(own)) keyspaces.emplace(keyspace->name(), own);
  }
  for (const auto& [name, own] : keyspaces) limits.push_back({admission.keyspace(name), own});
  return limits;
}

/// Who has locks, or has a turn that others wait for, must not wait himself.
bool goes_ahead(Session& session) { return session.shards().held() > 0 || !session.row_turns().empty(); }

/// Before all limits: who waits for a row does not take a turn from those who could run.
Task<Result<void>> take_row(Session& session, const plan::Plan& plan, const plan::Bindings& bindings,
                            const ClientStatement& statement) {
  const std::uint32_t writers_max = session.worker().options().hot_row_writers_max;
  const bool locks = plan.writes || plan.locks;
  if (writers_max == 0 || !locks || !plan.lookups.empty() || exec::relay_shard(plan, bindings) == nullptr)
    co_return Result<void>();
  std::optional<std::string> row = row_key(plan, statement, session.lexer_mode());
  if (!row) co_return Result<void>();
  Result<void> in =
      co_await session.row_turns().enter(std::move(*row), writers_max, goes_ahead(session), session.cancel());
  co_return in;
}

}  // namespace

bool needs_turn(Session& session, const plan::Plan& plan) {
  const bool locks = plan.writes || plan.locks;
  if (locks && session.worker().options().hot_row_writers_max != 0) return true;
  if (limits_statements(session.identity().limits)) return true;
  return session.worker().limits_keyspaces() && !plan.tables.empty();
}

Turns::~Turns() {
  for (const auto& account : taken_) account->leave();
}

Task<Result<void>> Turns::take(Session& session, const plan::Plan& plan, const plan::Bindings& bindings,
                               const ClientStatement& statement, StatementUse& use) {
  const bool at_once = goes_ahead(session);
  const Time begun = Clock::now();
  Result<void> row = co_await take_row(session, plan, bindings, statement);
  use.waited += Clock::now() - begun;
  if (!row) co_return row;
  const std::vector<Limit> limits = limits_of(session, plan);
  for (const Limit& limit : limits) {
    const Time since = Clock::now();
    Result<void> in = co_await limit.account->enter(limit.limits, at_once, session.cancel());
    use.waited += Clock::now() - since;
    if (!in) co_return in;
    taken_.push_back(limit.account);
  }
  co_return Result<void>();
}

void settle_row_turns(Session& session) {
  if (!session.row_turns().empty() && !session.shards().may_have_locks()) session.row_turns().leave();
}

}  // namespace kintsugi::gate
