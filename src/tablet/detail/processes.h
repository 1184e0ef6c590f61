#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kintsugi::tablet {

/// The processes that were started with this argument, word for word, by whomever; this one is not among
/// them.
std::vector<pid_t> processes_with_argument(const std::string& argument);

/// Whether each thread that the process still has waits in the kernel for something that no signal ends: a
/// disk. One that was sent SIGKILL runs no instruction of its own any more then. False where there is no such
/// process.
bool waits_in_kernel(pid_t pid);

/// What to start for a program that comes with a server: its path beside the server's if it is there, else
/// its name.
std::string find_beside(const std::string& server_program, const std::string& name);

}  // namespace kintsugi::tablet
