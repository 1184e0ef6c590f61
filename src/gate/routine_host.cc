#include "gate/routine_host.h"

#include <optional>
#include <utility>
#include <vector>

#include "gate/restored.h"
#include "gate/routine_cache.h"
#include "gate/statement_runner.h"
#include "gate/variables.h"
#include "mysql/row.h"
#include "runtime/loop.h"

namespace kintsugi::gate {
namespace {

class KeptRows final : public routine::Rows {
 public:
  explicit KeptRows(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}

  const std::vector<mysql::ColumnDefinition>& columns() const override { return cursor_->columns(); }
  Result<bool> next(std::vector<mysql::Cell>& cells) override {
    Result<std::optional<std::string>> packet = cursor_->take_row();
    if (!packet) return failure(std::move(packet.error()));
    if (!*packet) return false;
    row_ = std::move(**packet);
    if (Result<void> parsed = mysql::parse_text_row(row_, columns().size(), cells); !parsed)
      return failure(std::move(parsed.error()));
    return true;
  }

 private:
  std::unique_ptr<Cursor> cursor_;
  std::string row_;
};

}  // namespace

std::vector<routine::Condition> conditions_of(const std::vector<Warning>& warnings) {
  using Level = routine::Condition::Level;
  std::vector<routine::Condition> made;
  for (const Warning& warning : warnings) {
    const auto code = static_cast<std::uint16_t>(warning.code);
    const Level level = warning.level == "Note"    ? Level::note
                        : warning.level == "Error" ? Level::error
                                                   : Level::warning;
    made.push_back({level, code, std::string(routine::sqlstate_of(code)), warning.message});
  }
  return made;
}

namespace {

std::vector<std::string> names_of(const routine::Program& program) {
  std::vector<std::string> names;
  for (const auto& [name, value] : program.settings) names.push_back(name);
  return names;
}

/// Has the session's settings and keyspace as they were, when the routine is left; what else it has set
/// stays.
class Entered {
 public:
  Entered(Session& session, const routine::Program& program)
      : session_(session), target_(session.state().target), restored_(session, names_of(program)) {
    set(program);
    if (session.state().target.keyspace != program.schema)
      session.state().target = {.keyspace = program.schema};
  }
  ~Entered() { session_.state().target = target_; }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  void set(const routine::Program& program) {
    auto settings = std::make_shared<Settings>(*session_.state().settings);
    for (const auto& [name, value] : program.settings) {
      if (value) {
        settings->set(name, *value);
      } else {
        settings->reset(name);
      }
    }
    if (*settings == *session_.state().settings) return;
    session_.state().settings = std::move(settings);
    session_.settings_changed();
  }

  Session& session_;
  Target target_;
  Restored restored_;
};

}  // namespace

Task<Result<void>> NoRows::columns(std::vector<mysql::ColumnDefinition>) {
  constexpr std::uint16_t kResultSet = 1415;
  co_return failure(Error::from_server(kResultSet, "0A000",
                                       "Not allowed to return a result set from a " + std::string(routine_)));
}

Task<Result<void>> NoRows::rows(exec::RowBatch) { co_return Result<void>(); }

Task<Result<void>> NoRows::done(mysql::OkPacket packet) {
  ok = std::move(packet);
  co_return Result<void>();
}

Task<Result<routine::Done>> RoutineHost::perform(std::string sql, Cursor* rows) {
  return perform_into(std::move(sql), rows);
}

Task<Result<routine::Done>> RoutineHost::perform_into(std::string sql, exec::RowSink* rows) {
  InnerStatement inner;
  inner.of_routine = true;
  inner.rows = rows;
  inner.rows_allowed = (session_.identity().capabilities & mysql::capability::kMultiResults) != 0;
  ClientStatement statement;
  statement.text = sql;
  statement.binary = binary_ && rows == nullptr;
  const bool goes_on = co_await run_inner(session_, statement, inner);
  lost_ = lost_ || !goes_on;
  told_ = told_ || inner.told;
  if (inner.error) co_return failure(std::move(*inner.error));
  routine::Done done;
  done.affected_rows = inner.ok.affected_rows;
  done.warnings = conditions_of(session_.state().warnings);
  co_return done;
}

Task<Result<routine::Done>> RoutineHost::run(std::string sql) { return perform(std::move(sql), nullptr); }

Task<Result<std::unique_ptr<routine::Rows>>> RoutineHost::query(std::string sql, routine::Done& done) {
  auto cursor = std::make_unique<Cursor>(session_.worker().shared().spill);
  Result<routine::Done> performed = co_await perform(std::move(sql), cursor.get());
  if (!performed) co_return failure(std::move(performed.error()));
  done = std::move(*performed);
  std::unique_ptr<routine::Rows> rows = std::make_unique<KeptRows>(std::move(cursor));
  co_return rows;
}

Task<Result<std::shared_ptr<const routine::Program>>> RoutineHost::find(std::string_view schema,
                                                                        std::string_view name) {
  std::string keyspace(schema.empty() ? std::string_view(session_.state().target.keyspace) : schema);
  return session_.worker().routines().find(session_, std::move(keyspace), std::string(name));
}

std::shared_ptr<void> RoutineHost::enter(const routine::Program& program) {
  return std::make_shared<Entered>(session_, program);
}

void RoutineHost::assign(std::string_view name, const routine::Value& value) {
  auto settings = std::make_shared<Settings>(*session_.state().settings);
  if (value.is_null()) {
    settings->reset(user_variable(name));
  } else {
    settings->set(user_variable(name), routine::literal(value, quoting()));
  }
  session_.state().settings = std::move(settings);
}

mysql::QuoteOptions RoutineHost::quoting() const {
  mysql::QuoteOptions options{.no_backslash_escapes = session_.sql_mode().no_backslash_escapes};
  const std::string* charset = session_.state().settings->find("character_set_client");
  if (charset != nullptr) options.charset = unquoted(*charset);
  return options;
}

bool RoutineHost::is_over() const { return told_ || lost_ || session_.cancel()->requested(); }

bool RoutineHost::runs_function(std::string_view schema, std::string_view name) const {
  const auto routing = session_.worker().backends().routing();
  const vschema::Keyspace* keyspace =
      routing->find_keyspace(schema.empty() ? std::string_view(session_.state().target.keyspace) : schema);
  return keyspace != nullptr && keyspace->runs_in_gate(name);
}

bool RoutineHost::has_blocks() const { return session_.worker().is_mariadb(); }

Task<void> RoutineHost::pause() { co_await runtime::yield(); }

}  // namespace kintsugi::gate
