#include "topo/etcd_store.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/address.h"
#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "runtime/http_client.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/detail/etcd_login.h"
#include "topo/detail/etcd_messages.h"

namespace kintsugi::topo {
namespace {

const Logger kLog("topo");

constexpr Duration kRetryPauseMin = std::chrono::milliseconds(100);
constexpr Duration kRetryPauseMax = std::chrono::seconds(2);

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

runtime::HttpRequest post(std::string path, std::string body, const std::string& token) {
  runtime::HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.headers["Content-Type"] = "application/json";
  if (!token.empty()) request.headers["Authorization"] = token;
  request.body = std::move(body);
  return request;
}

}  // namespace

struct EtcdStore::Endpoint {
  std::string url;
  runtime::HttpClient client;
};

// One watch's progress. `next` is the first revision whose changes were not told; 0: a snapshot is due.
struct EtcdStore::WatchState {
  std::string prefix;
  WatchObserver& observer;
  Revision next = 0;
  bool lost = false;
  bool progressed = false;  // this connection told something
  bool denied = false;      // with the token of this connection
  std::string line;         // the beginning of the next message
  std::optional<Error> error;

  void fail(Error why) {
    if (!error) error = std::move(why);
  }
  void tell_lost(const Error& why) {
    if (lost) return;
    lost = true;
    kLog.warning("watch.lost", {{"prefix", prefix}, {"error", why}});
    observer.on_lost(why);
  }
  bool take(std::string_view data, const std::string& root);
  bool take_line(const std::string& root);
};

Result<std::unique_ptr<EtcdStore>> EtcdStore::make(Options options) {
  if (options.endpoints.empty()) return failure(kInvalidArgument, "no etcd endpoint is given");
  if (!options.root.ends_with('/')) options.root += '/';
  std::unique_ptr<EtcdStore> store(new EtcdStore(options));
  for (const std::string& url : options.endpoints) {
    std::string_view rest = url;
    const bool tls = rest.starts_with("https://");
    if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos)
      rest.remove_prefix(scheme + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const bool other_scheme = url.find("://") != std::string::npos && !tls && !url.starts_with("http://");
    Result<runtime::Address> address = runtime::Address::parse(rest);
    if (!address || other_scheme) {
      return failure(kInvalidArgument, fmt::format("'{}' is no etcd endpoint: write http://host:2379", url));
    }
    runtime::HttpClient::Options http;
    if (tls) {
      if (!options.tls)
        return failure(kInvalidArgument, fmt::format("no TLS is set up for the etcd endpoint {}", url));
      http.tls = options.tls;
    }
    store->endpoints_.push_back(std::unique_ptr<Endpoint>(
        new Endpoint{url, runtime::HttpClient(*std::move(address), std::move(http))}));
  }
  return store;
}

EtcdStore::EtcdStore(Options options)
    : options_(std::move(options)), login_(std::make_unique<etcd::Login>(options_.account)) {}
EtcdStore::~EtcdStore() = default;

std::string EtcdStore::description() const {
  return fmt::format("etcd {}", fmt::join(options_.endpoints, ","));
}

// The body of a 2xx answer. kStoreUnavailable, runtime::kTimeout and what HttpClient fails with besides:
// another endpoint may do; runtime::kConnectFailed: and nothing of the call was begun.
Task<Result<std::string>> EtcdStore::send_to(Endpoint& endpoint, std::string path, std::string body,
                                             Time deadline, runtime::Cancel* cancel) {
  for (bool again = false;; again = true) {
    const Result<std::string> token = co_await login_->token(endpoint.client, deadline, cancel);
    if (!token) co_return failure(token.error());
    Result<runtime::HttpResponse> response =
        co_await endpoint.client.call(post(path, body, *token), deadline, cancel);
    if (!response) co_return failure(response.error());
    if (response->status / 100 == 2) co_return std::move(response->body);
    const etcd::Refusal refusal = etcd::parse_refusal(response->status, response->body);
    // It was refused before anything of it was begun.
    if (refusal.wants_token() && login_->refused(*token) && !again) continue;
    const std::string message = fmt::format("{}: {}", endpoint.url, refusal.message);
    if (refusal.denied()) co_return failure(kStoreDenied, message);
    if (refusal.lease_not_found()) co_return failure(kLeaseLost, message);
    if (refusal.not_begun()) co_return failure(runtime::kConnectFailed, message);
    if (refusal.unavailable()) co_return failure(kStoreUnavailable, message);
    co_return failure(kStoreRefused, message);
  }
}

Task<Result<std::string>> EtcdStore::send(std::string path, std::string body, bool repeatable, Call call) {
  const Duration timeout = call.timeout > Duration::zero() ? call.timeout : options_.call_timeout;
  const Time deadline = Clock::now() + timeout;
  const std::size_t count = endpoints_.size();
  const std::size_t first = preferred_;
  std::string tried;
  bool only_timeouts = true;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t index = (first + i) % count;
    const Time now = Clock::now();
    const Time share = now + (deadline - now) / static_cast<int>(count - i);
    Result<std::string> answer = co_await send_to(*endpoints_[index], path, body, share, call.cancel);
    if (answer) {
      preferred_ = index;
      co_return answer;
    }
    const Error& error = answer.error();
    if (error.is(runtime::kCancelled) || error.is(kStoreRefused) || error.is(kStoreDenied) ||
        error.is(kLeaseLost))
      co_return failure(error);
    only_timeouts = only_timeouts && error.is(runtime::kTimeout);
    tried += fmt::format("{}{}", tried.empty() ? "" : "; ", error.message());
    const bool begun = !error.is(runtime::kConnectFailed);
    preferred_ = (index + 1) % count;
    if (begun && !repeatable) {
      tried += " (the write may have been carried out)";
      break;
    }
  }
  if (only_timeouts) {
    co_return failure(kTimeout, fmt::format("etcd did not answer within {} s ({})", seconds(timeout), tried));
  }
  co_return failure(kStoreUnavailable, fmt::format("etcd cannot be reached ({})", tried));
}

Task<Result<Node>> EtcdStore::get(std::string key, Call call) {
  Result<std::string> body =
      co_await send("/v3/kv/range", etcd::range_request(options_.root, key, false, false), true, call);
  if (!body) co_return failure(body.error());
  Result<etcd::RangeReply> reply = etcd::parse_range(*body, options_.root);
  if (!reply) co_return failure(reply.error());
  if (reply->nodes.empty()) co_return failure(kNoNode, fmt::format("there is no record {}", key));
  co_return std::move(reply->nodes[0]);
}

Task<Result<std::vector<Node>>> EtcdStore::list(std::string prefix, bool keys_only, Call call) {
  Result<std::string> body =
      co_await send("/v3/kv/range", etcd::range_request(options_.root, prefix, true, keys_only), true, call);
  if (!body) co_return failure(body.error());
  Result<etcd::RangeReply> reply = etcd::parse_range(*body, options_.root);
  if (!reply) co_return failure(reply.error());
  co_return std::move(reply->nodes);
}

Task<Result<TransactionResult>> EtcdStore::commit(Transaction transaction, Call call) {
  Result<std::string> body =
      co_await send("/v3/kv/txn", etcd::transaction_request(options_.root, transaction), false, call);
  if (!body) co_return failure(body.error());
  co_return etcd::parse_transaction(*body, options_.root);
}

Task<Result<LeaseId>> EtcdStore::grant_lease(Duration ttl, Call call) {
  const auto ttl_s = std::chrono::ceil<std::chrono::seconds>(ttl).count();
  // One that nobody learns of ends by itself, so granting can be repeated.
  Result<std::string> body = co_await send("/v3/lease/grant", etcd::grant_request(ttl_s), true, call);
  if (!body) co_return failure(body.error());
  co_return etcd::parse_grant(*body);
}

Task<Result<void>> EtcdStore::keep_alive(LeaseId lease, Call call) {
  Result<std::string> body = co_await send("/v3/lease/keepalive", etcd::lease_request(lease), true, call);
  if (!body) co_return failure(body.error());
  Result<bool> alive = etcd::parse_keep_alive(*body);
  if (!alive) co_return failure(alive.error());
  if (!*alive) co_return failure(kLeaseLost, fmt::format("lease {:x} has ended", lease));
  co_return Result<void>();
}

Task<Result<void>> EtcdStore::revoke_lease(LeaseId lease, Call call) {
  Result<std::string> body = co_await send("/v3/lease/revoke", etcd::lease_request(lease), true, call);
  if (!body && !body.error().is(kLeaseLost)) co_return failure(body.error());
  co_return Result<void>();
}

Task<void> EtcdStore::watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) {
  WatchState state{.prefix = prefix, .observer = observer};
  Duration pause = kRetryPauseMin;
  while (!cancel->requested()) {
    state.error.reset();
    state.progressed = false;
    state.line.clear();
    if (state.next == 0) {
      Result<std::string> body = co_await send(
          "/v3/kv/range", etcd::range_request(options_.root, prefix, true, false), true, {.cancel = cancel});
      Result<etcd::RangeReply> reply =
          body ? etcd::parse_range(*body, options_.root) : Result<etcd::RangeReply>(failure(body.error()));
      if (reply) {
        state.next = reply->revision + 1;
        state.lost = false;
        observer.on_snapshot(std::move(reply->nodes), reply->revision);
      } else {
        state.fail(reply.error());
      }
    }
    if (state.next != 0) {
      Endpoint& endpoint = *endpoints_[preferred_];
      co_await follow(endpoint, state, cancel);
    }
    if (cancel->requested()) break;
    if (state.progressed) {
      pause = kRetryPauseMin;
    } else if (state.error) {
      state.tell_lost(*state.error);
      preferred_ = (preferred_ + 1) % endpoints_.size();
    }
    co_await runtime::sleep_for(pause, cancel);
    pause = std::min(pause * 2, kRetryPauseMax);
  }
}

// Follows one endpoint's stream until it ends, for whatever reason.
Task<void> EtcdStore::follow(Endpoint& endpoint, WatchState& state, runtime::Cancel* cancel) {
  runtime::Cancel stop;
  const runtime::Cancel::Callback forward(cancel, [&stop] { stop.request(); });
  runtime::TaskGroup probes;
  probes.spawn(probe(endpoint, state, &stop));

  const Result<void> ended = co_await stream(endpoint, state, &stop);
  state.fail(ended ? Error(kStoreUnavailable, fmt::format("{} ended the watch", endpoint.url))
                   : ended.error());
  stop.request();
  co_await probes.join();
}

Task<Result<void>> EtcdStore::stream(Endpoint& endpoint, WatchState& state, runtime::Cancel* stop) {
  const Time deadline = Clock::now() + options_.call_timeout;
  const Result<std::string> token = co_await login_->token(endpoint.client, deadline, stop);
  if (!token) co_return failure(token.error());
  runtime::HttpRequest request =
      post("/v3/watch", etcd::watch_request(options_.root, state.prefix, state.next), *token);
  state.denied = false;
  const Result<runtime::HttpResponse> response = co_await endpoint.client.stream(
      std::move(request), [this, &state](std::string_view data) { return state.take(data, options_.root); },
      Duration::max(), stop);
  if (!response) co_return failure(kStoreUnavailable, response.error().message());
  if (state.denied) login_->refused(*token);
  if (response->status / 100 == 2) co_return Result<void>();
  const etcd::Refusal refusal = etcd::parse_refusal(response->status, response->body);
  if (refusal.wants_token()) login_->refused(*token);
  co_return failure(refusal.denied() ? kStoreDenied : kStoreUnavailable,
                    fmt::format("{}: {}", endpoint.url, refusal.message));
}

// A member that hangs, or that the rest of the cluster cannot be reached from, keeps its streams open and
// silent; a read that asks the leader tells.
Task<void> EtcdStore::probe(Endpoint& endpoint, WatchState& state, runtime::Cancel* stop) {
  while (co_await runtime::sleep_for(options_.probe_interval, stop)) {
    Result<std::string> answer =
        co_await send_to(endpoint, "/v3/kv/range", etcd::range_request(options_.root, "probe", false, true),
                         Clock::now() + options_.call_timeout, stop);
    if (stop->requested()) break;
    if (answer) continue;
    state.progressed = false;
    state.fail(Error(kStoreUnavailable, answer.error().message()));
    stop->request();
  }
}

// Messages are lines of JSON. False: enough.
bool EtcdStore::WatchState::take(std::string_view data, const std::string& root) {
  while (!data.empty()) {
    const std::size_t newline = data.find('\n');
    line += data.substr(0, newline);
    if (newline == std::string_view::npos) return true;
    data.remove_prefix(newline + 1);
    if (!line.empty() && !take_line(root)) return false;
    line.clear();
  }
  return true;
}

bool EtcdStore::WatchState::take_line(const std::string& root) {
  Result<etcd::WatchReply> reply = etcd::parse_watch(line, root);
  if (!reply) {
    fail(reply.error());
    return false;
  }
  if (reply->compacted != 0) {
    next = 0;
    progressed = true;
    return false;
  }
  if (reply->cancelled) {
    denied = reply->denied();
    fail(Error(denied ? kStoreDenied : kStoreUnavailable,
               fmt::format("etcd cancelled the watch: {}", reply->reason)));
    return false;
  }
  progressed = true;
  const bool back = lost;
  lost = false;
  if (reply->events.empty()) {
    if (back) observer.on_changes({}, next - 1);
    return true;
  }
  const Revision last = reply->events.back().node.revision;
  next = last + 1;
  observer.on_changes(std::move(reply->events), last);
  return true;
}

}  // namespace kintsugi::topo
