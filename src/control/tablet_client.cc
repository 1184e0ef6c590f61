#include "control/tablet_client.h"

#include <fmt/format.h>

#include "control/errors.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "runtime/errors.h"
#include "runtime/http_client.h"

namespace kintsugi::control {
namespace {

bool means_silence(const Error& error) {
  return error.is(runtime::kConnectFailed) || error.is(runtime::kConnectionLost) ||
         error.is(runtime::kTimeout);
}

Task<Result<void>> call(std::string alias, runtime::Address address, std::string method, std::string body,
                        google::protobuf::Message* response, Duration timeout) {
  runtime::HttpClient http(address);
  rpc::Client rpc(http);
  Result<std::string> answer =
      co_await rpc.call_json(std::move(method), std::move(body), Clock::now() + timeout, nullptr);
  if (answer) co_return rpc::from_json(*answer, *response, rpc::UnknownFields::ignore);
  if (!means_silence(answer.error())) co_return failure(std::move(answer.error()));
  co_return failure(kTabletSilent, fmt::format("the agent of {} does not answer at {}: {}", alias,
                                               address.text(), answer.error().message()));
}

}  // namespace

Task<Result<void>> call_tablet(const topo::v1::Tablet& tablet, const char* method,
                               const google::protobuf::Message& request, google::protobuf::Message& response,
                               Duration timeout) {
  const auto& at = tablet.address();
  return call(tablet.alias(), runtime::Address::tcp(at.host(), static_cast<std::uint16_t>(at.http_port())),
              fmt::format("kintsugi.tablet.v1.Tablet/{}", method), rpc::to_json(request), &response, timeout);
}

}  // namespace kintsugi::control
