#pragma once

#include <string>

#include "base/error.h"
#include "sql/tree.h"
#include "vschema/snapshot.h"
#include "vschema/vschema.h"

/// What ALTER VSCHEMA does to a vschema. Pure.
namespace kintsugi::gate {

/// kBadVSchema, vschema::kUnknownTable, vschema::kTableExists.
Result<void> apply_change(vschema::VSchema& vschema, const sql::AlterVSchema& statement);

/// kBadVSchema with what is wrong with the keyspace's vschema now and was not before. What it refers to in
/// other keyspaces is not looked at.
Result<void> check_change(const std::string& keyspace, const vschema::VSchema& before,
                          const vschema::VSchema& after);

/// Whether gates route by the change.
bool is_routed(const vschema::Keyspace& keyspace, const sql::AlterVSchema& statement);

}  // namespace kintsugi::gate
