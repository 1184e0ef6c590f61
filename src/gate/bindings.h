#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mysql/request.h"
#include "plan/value.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

/// The values of one execution as the planner's code takes them: the literals of a text, and the parameters
/// of a prepared statement. Reused from statement to statement, so that in steady state it does not allocate.
class BoundValues {
 public:
  /// `sql` must outlive the use of values().
  void set_literals(std::string_view sql, const sql::Fingerprint& fingerprint, const sql::LexerMode& mode);
  /// What `parameters` borrow must outlive the use.
  void set_parameters(std::span<const mysql::Parameter> parameters);
  /// Keeps the memory, but for what is much.
  void clear();

  std::span<const plan::Value> literals() const { return literals_; }
  std::span<const plan::Value> parameters() const { return parameters_; }

 private:
  std::vector<plan::Value> literals_;
  std::vector<plan::Value> parameters_;
  std::string literal_text_;
  std::vector<std::string> parameter_text_;
};

/// Memory for taking a COM_STMT_EXECUTE apart.
struct ExecuteMemory {
  mysql::ExecuteRequest request;
  std::vector<mysql::Parameter> parameters;
};

/// The text with every `?` replaced by the literal that a server would read as its parameter. `sql` has as
/// many as there are parameters.
std::string with_literals(std::string_view sql, const sql::LexerMode& mode,
                          std::span<const mysql::Parameter> parameters, std::string_view charset);

}  // namespace kintsugi::gate
