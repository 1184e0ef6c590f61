#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "exec/executor.h"
#include "plan/called_rows.h"
#include "routine/host.h"

namespace kintsugi::gate {

class Session;

/// The temporary table of plan::CalledRows, in the session's transaction. Lives for one statement; borrows
/// what it is given.
class CalledTable {
 public:
  /// `most` is what it may hold. `host` runs the functions.
  CalledTable(Session& session, const plan::CalledRows& rows, const exec::ExecContext::Usage& most,
              routine::Host& host)
      : session_(session), rows_(rows), most_(most), host_(host) {}

  /// Makes it and fills it: reads the rows, and calls the functions for each. Fails as these do, and with
  /// kGatherTooLarge.
  Task<Result<void>> make();
  /// What runs over it, as SQL.
  std::string rest() const;
  /// What it holds.
  const exec::ExecContext::Usage& used() const { return used_; }
  /// Away with it, whatever there is; what the session knows of its last statement stays.
  Task<void> drop();

 private:
  Task<Result<void>> create();
  Task<Result<void>> fill();
  Result<void> count(std::size_t bytes);
  Task<Result<void>> perform(std::string sql);
  std::string print(const sql::Node& node) const;

  Session& session_;
  const plan::CalledRows& rows_;
  exec::ExecContext::Usage most_, used_;
  routine::Host& host_;
  bool made_ = false;
};

}  // namespace kintsugi::gate
