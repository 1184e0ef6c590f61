#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/server_connection.h"

namespace kintsugi::tablet::v1 {
class ApplySchemaRequest;
class ApplySchemaResponse;
class GetSchemaResponse;
}  // namespace kintsugi::tablet::v1

/// The definitions in a database. On a session that may read them.
namespace kintsugi::tablet {

/// A digest of everything that is defined in the database: equal for equal definitions, whatever the data and
/// AUTO_INCREMENT are. "0" where there is no database or nothing in it.
Task<Result<std::string>> schema_digest(ServerSession& session, std::string database, Time deadline);

/// Tables (all, or those named) with their columns and statements.
Task<Result<void>> read_schema(ServerSession& session, std::string database, std::vector<std::string> tables,
                               v1::GetSchemaResponse& response, Time deadline);

/// Runs the statements one after the other until one fails; `response` has a result for each. Fails only when
/// the session is lost.
Task<Result<void>> apply_schema(ServerSession& session, std::string database,
                                const v1::ApplySchemaRequest& request, v1::ApplySchemaResponse& response,
                                Time deadline);

/// The server's error says that what a statement of DDL makes is there already, or that what it drops is
/// gone.
bool is_already_done(int mysql_errno);

}  // namespace kintsugi::tablet
