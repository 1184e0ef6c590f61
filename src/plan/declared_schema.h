#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "plan/schema.h"
#include "sql/tree.h"

namespace kintsugi::plan {

/// The table that a CREATE TABLE makes, as a server would tell of it: to plan without one. `collation` is
/// that of text whose column and table name none. Not for CREATE TABLE … LIKE and … SELECT: kInvalidArgument.
Result<Schema::Entry> declared_table(const sql::CreateTable& create, std::string_view keyspace,
                                     std::string_view collation);

}  // namespace kintsugi::plan
