#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "local/state.h"

/// What the supervisor is asked over the HTTP of its unix socket, as JSON:
///
///     GET  /status   → ClusterStatus
///     POST /apply    ApplyRequest → lines of ProgressEvent, the last with state "done" or "failed"
///     POST /down     → lines of ProgressEvent, likewise; the supervisor ends after it
namespace kintsugi::local {

struct ApplyRequest {
  SpecSource spec;
  bool allow_data_loss = false;
};

/// Something that happened on the way to what was asked for.
struct ProgressEvent {
  std::string state;    ///< "started", "ready", "note", at last "done" or "failed"
  std::string subject;  ///< a process or a step; empty at the end
  std::string text;
  std::int64_t elapsed_ms = 0;  ///< since the request
  std::string error;            ///< of "failed": as rpc::error_to_json() writes it
};

struct ProcessStatus {
  std::string name;
  std::string kind;
  /// "starting": runs, not ready. "ready". "restarting": ended, waits to be started again. "stopped".
  std::string state;
  pid_t pid = 0;
  int restarts = 0;
  std::int64_t uptime_s = 0;
  std::string host;
  std::map<std::string, std::uint16_t> ports;  ///< by what they are for: "http", "mysql", "client", "peer"
  std::string detail;                          ///< why it is not ready, how it ended last
  std::string log;
};

struct SupervisorStatus {
  pid_t pid = 0;  ///< 0: none runs
};

struct ClusterStatus {
  std::string cluster;
  std::string dir;
  std::string state;  ///< "ready", "starting", "down"
  SupervisorStatus supervisor;
  std::vector<ProcessStatus> processes;
  std::vector<std::string> notes;
};

}  // namespace kintsugi::local
