#include "local/unit.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::local {

namespace {

const Logger kLog{"local"};

constexpr Duration kPauseMin = 50ms;
constexpr Duration kPauseMax = 10s;
constexpr Duration kLongEnough = 10s;  ///< a process that ran so long did not fail at once
constexpr Duration kAskSoon = 50ms;
constexpr Duration kAskLater = 1s;
constexpr Duration kAnswerMax = 2s;

Duration grace(ProcessKind kind) {
  // An agent waits for another primary, and then for its server, which writes its pages first.
  return kind == ProcessKind::tablet ? Duration(75s) : Duration(10s);
}

}  // namespace

Unit::Unit(ProcessPlan plan, std::function<void(const Unit&)> on_started)
    : plan_(std::move(plan)), on_started_(std::move(on_started)) {}

void Unit::run(std::optional<runtime::Process> running) {
  process_ = std::move(running);
  started_at_ = Clock::now();
  tasks_.spawn(keep_running());
  tasks_.spawn(keep_asking());
}

Task<void> Unit::stop() {
  tasks_.cancel().request();
  co_await tasks_.join();
  ready_.reset();
  if (!process_) co_return;
  kLog.info("process.stop", {{"process", plan_.name}, {"pid", process_->pid()}});
  const runtime::ExitStatus ended = co_await process_->stop(grace(plan_.kind));
  last_end_ = ended.text();
  process_.reset();
}

Task<bool> Unit::wait_ready(Time deadline, runtime::Cancel* cancel) { return ready_.wait(deadline, cancel); }

void Unit::start_process() {
  started_at_ = Clock::now();
  for (const ConfigFile& file : plan_.files) {
    if (const Result<void> written = write_file(file.path, file.content); !written) {
      last_end_ = written.error().message();
      kLog.error("process.start_failed", {{"process", plan_.name}, {"error", written.error()}});
      return;
    }
  }
  runtime::ProcessSpec spec;
  spec.command = plan_.command;
  spec.environment = plan_.environment;
  spec.output_file = plan_.output_file;
  // They outlive a supervisor that is killed; the next one takes them over.
  spec.die_with_parent = false;
  Result<runtime::Process> started = runtime::Process::start(std::move(spec));
  if (!started) {
    last_end_ = started.error().message();
    kLog.error("process.start_failed", {{"process", plan_.name}, {"error", started.error()}});
    return;
  }
  process_ = std::move(*started);
  kLog.info("process.started", {{"process", plan_.name}, {"pid", process_->pid()}});
  on_started_(*this);
}

Task<void> Unit::keep_running() {
  runtime::Cancel& cancel = tasks_.cancel();
  Duration pause = kPauseMin;
  while (!stopping()) {
    if (!process_) start_process();
    if (process_) {
      const bool ended = co_await process_->wait_until(Time::max(), &cancel);
      if (!ended) co_return;
      const runtime::ExitStatus status = co_await process_->wait();
      last_end_ = status.text();
      kLog.warning("process.ended", {{"process", plan_.name}, {"pid", process_->pid()}, {"how", last_end_}});
      process_.reset();
      ready_.reset();
      ask_now_.set();
    }
    ++restarts_;
    if (Clock::now() - started_at_ > kLongEnough) pause = kPauseMin;
    co_await runtime::sleep_for(pause, &cancel);
    pause = std::min(pause * 2, kPauseMax);
  }
}

Task<void> Unit::keep_asking() {
  runtime::Cancel& cancel = tasks_.cancel();
  runtime::HttpClient client(plan_.http);
  while (!stopping()) {
    runtime::HttpRequest request;
    request.path = plan_.ready_path;
    const Result<runtime::HttpResponse> answer =
        co_await client.call(std::move(request), Clock::now() + kAnswerMax);
    if (answer && answer->status == 200 && process_) {
      if (!ready_.is_set()) kLog.info("process.ready", {{"process", plan_.name}});
      ready_.set();
    } else {
      if (ready_.is_set() && process_) kLog.warning("process.not_ready", {{"process", plan_.name}});
      ready_.reset();
      not_ready_because_ = answer ? answer->body.substr(0, 400) : answer.error().message();
      while (not_ready_because_.ends_with('\n')) not_ready_because_.pop_back();
    }
    ask_now_.reset();
    co_await ask_now_.wait(Clock::now() + (ready_.is_set() ? kAskLater : kAskSoon), &cancel);
  }
}

ProcessStatus Unit::status() const {
  ProcessStatus out;
  out.name = plan_.name;
  out.kind = name(plan_.kind);
  out.pid = pid();
  out.restarts = restarts_;
  out.host = plan_.http.host;
  for (const PlannedPort& port : plan_.ports) out.ports[port.kind] = port.port;
  out.log = plan_.output_file;
  if (ready()) {
    out.state = "ready";
  } else if (process_) {
    out.state = "starting";
    out.detail = not_ready_because_;
  } else {
    out.state = "restarting";
    out.detail = last_end_;
  }
  if (process_) {
    out.uptime_s = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - started_at_).count();
  }
  return out;
}

}  // namespace kintsugi::local
