#include "gate/event/records.h"

#include <chrono>
#include <functional>
#include <utility>

#include "base/lower_case.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "topo/errors.h"
#include "topo/names.h"
#include "topo/records.h"
#include "topo/time.h"

namespace kintsugi::gate {
namespace {

using topo::v1::Event;
using Edit = std::function<Result<bool>(Event&)>;

WallTime now() { return std::chrono::system_clock::now(); }

std::string key_of(const std::string& keyspace, const std::string& name) {
  return topo::paths::event(keyspace, lower_case(name));
}

std::optional<WallSeconds> due_of(const Event& record) {
  const Result<WallSeconds> due = parse_wall_time(record.due());
  return due ? std::optional(*due) : std::nullopt;
}

Task<Result<void>> edit(topo::Store& store, const std::string key, Edit change, bool create) {
  const Result<Event> done = co_await topo::edit_record<Event>(store, key, std::move(change), create);
  co_return done ? Result<void>() : failure(done.error());
}

Task<Result<void>> rename(topo::Store& store, const std::string from, const std::string to) {
  Result<topo::Node> node = co_await store.get(from);
  if (!node) co_return node.error().is(topo::kNoNode) ? Result<void>() : failure(node.error());
  topo::Transaction transaction;
  transaction.compares = {{from, node->revision}};
  transaction.writes = {{from, std::nullopt}, {to, std::move(node->value)}};
  const Result<topo::TransactionResult> done = co_await store.commit(std::move(transaction));
  if (!done) co_return failure(done.error());
  if (!done->committed) co_return co_await rename(store, from, to);
  co_return Result<void>();
}

}  // namespace

Result<std::optional<EventRecord>> parse_event(std::string_view key, std::string_view text) {
  const topo::KeyParts parts = topo::parse_key(key);
  if (parts.kind != topo::RecordKind::event) return std::optional<EventRecord>();
  Event record;
  if (Result<void> parsed = topo::from_text(key, text, record); !parsed) return failure(parsed.error());
  EventRecord event;
  event.keyspace = parts.keyspace;
  event.name = record.name();
  event.user = record.user();
  event.host = record.host();
  event.disabled = record.disabled();
  event.changed = topo::to_time(record.changed_at());
  event.due = due_of(record);
  event.zone = record.due_zone();
  event.gate = record.gate();
  if (record.has_began_at()) event.began = topo::to_time(record.began_at());
  if (record.has_ended_at()) event.ended = topo::to_time(record.ended_at());
  event.error = record.error();
  event.runs = record.runs();
  event.failures = record.failures();
  return std::optional(std::move(event));
}

Task<Result<std::vector<EventRecord>>> list_events(topo::Store& store) {
  const Result<std::vector<topo::Node>> nodes = co_await store.list(std::string(topo::paths::kEvents) + "/");
  if (!nodes) co_return failure(nodes.error());
  std::vector<EventRecord> events;
  for (const topo::Node& node : *nodes) {
    Result<std::optional<EventRecord>> event = parse_event(node.key, node.value);
    if (!event) co_return failure(std::move(event.error()));
    if (*event) events.push_back(std::move(**event));
  }
  co_return events;
}

Task<Result<void>> note_event(topo::Store& store, EventChange change) {
  const std::string& last = change.new_name.empty() ? change.name : change.new_name;
  Result<void> done = topo::check_key_element("event", last);
  if (done && lower_case(last) != lower_case(change.name))
    done = co_await rename(store, key_of(change.keyspace, change.name), key_of(change.keyspace, last));
  if (!done) co_return done;
  Edit set = [&](Event& record) -> Result<bool> {
    if (change.keep && !record.name().empty()) return false;
    record.set_name(last);
    record.set_user(change.user);
    record.set_host(change.host);
    if (change.disabled) record.set_disabled(*change.disabled);
    topo::set_time(*record.mutable_changed_at(), now());
    return true;
  };
  co_return co_await edit(store, key_of(change.keyspace, last), std::move(set), true);
}

Task<Result<void>> forget_event(topo::Store& store, std::string keyspace, std::string name) {
  topo::Transaction transaction;
  transaction.writes = {{key_of(keyspace, name), std::nullopt}};
  const Result<topo::TransactionResult> done = co_await store.commit(std::move(transaction));
  co_return done ? Result<void>() : failure(done.error());
}

Task<Result<bool>> begin_run(topo::Store& store, std::string keyspace, std::string name, EventRun run) {
  bool begun = false;
  Edit begin = [&](Event& record) -> Result<bool> {
    const std::optional<WallSeconds> before =
        record.due_zone() == run.zone ? due_of(record) : std::optional<WallSeconds>();
    begun = !record.disabled() && (!before || *before < run.due);
    if (!begun) return false;
    record.set_due(wall_time_text(run.due));
    record.set_due_zone(run.zone);
    record.set_gate(run.gate);
    topo::set_time(*record.mutable_began_at(), now());
    record.set_runs(record.runs() + 1);
    return true;
  };
  const Result<void> done = co_await edit(store, key_of(keyspace, name), std::move(begin), false);
  if (!done && !done.error().is(topo::kNoNode)) co_return failure(done.error());
  co_return done.has_value() && begun;
}

Task<Result<void>> end_run(topo::Store& store, std::string keyspace, std::string name, std::string error) {
  Edit end = [&](Event& record) -> Result<bool> {
    topo::set_time(*record.mutable_ended_at(), now());
    record.set_error(error);
    if (!error.empty()) record.set_failures(record.failures() + 1);
    return true;
  };
  Result<void> done = co_await edit(store, key_of(keyspace, name), std::move(end), false);
  if (!done && done.error().is(topo::kNoNode)) co_return Result<void>();  // it has dropped itself
  co_return done;
}

}  // namespace kintsugi::gate
