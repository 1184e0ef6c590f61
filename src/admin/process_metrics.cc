#include "admin/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "admin/build_info.h"
#include "base/log.h"

namespace kintsugi::admin {
namespace {

constexpr MetricSpec kResident{"process_resident_memory_bytes", "Memory of this process that is in RAM.",
                               MetricUnit::bytes};
constexpr MetricSpec kVirtual{"process_virtual_memory_bytes", "Address space of this process.",
                              MetricUnit::bytes};
constexpr MetricSpec kCpu{"process_cpu_seconds_total", "CPU time that this process used.",
                          MetricUnit::seconds};
constexpr MetricSpec kOpenFds{"process_open_fds", "Open file descriptors."};
constexpr MetricSpec kMaxFds{"process_max_fds", "File descriptors that may be open."};
constexpr MetricSpec kThreads{"process_threads", "Threads of this process."};
constexpr MetricSpec kStart{"process_start_time_seconds", "When this process started, since 1970.",
                            MetricUnit::seconds};
constexpr MetricSpec kUptime{"kintsugi_uptime_seconds", "How long this process has been running.",
                             MetricUnit::seconds};
constexpr MetricSpec kWarnings{"kintsugi_log_warnings_total", "Lines of the log that are warnings."};
constexpr MetricSpec kErrors{"kintsugi_log_errors_total", "Lines of the log that are errors."};
constexpr MetricSpec kBuild{"kintsugi_build_info",
                            "Always 1; the labels say what this program was built from.",
                            MetricUnit::count,
                            {"version", "revision", "build_type", "compiler"}};

// A field of /proc/self/statm, in pages.
double memory_field(int field) {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  for (int i = 0; i <= field; ++i) statm >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double entries_of(const char* folder) {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    ++count;
  }
  return count;
}

double max_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Set before main() begins. The kernel's own record is of no use in a container whose clocks begin at zero.
const Time kStarted = Clock::now();

}  // namespace

Duration process_uptime() { return Clock::now() - kStarted; }
double resident_bytes() { return memory_field(1); }

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void add_process_metrics(Metrics& metrics) {
  metrics.observe(kResident, resident_bytes);
  metrics.observe(kVirtual, [] { return memory_field(0); });
  metrics.observe(kCpu, cpu_seconds);
  metrics.observe(kOpenFds, [] { return entries_of("/proc/self/fd") - 1; });  // less the one that looks
  metrics.observe(kMaxFds, max_descriptors);
  metrics.observe(kThreads, [] { return entries_of("/proc/self/task"); });
  const auto uptime = [] { return std::chrono::duration<double>(process_uptime()).count(); };
  metrics.observe(kUptime, uptime);
  metrics.observe(kStart, [start = seconds_since_1970() - uptime()] { return start; });
  metrics.observe(kWarnings, [] { return static_cast<double>(log_settings::lines(LogLevel::warning)); });
  metrics.observe(kErrors, [] { return static_cast<double>(log_settings::lines(LogLevel::error)); });
  const BuildInfo& build = build_info();
  metrics.gauges(kBuild).with({build.version, build.revision, build.build_type, build.compiler}).set(1);
}

}  // namespace kintsugi::admin
