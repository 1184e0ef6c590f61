#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/files.h"
#include "cli/format.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

std::string schema_text(const api::GetSchemaResponse& schema) {
  std::string out;
  for (const api::TableSchema& table : schema.tables()) out += table.create_statement() + ";\n\n";
  for (const std::string& difference : schema.differences())
    out += fmt::format("-- problem: {}\n", difference);
  return out;
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetSchemaRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  request.set_table(parsed.get("table"));
  api::GetSchemaResponse response;
  Result<void> done = co_await context.call("GetSchema", request, response);
  if (done) context.answer(response, [&] { return schema_text(response); });
  co_return done;
}

Task<Result<void>> apply(Context& context, const Parsed& parsed) {
  api::ApplySchemaRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  if (parsed.has("sql") == parsed.has("file")) {
    co_return failure(kInvalidArgument, "say what to run: either --sql <statement> or --file <file>");
  }
  std::string sql = parsed.get("sql");
  if (parsed.has("file")) {
    Result<std::string> text = read_input(parsed.get("file"));
    if (!text) co_return failure(std::move(text.error()));
    sql = std::move(*text);
  }
  request.add_statements(sql);
  api::ApplySchemaResponse response;
  Result<void> done = co_await context.call("ApplySchema", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    return fmt::format("applied on {} of {}\n", counted(response.applied_shards_size(), "shard"),
                       request.keyspace());
  });
  co_return done;
}

}  // namespace

std::vector<Command> schema_commands() {
  const Argument keyspace{"keyspace", "its name"};
  return {
      {"schema show",
       "the tables of a keyspace, as CREATE TABLE",
       "Says which shards differ from the first one.",
       {keyspace, {"table", "only this one", false}},
       {},
       {{"schema show customer", "All tables."}, {"schema show customer corder", "One table."}},
       show},
      {"schema apply",
       "run DDL on every shard of a keyspace",
       "Statements that are done already (the table exists) count as done, so that a failed call can be "
       "repeated. "
       "The vschema is not changed: DDL through the gate does both.",
       {keyspace},
       {{"sql", "statements", "statements with ; between them"},
        {"file", "path", "a file of them; - reads standard input"}},
       {{"schema apply customer --sql 'alter table corder add note varchar(80)'", "One statement."},
        {"schema apply customer --file changes.sql", "A file of statements."}},
       apply},
  };
}

}  // namespace kintsugi::cli
