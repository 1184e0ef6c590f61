#include "runtime/offload.h"

#include <coroutine>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "runtime/loop.h"

namespace kintsugi::runtime {
namespace {

constexpr int kThreads = 4;

struct OffloadAwaiter {
  std::function<void()>& work;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    // Threads start with the first use and end with the process.
    static boost::asio::thread_pool pool(kThreads);
    Loop& home = Loop::current();
    boost::asio::post(pool, [this, &home, self] {
      work();
      home.post(self);
    });
  }
  void await_resume() const noexcept {}
};

}  // namespace

Task<void> offload(std::function<void()>& work) {
  const OffloadAwaiter awaiter{work};
  co_await OffloadAwaiter(awaiter);
}

}  // namespace kintsugi::runtime
