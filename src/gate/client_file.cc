#include "gate/client_file.h"

#include <utility>

#include "exec/errors.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/variables.h"
#include "mysql/capabilities.h"

namespace kintsugi::gate {
namespace {

constexpr Duration kSilenceMax = std::chrono::seconds(60);  // of a client that is to send its file
constexpr std::size_t kWarningsMax = 64;                    // max_error_count of the servers

}  // namespace

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

Result<void> ClientFile::warn(std::uint16_t code, std::string message, bool ignore) {
  SessionState& state = session_.state();
  if (!ignore) {
    const std::string* mode = state.settings->find("sql_mode");
    if (mode == nullptr || mode->find("STRICT_") != std::string::npos)
      return failure(Error::from_server(code, "01000", std::move(message)));
  }
  if (state.warnings.size() < kWarningsMax) state.warnings.push_back({"Warning", code, std::move(message)});
  return {};
}

void ClientFile::assign(std::string_view variable, std::string value) {
  SessionState& state = session_.state();
  auto settings = std::make_shared<Settings>(*state.settings);
  if (value == "NULL") {
    settings->reset(user_variable(variable));
  } else {
    settings->set(user_variable(variable), std::move(value));
  }
  state.settings = std::move(settings);
}

}  // namespace kintsugi::gate
