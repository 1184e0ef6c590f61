#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exec/executor.h"
#include "gate/files_folder.h"

namespace kintsugi::gate {

class Session;

/// What LOAD DATA tells of a file's lines, wherever the file is. Borrows the session.
class LoadTeller : public exec::FileClient {
 public:
  explicit LoadTeller(Session& session) : session_(session) {}
  Result<void> warn(std::uint16_t code, std::string message, bool ignore) override;
  void assign(std::string_view variable, std::string value) override;

 protected:
  Session& session_;
};

/// The file that a client sends for LOAD DATA LOCAL INFILE: packets until an empty one, in answer to its
/// name. Reading it overwrites the client's command.
class ClientFile final : public LoadTeller {
 public:
  using LoadTeller::LoadTeller;

  Task<Result<void>> open(std::string_view name) override;
  Task<Result<std::string_view>> read() override;

  /// A client sends all of its file before it reads an answer, whatever happened meanwhile. False: it is
  /// lost.
  Task<bool> drain();

 private:
  bool coming_ = false;  ///< the file was asked for, and has not ended
};

/// A file of the gate's folder, for LOAD DATA INFILE without LOCAL.
class GateFile final : public LoadTeller {
 public:
  using LoadTeller::LoadTeller;

  /// As FilesFolder::open(); kFilesDenied.
  Task<Result<void>> open(std::string_view name) override;
  Task<Result<std::string_view>> read() override;

 private:
  FolderFile file_;
  std::string bytes_;
};

/// The file of the statement that runs, if it loads one.
class LoadFile {
 public:
  LoadFile(Session& session, const plan::Plan& plan);

  /// Null: the statement loads nothing.
  exec::FileClient* client();
  /// False: the client is lost.
  Task<bool> drain();

 private:
  std::optional<ClientFile> of_client_;
  std::optional<GateFile> of_gate_;
};

/// kFilesOff, kFilesDenied: the session's user may not use files on the gate's machine.
Result<FilesFolder> files_folder(Session& session);

}  // namespace kintsugi::gate
