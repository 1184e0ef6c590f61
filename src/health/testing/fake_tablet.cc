#include "health/testing/fake_tablet.h"

#include <stdexcept>

namespace kintsugi::health::testing {

FakeTablet::FakeTablet(std::string alias, std::uint16_t port) : alias_(std::move(alias)) {
  rpc_.stream<tablet::v1::StreamHealthRequest>(
      "kintsugi.tablet.v1.Tablet/StreamHealth",
      [this](tablet::v1::StreamHealthRequest, rpc::Sink& sink) { return tell(sink); });
  Result<runtime::Address> address = http_.start(runtime::Address::tcp("127.0.0.1", port));
  if (!address) throw std::runtime_error(address.error().text());
  address_ = *std::move(address);
}

void FakeTablet::say(const std::string& error) {
  tablet::v1::Health health;
  health.set_alias(alias_);
  health.set_serving(error.empty());
  health.set_error(error);
  say(std::move(health));
}

// Those who wait are woken by set(); the event is free for the next word at once.
void FakeTablet::say(tablet::v1::Health health) {
  said_.push_back(std::move(health));
  news_.set();
  news_.reset();
}

void FakeTablet::hang_up() {
  ++hang_ups_;
  news_.set();
  news_.reset();
}

Task<Result<void>> FakeTablet::tell(rpc::Sink& sink) {
  ++streams_;
  const int hang_ups = hang_ups_;
  std::size_t told = 0;
  while (hang_ups == hang_ups_ && !sink.gone().requested()) {
    if (told == said_.size()) {
      co_await news_.wait(Time::max(), &sink.gone());
      continue;
    }
    Result<void> sent = co_await sink.send(said_[told++]);
    if (!sent) co_return sent;
  }
  co_return Result<void>();
}

Task<void> FakeTablet::stop() { return http_.stop(); }

}  // namespace kintsugi::health::testing
