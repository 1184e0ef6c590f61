#include "gate/event/definitions.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "gate/backend.h"
#include "gate/backends.h"
#include "gate/variables.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

constexpr Duration kWithin = std::chrono::seconds(5);

std::string cell(const wire::ResultSet& answer, std::size_t row, const char* column) {
  return answer.cell(row, column).value_or("");
}

Result<Schedule> schedule_of(const wire::ResultSet& answer, std::size_t row) {
  const auto time = [&](const char* column) { return parse_wall_time(cell(answer, row, column)); };
  if (const Result<WallSeconds> at = time("at_time"); at) return Schedule::once(*at);
  const Result<WallSeconds> starts = time("starts"), ends = time("ends");
  if (!starts) return failure(starts.error());
  return Schedule::every(cell(answer, row, "value"), cell(answer, row, "field"), *starts,
                         ends ? std::optional(*ends) : std::nullopt);
}

Result<EventDefinition> definition_of(const wire::ResultSet& answer, std::size_t row, Time read) {
  EventDefinition event;
  event.name = cell(answer, row, "name");
  event.body = cell(answer, row, "body");
  event.sql_mode = cell(answer, row, "mode");
  event.charset = cell(answer, row, "charset");
  event.collation = cell(answer, row, "collation");
  event.time_zone = cell(answer, row, "zone");
  event.preserve = cell(answer, row, "completion") == "PRESERVE";
  const std::string status = cell(answer, row, "state");
  event.of_replica = status != "ENABLED" && status != "DISABLED";
  const Result<WallSeconds> now = parse_wall_time(cell(answer, row, "now"));
  if (!now) return failure(now.error());
  const std::chrono::microseconds fraction(std::atoll(cell(answer, row, "fraction").c_str()));
  event.midnight = read - std::chrono::seconds(*now) - fraction;
  Result<Schedule> schedule = schedule_of(answer, row);
  if (!schedule) return failure(schedule.error());
  event.schedule = *schedule;
  return event;
}

}  // namespace

WallSeconds EventDefinition::wall_time(Time now) const {
  return std::chrono::floor<std::chrono::seconds>(now - midnight).count();
}

Time EventDefinition::moment_of(WallSeconds time) const { return midnight + std::chrono::seconds(time); }

Task<Result<std::vector<EventDefinition>>> read_definitions(Backends& backends, std::string keyspace,
                                                            runtime::Cancel* cancel) {
  Backends::Wanted wanted;
  wanted.keyspace = keyspace;
  Result<Lease> lease = co_await backends.take_plain(wanted, Clock::now() + kWithin, cancel);
  if (!lease) co_return failure(std::move(lease.error()));
  std::string query = fmt::format(
      "SELECT EVENT_NAME AS name, EVENT_DEFINITION AS body, SQL_MODE AS mode, TIME_ZONE AS zone, "
      "CHARACTER_SET_CLIENT AS charset, COLLATION_CONNECTION AS collation, ON_COMPLETION AS completion, "
      "STATUS AS state, "
      "EXECUTE_AT AS at_time, INTERVAL_VALUE AS value, INTERVAL_FIELD AS field, STARTS AS starts, ENDS AS "
      "ends, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', TIME_ZONE) AS now, MICROSECOND(UTC_TIMESTAMP(6)) AS "
      "fraction FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {}",
      quote_string(keyspace));
  const Result<wire::ResultSet> answer = co_await backend_of(*lease).query(std::move(query));
  const Time read = Clock::now();
  if (!answer) co_return failure(answer.error());
  std::vector<EventDefinition> events;
  for (std::size_t row = 0; row < answer->rows.size(); ++row) {
    Result<EventDefinition> event = definition_of(*answer, row, read);
    if (event) {
      events.push_back(std::move(*event));
    } else {
      kLog.warning("event.unreadable", {{"keyspace", keyspace},
                                        {"event", cell(*answer, row, "name")},
                                        {"error", event.error()},
                                        {"do", "ALTER EVENT gives it a schedule; it does not run"}});
    }
  }
  co_return events;
}

}  // namespace kintsugi::gate
