#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace kintsugi::gate {

/// By which versions of the routing (Snapshot::version()) the statements of one loop write. What has changed
/// in a vschema holds for a gate once nothing that was planned before runs any more. On its loop; outlives
/// its holds.
class RoutingUse {
 public:
  /// That a statement which writes runs, by the routing that was current when this was taken.
  class Hold {
   public:
    Hold() = default;
    Hold(Hold&& other) noexcept : use_(std::exchange(other.use_, nullptr)), version_(other.version_) {}
    Hold& operator=(Hold&& other) noexcept {
      std::swap(use_, other.use_);
      std::swap(version_, other.version_);
      return *this;
    }
    ~Hold() {
      if (use_ != nullptr) use_->end(version_);
    }

   private:
    friend class RoutingUse;
    Hold(RoutingUse* use, std::uint64_t version) : use_(use), version_(version) {}
    RoutingUse* use_ = nullptr;
    std::uint64_t version_ = 0;
  };

  /// `oldest_changed` is told of oldest() whenever that is another.
  void follow(std::function<void(std::uint64_t)> oldest_changed) {
    oldest_changed_ = std::move(oldest_changed);
  }
  void set_current(std::uint64_t version) {
    if (!held_.empty() && held_.back().version == version) return;
    // The last one stays though nobody holds it, so that a statement after the other allocates nothing.
    held_.push_back({version, 0});
    forget();
  }
  /// The caller's plan is of the current routing.
  Hold hold() {
    if (held_.empty()) return {};
    ++held_.back().holds;
    return Hold(this, held_.back().version);
  }
  /// The lowest version that somebody holds, or the current one; 0: none was set.
  std::uint64_t oldest() const { return held_.empty() ? 0 : held_.front().version; }

 private:
  struct Version {
    std::uint64_t version = 0;
    std::uint32_t holds = 0;
  };

  void end(std::uint64_t version) {
    --std::ranges::find(held_, version, &Version::version)->holds;
    forget();
  }
  void forget() {
    const std::uint64_t before = told_;
    while (held_.size() > 1 && held_.front().holds == 0) held_.erase(held_.begin());
    told_ = oldest();
    if (told_ != before && oldest_changed_) oldest_changed_(told_);
  }

  std::vector<Version> held_;  // in the order of versions; the last is the current one
  std::uint64_t told_ = 0;
  std::function<void(std::uint64_t)> oldest_changed_;
};

}  // namespace kintsugi::gate
