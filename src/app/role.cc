#include "app/role.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "admin/build_info.h"
#include "app/process.h"
#include "base/log.h"
#include "base/options.h"
#include "runtime/loop.h"
#include "runtime/signals.h"

namespace kintsugi::app {

namespace {

const Logger kLog{"app"};

/// A role with its table of options, filled or not.
struct Configured {
  explicit Configured(const RoleEntry& entry) : table(entry.word), role(entry.make()) {
    common.http_port = role->default_http_port();
    role->declare(table);
    declare(table, common);
  }
  OptionTable table;
  CommonOptions common;
  std::unique_ptr<Role> role;
};

/// Takes over what may change while the process runs, and says what may not.
void reload(const RoleEntry& entry, Configured& now, const std::vector<std::string>& arguments,
            const char* const* environment) {
  Configured fresh(entry);
  if (const Result<void> read = read_configuration(fresh.table, arguments, environment); !read) {
    kLog.error("configuration.not_reloaded", {{"error", read.error()}});
    return;
  }
  const OptionTable::Difference difference = now.table.difference(fresh.table);
  now.common.log_level = fresh.common.log_level;
  now.common.log_format = fresh.common.log_format;
  apply_log_options(now.common);
  for (const std::string& name : difference.need_restart) {
    kLog.warning("option.needs_restart", {{"option", name}});
  }
  kLog.info("configuration.reloaded", {{"changed", difference.reloadable.size()}});
}

Task<Result<void>> run(const RoleEntry& entry, Configured& configured,
                       const std::vector<std::string>& arguments, const char* const* environment) {
  runtime::Signals signals({SIGTERM, SIGINT, SIGHUP});
  Process process(configured.common);
  if (Result<void> made = process.make(); !made) co_return made;
  Role& role = *configured.role;
  if (Result<void> made = role.make(process); !made) co_return made;
  admin::AdminServer admin(process.http(), {.about = role.about(configured.common),
                                            .metrics = process.metrics(),
                                            .readiness = process.readiness(),
                                            .status = process.status(),
                                            .options = &configured.table});
  const Result<runtime::Address> address =
      process.http().start(runtime::Address::tcp(configured.common.http_host, configured.common.http_port));
  if (!address) co_return failure(address.error());
  process.set_http_address(*address);
  admin.start();
  const admin::About about = role.about(configured.common);
  kLog.info("process.started", {{"role", entry.word},
                                {"name", about.name},
                                {"version", admin::build_info().version},
                                {"revision", admin::build_info().revision},
                                {"http", address->text()}});
  const Result<void> started = co_await role.start(process);
  while (started) {
    const int signal = co_await signals.next();
    if (signal == SIGHUP) {
      reload(entry, configured, arguments, environment);
      continue;
    }
    kLog.info("process.stopping", {{"signal", signal}});
    break;
  }
  co_await role.stop();
  co_await admin.stop();
  co_await process.http().stop();
  kLog.info("process.stopped");
  // While what its objects borrow is still there.
  configured.role.reset();
  co_return started;
}

int fail(const Error& error, int exit_code) {
  const std::string text = error.text() + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  return exit_code;
}

}  // namespace

int run_role(const RoleEntry& entry, const std::vector<std::string>& arguments,
             const char* const* environment) {
  ::signal(SIGPIPE, SIG_IGN);
  Configured configured(entry);
  if (const Result<void> read = read_configuration(configured.table, arguments, environment); !read) {
    return fail(read.error(), 2);
  }
  if (configured.table.help_requested()) {
    const std::string text = configured.table.help_text();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  apply_log_options(configured.common);
  runtime::Loop loop;
  const Result<void> ended = loop.block_on(run(entry, configured, arguments, environment));
  if (ended) return 0;
  kLog.error("process.failed", {{"error", ended.error()}});
  return fail(ended.error(), 1);
}

std::string configuration_page() {
  std::string page;
  for (const RoleEntry& entry : roles()) {
    const Configured configured(entry);
    page += fmt::format("## kintsugi {}\n\n{}\n\n{}\n", entry.word, entry.help,
                        configured.table.reference_markdown());
  }
  return page;
}

}  // namespace kintsugi::app
