#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/files.h"
#include "cli/format.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetVSchemaRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  api::GetVSchemaResponse response;
  Result<void> done = co_await context.call("GetVSchema", request, response);
  // The vschema is JSON already, with or without --json.
  if (done) context.print(response.vschema_json() + "\n");
  co_return done;
}

Task<Result<void>> check(Context& context, const Parsed& parsed) {
  Result<std::string> text = read_input(parsed.get("file"));
  if (!text) co_return failure(std::move(text.error()));
  api::CheckVSchemaRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  request.set_vschema_json(*text);
  api::CheckVSchemaResponse response;
  Result<void> done = co_await context.call("CheckVSchema", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    std::string out;
    for (const std::string& problem : response.problems()) out += problem + "\n";
    return out.empty() ? parsed.get("file") + " is all right\n" : out;
  });
  if (response.problems_size() > 0) {
    co_return failure(kInvalidArgument, fmt::format("{}: {}", parsed.get("file"),
                                                    counted(response.problems_size(), "problem")));
  }
  co_return done;
}

Task<Result<void>> apply(Context& context, const Parsed& parsed) {
  Result<std::string> text = read_input(parsed.get("file"));
  if (!text) co_return failure(std::move(text.error()));
  api::ApplyVSchemaRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  request.set_vschema_json(*text);
  api::ApplyVSchemaResponse response;
  Result<void> done = co_await context.call("ApplyVSchema", request, response);
  if (done) context.print(response.vschema_json() + "\n");
  co_return done;
}

}  // namespace

std::vector<Command> vschema_commands() {
  const Argument keyspace{"keyspace", "its name"};
  const Argument file{"file", "the vschema as JSON; - reads standard input"};
  return {
      {"vschema show",
       "the vschema of a keyspace, as JSON",
       "",
       {keyspace},
       {},
       {{"vschema show customer > customer.json", "To edit and apply it."}},
       show},
      {"vschema check",
       "say what is wrong with a vschema, and change nothing",
       "Exits with 1 if there are problems.",
       {keyspace, file},
       {},
       {{"vschema check customer customer.json", "Before applying it."}},
       check},
      {"vschema apply",
       "replace the vschema of a keyspace",
       "It is checked first; a wrong one changes nothing. Gates use the new one within a second.",
       {keyspace, file},
       {},
       {{"vschema apply customer customer.json", "Replace it."}},
       apply},
  };
}

}  // namespace kintsugi::cli
