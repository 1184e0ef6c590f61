#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/task.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/server.h"
#include "runtime/address.h"
#include "runtime/event.h"
#include "runtime/http_server.h"

namespace kintsugi::health::testing {

/// A tablet's agent as those see it who listen to its health: a real HTTP server that says what it is told
/// to, and nothing by itself. Each stream gets all that was said so far. On one loop.
class FakeTablet {
 public:
  /// Serves at once, on `port` of 127.0.0.1 (0: a free one).
  explicit FakeTablet(std::string alias, std::uint16_t port = 0);

  const runtime::Address& address() const { return address_; }
  /// A word of its own, with this error text.
  void say(const std::string& error = "");
  void say(tablet::v1::Health health);
  /// Ends every stream, once.
  void hang_up();
  /// How many streams were opened.
  int streams() const { return streams_; }
  Task<void> stop();

 private:
  Task<Result<void>> tell(rpc::Sink& sink);

  std::string alias_;
  runtime::HttpServer http_;
  rpc::Server rpc_{http_};
  runtime::Address address_;
  std::vector<tablet::v1::Health> said_;
  runtime::Event news_;
  int streams_ = 0;
  int hang_ups_ = 0;
};

}  // namespace kintsugi::health::testing
