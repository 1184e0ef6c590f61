#include "gate/load_file.h"

#include <utility>

#include <fmt/format.h>

#include "exec/errors.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/variables.h"
#include "gate/warnings.h"
#include "mysql/capabilities.h"
#include "plan/load.h"
#include "runtime/loop.h"

namespace kintsugi::gate {
namespace {

constexpr Duration kSilenceMax = std::chrono::seconds(60);  // of a client that is to send its file
constexpr std::size_t kReadAtOnce = 256 * 1024;

}  // namespace

Result<void> LoadTeller::warn(std::uint16_t code, std::string message, bool ignore) {
  SessionState& state = session_.state();
  if (!ignore) {
    const std::string* mode = state.settings->find("sql_mode");
    if (mode == nullptr || mode->find("STRICT_") != std::string::npos)
      return failure(Error::from_server(code, "01000", std::move(message)));
  }
  add_warning(state.warnings, {"Warning", code, std::move(message)});
  return {};
}

void LoadTeller::assign(std::string_view variable, std::string value) {
  SessionState& state = session_.state();
  auto settings = std::make_shared<Settings>(*state.settings);
  if (value == "NULL") {
    settings->reset(user_variable(variable));
  } else {
    settings->set(user_variable(variable), std::move(value));
  }
  state.settings = std::move(settings);
}

Task<Result<void>> ClientFile::open(std::string_view name) {
  if ((session_.identity().capabilities & mysql::capability::kLocalFiles) == 0)
    co_return failure(kLocalFilesOff, "the client does not let statements ask for its files");
  session_.respond().packet('\xfb' + std::string(name));
  coming_ = true;
  Result<void> sent = co_await session_.link().flush();
  co_return sent;
}

Task<Result<std::string_view>> ClientFile::read() {
  if (!coming_) co_return std::string_view();
  if (session_.cancel()->requested()) co_return failure(exec::kCancelled, "the statement was ended");
  wire::PacketStream& packets = session_.link().packets();
  packets.stream().set_deadline(Clock::now() + kSilenceMax);
  Result<std::string_view> packet = co_await packets.read_packet();
  if (!packet || packet->empty()) coming_ = false;
  if (!packet) session_.close_after_command();
  co_return packet;
}

Task<bool> ClientFile::drain() {
  wire::PacketStream& packets = session_.link().packets();
  while (coming_) {
    packets.stream().set_deadline(Clock::now() + kSilenceMax);
    Result<std::string_view> packet = co_await packets.read_packet();
    if (!packet) co_return false;
    coming_ = !packet->empty();
  }
  co_return true;
}

Result<FilesFolder> files_folder(Session& session) {
  const std::string& folder = session.worker().options().files_folder;
  if (folder.empty()) return failure(kFilesOff, "the gate has no files_folder");
  if (session.identity().files) return FilesFolder(folder);
  return failure(kFilesDenied,
                 fmt::format("user '{}' may not use files on the gate's machine", session.identity().user));
}

Task<Result<void>> GateFile::open(std::string_view name) {
  Result<FilesFolder> folder = files_folder(session_);
  if (!folder) co_return failure(std::move(folder.error()));
  Result<FolderFile> file = folder->open(name);
  if (!file) co_return failure(std::move(file.error()));
  file_ = std::move(*file);
  co_return Result<void>();
}

Task<Result<std::string_view>> GateFile::read() {
  if (session_.cancel()->requested()) co_return failure(exec::kCancelled, "the statement was ended");
  co_await runtime::yield();  // a file that is in memory does not keep the loop from others
  Result<void> read = file_.read(bytes_, kReadAtOnce);
  if (!read) co_return failure(std::move(read.error()));
  co_return std::string_view(bytes_);
}

LoadFile::LoadFile(Session& session, const plan::Plan& plan) {
  if (plan.root->kind != plan::NodeKind::kLoad) return;
  if (static_cast<const plan::Load&>(*plan.root).local) {
    of_client_.emplace(session);
  } else {
    of_gate_.emplace(session);
  }
}

exec::FileClient* LoadFile::client() {
  if (of_client_) return &*of_client_;
  return of_gate_ ? &*of_gate_ : nullptr;
}

Task<bool> LoadFile::drain() {
  if (!of_client_) co_return true;
  const bool in_step = co_await of_client_->drain();
  co_return in_step;
}

}  // namespace kintsugi::gate
