#pragma once

#include <string>

#include "base/error.h"
#include "local/lock.h"
#include "local/state.h"

/// The pair of processes that keeps a cluster running: the supervisor, which starts and watches all others,
/// and the guardian, which does nothing but wait for the supervisor's end to start another one. The
/// supervisor does the same for the guardian, so that either may be killed at any time. Each holds a
/// FileLock, and the other's end shows in that lock being free.
namespace kintsugi::local {

/// Starts `program local supervise|guard --dir … --lock-fd 3` in a session of its own, with standard output
/// and error going to its log in the state folder. The lock goes over to it.
Result<void> start_guardian(const Layout& layout, const std::string& program, FileLock guardian_lock);
Result<void> start_supervisor(const Layout& layout, const std::string& program, FileLock supervisor_lock);

/// What the guardian does, until the state says that the cluster is to be down. Gives the exit code.
int run_guardian(const Layout& layout, const std::string& program, FileLock own);

/// This binary's path.
std::string own_program();

}  // namespace kintsugi::local
