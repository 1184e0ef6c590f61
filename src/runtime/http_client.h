#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/address.h"
#include "runtime/http.h"
#include "runtime/tls.h"

namespace kintsugi::runtime {

/// Talks HTTP/1.1 to one server; keeps a few idle connections and opens more as calls overlap. Belongs to one
/// loop. Must outlive its calls.
class HttpClient {
 public:
  struct Options {
    std::optional<TlsContext> tls;
    std::size_t idle_connections_max = 4;
    std::size_t body_bytes_max = 64u << 20;  ///< a longer answer is an error (stream() has no bound in total)
  };
  HttpClient(Address server, Options options);
  explicit HttpClient(Address server) : HttpClient(std::move(server), Options{}) {}
  ~HttpClient();

  const Address& server() const;

  /// One request, the whole answer, whatever its status. Fails (kConnectFailed, kConnectionLost, kTimeout,
  /// kHttpMalformed) only when there is no answer; kCancelled when `cancel` (may be null) was requested. A
  /// GET or HEAD that met a connection which the server had just closed is sent once more on a new one;
  /// others are not, since the server may have acted on them.
  Task<Result<HttpResponse>> call(HttpRequest request, Time deadline, class Cancel* cancel = nullptr);

  /// An answer that goes on: `on_data` gets pieces as they come (chunked or not), any size. Returns when the
  /// server ends it, `cancel` is requested (kCancelled) or `on_data` returns false. `idle_timeout`: the
  /// longest silence; Duration::max(): none. A status other than 2xx is given back with its body, without
  /// calls to on_data.
  Task<Result<HttpResponse>> stream(HttpRequest request, std::function<bool(std::string_view)> on_data,
                                    Duration idle_timeout, class Cancel* cancel);
  /// The same for who cannot take pieces at once: nothing is read while `on_data` waits, so that the server
  /// is kept waiting too.
  Task<Result<HttpResponse>> stream_slowly(HttpRequest request,
                                           std::function<Task<bool>(std::string)> on_data,
                                           Duration idle_timeout, class Cancel* cancel);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::runtime
