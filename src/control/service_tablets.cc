#include "control/convert.h"
#include "control/service.h"
#include "control/tablet_client.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/json.h"
#include "rpc/server.h"

namespace kintsugi::control {
namespace {

constexpr auto kStatusTimeout = std::chrono::seconds(5);

bool wanted(const TabletView& tablet, const v1::ListTabletsRequest& request) {
  return (request.keyspace().empty() || tablet.record.keyspace() == request.keyspace()) &&
         (request.shard().empty() || tablet.record.shard() == request.shard());
}

}  // namespace

void Service::add_tablet_methods(rpc::Server& server) {
  server.unary<v1::ListTabletsRequest, v1::ListTabletsResponse>(
      "kintsugi.control.v1.Control/ListTablets",
      [this](v1::ListTabletsRequest request) { return list_tablets(std::move(request)); });
  server.unary<v1::GetTabletRequest, v1::GetTabletResponse>(
      "kintsugi.control.v1.Control/GetTablet",
      [this](v1::GetTabletRequest request) { return get_tablet(std::move(request)); });
  server.unary<v1::PingTabletRequest, v1::PingTabletResponse>(
      "kintsugi.control.v1.Control/PingTablet",
      [this](v1::PingTabletRequest request) { return ping_tablet(std::move(request)); });
}

Task<Result<v1::ListTabletsResponse>> Service::list_tablets(v1::ListTabletsRequest request) {
  const Result<std::vector<TabletView>> tablets = co_await reader_.tablets(request.cell());
  if (!tablets) co_return failure(tablets.error());
  v1::ListTabletsResponse response;
  for (const TabletView& tablet : *tablets) {
    if (wanted(tablet, request)) fill(tablet, *response.add_tablets());
  }
  co_return response;
}

Task<Result<v1::GetTabletResponse>> Service::get_tablet(v1::GetTabletRequest request) {
  const Result<TabletView> tablet = co_await reader_.tablet(request.alias());
  if (!tablet) co_return failure(tablet.error());
  v1::GetTabletResponse response;
  fill(*tablet, *response.mutable_tablet());
  const tablet::v1::GetStatusRequest ask;
  tablet::v1::GetStatusResponse status;
  const Result<void> asked = co_await call_tablet(tablet->record, "GetStatus", ask, status, kStatusTimeout);
  if (!asked) {
    response.set_unreachable(asked.error().text());
    co_return response;
  }
  const Result<void> copied = rpc::from_json(rpc::to_json(status), *response.mutable_status());
  if (!copied) co_return failure(copied.error());
  co_return response;
}

Task<Result<v1::PingTabletResponse>> Service::ping_tablet(v1::PingTabletRequest request) {
  const Result<TabletView> tablet = co_await reader_.tablet(request.alias());
  if (!tablet) co_return failure(tablet.error());
  const tablet::v1::PingRequest ask;
  tablet::v1::PingResponse pong;
  const Time begin = Clock::now();
  const Result<void> asked = co_await call_tablet(tablet->record, "Ping", ask, pong, kStatusTimeout);
  if (!asked) co_return failure(asked.error());
  v1::PingTabletResponse response;
  response.set_milliseconds(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  response.set_serving(pong.mysqld_answers());
  co_return response;
}

}  // namespace kintsugi::control
