#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/service.h"
#include "control/testing/control_fixture.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "rpc/server.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"

namespace kintsugi::control::testing {

/// The API over HTTP. Its copy of the topology is never filled: an answer from that would be seen.
struct ServiceFixture : ControlFixture {
  ClusterState state{link};
  std::string leader = "a:1";
  Service service{link,
                  state,
                  {.cluster = "test",
                   .version = "1",
                   .leads = [this] { return !leader.empty(); },
                   .leader_address = [this] { return leader; }}};
  runtime::HttpServer http;
  rpc::Server server{http};
  std::unique_ptr<runtime::HttpClient> client;

  void start() {
    service.add_to(server);
    client = std::make_unique<runtime::HttpClient>(http.start(runtime::Address::tcp("127.0.0.1", 0)).value());
  }
  template <class Response>
  Task<Result<Response>> call(std::string method, const google::protobuf::Message& request) {
    // Turned into JSON before the first wait: the caller's message may be a temporary.
    std::string body = rpc::to_json(request);
    return call_json<Response>("kintsugi.control.v1.Control/" + std::move(method), std::move(body));
  }
  template <class Response>
  Task<Result<Response>> call_json(std::string method, std::string body) {
    link.calls.clear();
    rpc::Client calls(*client);
    const Result<std::string> answer =
        co_await calls.call_json(std::move(method), std::move(body), Clock::now() + 20s, nullptr);
    if (!answer) co_return failure(answer.error());
    Response response;
    expect(rpc::from_json(*answer, response));
    co_return response;
  }
  Task<Result<v1::GetKeyspaceResponse>> create_keyspace(std::string name, std::vector<std::string> shards) {
    v1::CreateKeyspaceRequest request;
    request.set_name(name);
    for (const std::string& shard : shards) request.add_shards(shard);
    return call<v1::GetKeyspaceResponse>("CreateKeyspace", request);
  }
  Task<Result<v1::ApplyVSchemaResponse>> apply_vschema(std::string json) {
    v1::ApplyVSchemaRequest request;
    request.set_keyspace("customer");
    request.set_vschema_json(json);
    return call<v1::ApplyVSchemaResponse>("ApplyVSchema", request);
  }
};

inline void run(Task<void> (*body)(ServiceFixture&)) {
  runtime::Loop loop;
  ServiceFixture fixture;
  auto whole = [](ServiceFixture& each, Task<void> (*test)(ServiceFixture&)) -> Task<void> {
    each.start();
    co_await test(each);
    co_await each.http.stop();
  };
  loop.block_on(whole(fixture, body));
}

}  // namespace kintsugi::control::testing
