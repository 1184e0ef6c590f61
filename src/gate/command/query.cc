#include "gate/command/command.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement_runner.h"
#include "mysql/errors.h"
#include "mysql/request.h"
#include "sql/lexer.h"

namespace kintsugi::gate {
namespace {

Task<bool> run_several(Session& session, std::string_view rest) {
  std::string kept;
  for (;;) {
    // Servers are sent one statement at a time, whatever the client sends at once.
    const std::size_t length = sql::split_statement(rest, session.lexer_mode());
    // A statement may read more from the client, over the command.
    if (length < rest.size() && kept.empty()) rest = kept = rest;
    std::string_view text = rest.substr(0, length);
    rest.remove_prefix(length);
    const bool more = !rest.empty();
    if (more && text.ends_with(';')) text.remove_suffix(1);
    session.set_more_results(more);
    ClientStatement statement;
    statement.text = text;
    const bool goes_on = co_await run_statement(session, statement);
    const bool failed = session.state().failed;
    session.set_more_results(false);
    if (!goes_on) co_return false;
    if (!more || failed) co_return true;
  }
}

}  // namespace

Task<bool> command_query(Session& session, std::string_view payload) {
  Result<mysql::QueryRequest> request = mysql::parse_query(payload, session.identity().capabilities);
  if (!request) return refuse_malformed(session, std::move(request.error()));
  const std::string_view text = request->sql;
  if (session.state().multi_statements && text.find(';') != std::string_view::npos)
    return run_several(session, text);
  ClientStatement statement;
  statement.text = text;
  return run_statement(session, statement);
}

}  // namespace kintsugi::gate
