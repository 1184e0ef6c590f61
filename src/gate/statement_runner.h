#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "gate/shard_connections.h"
#include "mysql/response.h"

namespace kintsugi::gate {

class Session;
struct InnerStatement;

/// Plans and runs one statement of a client, and writes its answer (an ERR included). False: the client is
/// gone, or in the middle of an answer that cannot be ended. What `statement` borrows lives until it returns.
Task<bool> run_statement(Session& session, ClientStatement statement);

/// The same of a statement that is a part of another one: what becomes of it is told to `inner`.
Task<bool> run_inner(Session& session, const ClientStatement& statement, InnerStatement& inner);

/// The columns that a query's answer has, asked of one server by preparing it.
Task<Result<std::vector<mysql::ColumnDefinition>>> columns_of(Session& session, std::string sql);

/// How many parameters a text has, once a server (or the planner) has found no mistake in it.
Task<Result<std::size_t>> parameters_of(Session& session, std::string sql);

/// The OK of a statement that changed the default database, with what a client that tracks its session is
/// told.
mysql::OkPacket target_changed(Session& session);

}  // namespace kintsugi::gate
