#include "base/fault_point.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace kintsugi {

void fault_point(const char* name) {
  static const char* const folder = std::getenv("KINTSUGI_FAULTS");
  if (folder == nullptr) return;
  const std::string file = std::string(folder) + '/' + name;
  if (::unlink(file.c_str()) == 0) ::kill(::getpid(), SIGKILL);
  // To this thread, which does not go on then: sent to the process, another may take it a moment later.
  if (::unlink((file + ".stop").c_str()) == 0) ::raise(SIGSTOP);
}

}  // namespace kintsugi
