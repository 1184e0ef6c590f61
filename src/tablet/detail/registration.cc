#include "tablet/detail/registration.h"

#include <unistd.h>

#include "base/log.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/cancel.h"
#include "runtime/timer.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};
constexpr Duration kTryAgain = 1s;

void set_now(google::protobuf::Timestamp& time) {
  time.set_seconds(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

}  // namespace

Registration::Registration(topo::Store& store, Request request, runtime::Event& changed)
    : store_(store), request_(std::move(request)), changed_(changed) {}

Task<void> Registration::run(runtime::Cancel& cancel) {
  std::string told;
  while (!cancel.requested()) {
    topo::LeaseKeeper lease(store_, request_.lease);
    Result<void> done = co_await lease.start();
    const bool leased = done.has_value();
    if (leased) done = co_await claim(lease.id());
    if (done) {
      lease_ = &lease;
      claimed_ = true;
      error_.reset();
      told.clear();
      changed_.set();
      kLog.info("tablet.registered", {{"alias", request_.place.alias.text()}, {"owner", request_.owner}});
      const bool lost = co_await lease.lost().wait(Time::max(), &cancel);
      if (lost) error_ = Error(topo::kLeaseLost, "the topology was not reached for the length of the lease");
    } else {
      error_ = std::move(done.error());
    }
    lease_ = nullptr;
    if (leased) co_await lease.stop();
    if (cancel.requested()) co_return;
    changed_.set();
    if (told != error_->text()) {
      told = error_->text();
      kLog.warning("tablet.not_registered", {{"alias", request_.place.alias.text()}, {"error", *error_}});
    }
    co_await runtime::sleep_for(kTryAgain, &cancel);
  }
}

Task<Result<void>> Registration::claim(topo::LeaseId lease) {
  const std::string key = topo::paths::tablet(request_.place.alias);
  Result<topo::Versioned<topo::v1::Tablet>> last = co_await topo::read_record<topo::v1::Tablet>(store_, key);
  if (!last && !last.error().is(topo::kNoNode) && !last.error().is(topo::kBadRecord)) {
    co_return failure(std::move(last.error()));
  }
  topo::v1::Tablet tablet;
  // What this server was told to be holds until it is told otherwise; another server's is not ours.
  if (last && last->record.owner() == request_.owner) tablet = std::move(last->record);
  tablet.set_alias(request_.place.alias.text());
  tablet.set_keyspace(request_.place.shard.keyspace);
  tablet.set_shard(request_.place.shard.shard);
  if (tablet.type() != topo::v1::primary)
    tablet.set_type(static_cast<topo::v1::TabletType>(request_.place.type));
  tablet.set_owner(request_.owner);
  topo::v1::TabletAddress& address = *tablet.mutable_address();
  address.set_host(request_.place.host);
  address.set_http_port(request_.http_port);
  address.set_mysql_port(request_.place.mysql.port);
  address.set_mysql_socket(request_.socket);
  topo::TopoServer server(store_);
  Result<void> done =
      co_await server.register_tablet(std::move(tablet), lease, static_cast<std::uint32_t>(::getpid()));
  if (!done) co_return done;
  const auto shard =
      co_await topo::read_record<topo::v1::Shard>(store_, topo::paths::shard(request_.place.shard));
  if (!shard) co_return failure(shard.error());
  epoch_at_claim_ = shard->record.epoch();
  co_return done;
}

/// Of this tablet's record, as long as it is ours; `change` returns false to leave it.
Task<Result<void>> Registration::edit(std::function<bool(topo::v1::Tablet&)> change) {
  const std::string owner = request_.owner;
  std::function<Result<bool>(topo::v1::Tablet&)> checked = [change = std::move(change),
                                                            owner](topo::v1::Tablet& tablet) -> Result<bool> {
    if (tablet.owner() != owner)
      return failure(topo::kAliasTaken, "the record of " + tablet.alias() + " is another's");
    return change(tablet);
  };
  const auto edited = co_await topo::edit_record<topo::v1::Tablet>(
      store_, topo::paths::tablet(request_.place.alias), std::move(checked));
  if (!edited) co_return failure(edited.error());
  co_return Result<void>();
}

Task<Result<void>> Registration::publish_type(topo::TabletType type) {
  return edit([type](topo::v1::Tablet& tablet) {
    const auto wanted = static_cast<topo::v1::TabletType>(type);
    if (tablet.type() == wanted) return false;
    tablet.set_type(wanted);
    tablet.clear_primary_since();
    if (wanted == topo::v1::primary) set_now(*tablet.mutable_primary_since());
    return true;
  });
}

Task<Result<void>> Registration::publish_acknowledging(bool acknowledges) {
  return edit([acknowledges](topo::v1::Tablet& tablet) {
    if (tablet.acknowledges() == acknowledges) return false;
    tablet.set_acknowledges(acknowledges);
    return true;
  });
}

Task<Result<void>> Registration::publish_version(std::string server_version) {
  return edit([server_version = std::move(server_version)](topo::v1::Tablet& tablet) {
    if (tablet.server_version() == server_version) return false;
    tablet.set_server_version(server_version);
    return true;
  });
}

}  // namespace kintsugi::tablet
