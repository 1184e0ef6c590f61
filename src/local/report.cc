#include "local/report.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace kintsugi::local {

namespace {

std::string duration_text(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return seconds < 172800 ? fmt::format("{} h", seconds / 3600) : fmt::format("{} d", seconds / 86400);
}

std::string addresses(const ProcessStatus& process) {
  std::string out;
  for (const auto& [kind, port] : process.ports)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", kind, port);
  return out;
}

/// What a client on this machine connects to.
std::string reachable(const std::string& host) {
  return host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host;
}

}  // namespace

void print_progress(const ProgressEvent& event) {
  std::string line;
  if (event.state == "note") {
    line = "note: " + event.text;
  } else if (event.state == "done") {
    line = fmt::format("{:6.1f} s  done", static_cast<double>(event.elapsed_ms) / 1000);
  } else {
    line = fmt::format("{:6.1f} s  {} {}{}", static_cast<double>(event.elapsed_ms) / 1000, event.subject,
                       event.state, event.text.empty() ? "" : " " + event.text);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

std::string status_text(const ClusterStatus& status) {
  std::string out = fmt::format("cluster {} is {} ({})\n", status.cluster, status.state, status.dir);
  std::size_t width = 8;
  for (const ProcessStatus& each : status.processes) width = std::max(width, each.name.size());
  if (!status.processes.empty()) {
    out += fmt::format("\n{:<{}}  {:<10}  {:>7}  {:>7}  {:>8}  {}\n", "process", width, "state", "pid",
                       "uptime", "restarts", "ports");
  }
  for (const ProcessStatus& each : status.processes) {
    out += fmt::format("{:<{}}  {:<10}  {:>7}  {:>7}  {:>8}  {}\n", each.name, width, each.state, each.pid,
                       each.pid == 0 ? "" : duration_text(each.uptime_s), each.restarts, addresses(each));
    if (each.state == "ready" || each.detail.empty()) continue;
    out += fmt::format("{:<{}}  {} (log: {})\n", "", width, each.detail, each.log);
  }
  for (const std::string& note : status.notes) out += fmt::format("note: {}\n", note);
  return out;
}

std::string how_to_connect(const ClusterStatus& status, const spec::Cluster& cluster, const Layout& layout) {
  std::string out = fmt::format("cluster {} is {}\n", status.cluster, status.state);
  for (const ProcessStatus& each : status.processes) {
    if (each.kind == "gate") {
      const std::string users = cluster.users.given() ? cluster.users.file : layout.users_file();
      out += fmt::format("  MySQL clients:  mariadb -h {} -P {} -u <user> -p{}\n", reachable(each.host),
                         each.ports.at("mysql"), users.empty() ? "" : "   (users: " + users + ")");
    }
    if (each.kind == "gate" || each.kind == "control") {
      out += fmt::format("  {:<15} http://{}:{}/debug/status\n", each.name + ':', reachable(each.host),
                         each.ports.at("http"));
    }
  }
  return out;
}

}  // namespace kintsugi::local
