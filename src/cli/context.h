#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/error_entry.h"
#include "base/task.h"

namespace google::protobuf {
class Message;
}

namespace kintsugi::cli {

/// What a command works with: control's API, and where its answer goes.
class Context {
 public:
  /// `control`: "host:port". `errors`: all codes of the program, by number; borrowed.
  Context(std::string control, bool json, const std::vector<ErrorEntry>& errors);
  ~Context();

  bool json() const { return json_; }
  const std::string& control_address() const { return control_; }
  const std::vector<ErrorEntry>& errors() const { return errors_; }

  /// Calls kintsugi.control.v1.Control/<method>; fills `response`, which must outlive the await. When control
  /// cannot be reached, the error says how to name another address.
  Task<Result<void>> call(const char* method, const google::protobuf::Message& request,
                          google::protobuf::Message& response);

  /// The answer: as JSON with --json, as `text()` otherwise.
  void answer(const google::protobuf::Message& message, const std::function<std::string()>& text);
  void print(std::string_view text);
  /// A remark to the person, on standard error, so that output stays parseable.
  void remark(std::string_view text);

  /// What was printed is kept instead (tests).
  void capture() { capturing_ = true; }
  const std::string& captured() const { return captured_; }

 private:
  struct Connection;
  std::string control_;
  bool json_;
  const std::vector<ErrorEntry>& errors_;
  bool capturing_ = false;
  std::string captured_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace kintsugi::cli
