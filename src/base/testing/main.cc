// The main function of every unit test: as GoogleTest's own, but the log of a test is printed only if it
// fails. What is left of the output is then what went wrong.
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "base/log.h"

namespace kintsugi {
namespace {

/// Lines of the test that runs. Written under the log's lock, and by nobody while it is none's sink.
std::string lines;

void print_lines() {
  // By the call itself: a signal's handler comes here too.
  for (std::size_t written = 0; written < lines.size();) {
    const ssize_t more = ::write(STDERR_FILENO, lines.data() + written, lines.size() - written);
    if (more <= 0) break;
    written += static_cast<std::size_t>(more);
  }
}

void print_and_die(int signal) {
  print_lines();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class LogOfFailures : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override {
    log_settings::set_sink([](LogLevel, std::string_view line) { (lines += line) += '\n'; });
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    log_settings::set_sink(nullptr);
    if (test.result()->Failed()) print_lines();
    lines.clear();
  }
};

}  // namespace
}  // namespace kintsugi

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new kintsugi::LogOfFailures);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGTERM}) std::signal(signal, kintsugi::print_and_die);
  return RUN_ALL_TESTS();
}
