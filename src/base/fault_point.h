#pragma once

namespace kintsugi {

/// A place where tests let the process die: if the environment variable KINTSUGI_FAULTS names a folder that
/// has a file of this name, the file is removed and the process ended at once, as by kill -9. If it has one
/// of this name and ".stop", the process hangs there until it gets SIGCONT. Without the variable it costs a
/// comparison. Any thread.
void fault_point(const char* name);

}  // namespace kintsugi
