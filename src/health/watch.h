#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "runtime/address.h"
#include "runtime/task_group.h"

namespace kintsugi::health {

/// Who is told what tablets say. Called on the watch's loop; must not wait, nor call the watch.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A word of a tablet: one at each change and at least one a second while it is heard.
  virtual void on_health(const std::string& alias, tablet::v1::Health health) = 0;
  /// A tablet that was heard is not heard any more; it is tried again and again. What it said last may be out
  /// of date.
  virtual void on_silence(const std::string& alias) = 0;
  /// A tablet that was heard is not followed any more, or at another address from now on: what it said says
  /// nothing now.
  virtual void on_forgotten(const std::string& alias) = 0;
};

/// Listens to the health of tablets, one stream each, and connects again when one ends or is silent. A tablet
/// that is not heard is logged once for each time that it falls silent. On one loop; must be stopped before
/// it is destroyed if it ever followed a tablet.
class Watch {
 public:
  struct Options {
    Duration silence_max = std::chrono::seconds(5);  ///< a tablet speaks once a second
    Duration retry_min = std::chrono::milliseconds(100);
    Duration retry_max = std::chrono::seconds(2);
  };
  Watch(Observer& observer, Options options) : observer_(observer), options_(options) {}
  explicit Watch(Observer& observer) : Watch(observer, Options()) {}
  ~Watch();

  /// Listens to these (alias → where the agent serves HTTP) from now on, and to no others.
  void follow(const std::map<std::string, runtime::Address>& tablets);
  /// Tells the observer nothing from its call on.
  Task<void> stop();

 private:
  struct Listener;
  Task<void> listen(std::shared_ptr<Listener> listener);
  bool take(Listener& listener, tablet::v1::Health health);
  void note_silence(Listener& listener, const std::string& why);

  Observer& observer_;
  Options options_;
  std::map<std::string, std::shared_ptr<Listener>> listeners_;
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::health
