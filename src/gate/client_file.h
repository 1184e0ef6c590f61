#pragma once

#include <string>
#include <string_view>

#include "exec/executor.h"

namespace kintsugi::gate {

class Session;

/// The file that a client sends for LOAD DATA LOCAL INFILE: packets until an empty one, in answer to its
/// name. Reading it overwrites the client's command. Borrows the session.
class ClientFile final : public exec::FileClient {
 public:
  explicit ClientFile(Session& session) : session_(session) {}

  Task<Result<void>> open(std::string_view name) override;
  Task<Result<std::string_view>> read() override;
  Result<void> warn(std::uint16_t code, std::string message, bool ignore) override;
  void assign(std::string_view variable, std::string value) override;

  /// A client sends all of its file before it reads an answer, whatever happened meanwhile. False: it is
  /// lost.
  Task<bool> drain();

 private:
  Session& session_;
  bool coming_ = false;  ///< the file was asked for, and has not ended
};

}  // namespace kintsugi::gate
