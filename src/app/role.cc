#include "app/role.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "admin/build_info.h"
#include "app/presence.h"
#include "app/process.h"
#include "base/log.h"
#include "base/options.h"
#include "cli/cli.h"
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

/// Addresses that listen everywhere are no place to connect to.
std::string reachable(runtime::Address address, const std::string& advertised) {
  char name[256] = {};
  const bool everywhere = address.host == "0.0.0.0" || address.host == "::";
  if (!advertised.empty()) {
    address.host = advertised;
  } else if (everywhere && ::gethostname(name, sizeof name - 1) == 0) {
    address.host = name;
  }
  return address.text();
}

Self self_of(const Role& role, const admin::About& about, const runtime::Address& http) {
  const runtime::Address* mysql = role.mysql_address();
  return {.role = about.role,
          .name = about.name,
          .cell = about.cell,
          .http_address = reachable(http, role.advertised_host()),
          .mysql_address = mysql == nullptr ? "" : reachable(*mysql, role.advertised_host()),
          .version = admin::build_info().version};
}

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
  Presence presence(process.store());
  process.status().async_section("Other processes", [&presence] { return presence.others(); });
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
  if (started) presence.start(self_of(role, about, *address));
  while (started) {
    const int signal = co_await signals.next();
    if (signal == SIGHUP) {
      reload(entry, configured, arguments, environment);
      continue;
    }
    kLog.info("process.stopping", {{"signal", signal}});
    break;
  }
  co_await presence.stop();
  co_await role.stop();
  co_await admin.stop();
  co_await process.http().stop();
  kLog.info("process.stopped");
  // While what its objects borrow is still there.
  configured.role.reset();
  co_return started;
}

std::string help_of(const RoleEntry& entry, const OptionTable& table) {
  std::string text = fmt::format("usage: kintsugi {0} [--option value]…\n\nThe role {0}: {1}.\n\n{2}",
                                 entry.word, entry.help, table.help_text());
  const std::string commands = cli::overview(entry.word);
  if (!commands.empty()) text += fmt::format("\nCommands about it (`kintsugi … --help`):\n{}", commands);
  return text;
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
    const std::string text = help_of(entry, configured.table);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (const Result<void> checked = configured.role->check(); !checked) return fail(checked.error(), 2);
  apply_log_options(configured.common);
  runtime::Loop loop;
  const Result<void> ended = loop.block_on(run(entry, configured, arguments, environment));
  if (ended) return 0;
  kLog.error("process.failed", {{"error", ended.error()}});
  return fail(ended.error(), 1);
}

std::vector<spec::Mistake> check_role_options(std::string_view word, const spec::Settings& options) {
  std::vector<spec::Mistake> mistakes;
  for (const RoleEntry& entry : roles()) {
    if (entry.word != word) continue;
    Configured configured(entry);
    for (const auto& [name, value] : options) {
      const Result<void> set = configured.table.set(name, value);
      if (!set) mistakes.push_back({name, set.error().message()});
    }
    for (const OptionValue& each : configured.table.values()) {
      // Nobody knows which folder a process will run in.
      if (each.type != "file" || each.value.empty() || each.value.starts_with('/')) continue;
      mistakes.push_back({each.name, fmt::format("'{}': expected a whole path, from / on", each.value)});
    }
    if (!mistakes.empty()) break;
    if (const Result<void> checked = configured.role->check(); !checked) {
      mistakes.push_back({"", checked.error().message()});
    }
  }
  return mistakes;
}

std::string configuration_page() {
  std::string page = R"(# Configuration

<!-- Made by `kintsugi docs` from the tables of options in the code: change those. -->

What each role of `kintsugi` can be told. An option has one name and comes from, a later one winning over an earlier one:

| from | written |
|---|---|
| a file, named by `--config` or `KINTSUGI_CONFIG` | YAML, one `idle_timeout: 1h` a line; a list as `[a, b]` |
| the environment | `KINTSUGI_IDLE_TIMEOUT=1h` |
| a flag | `--idle-timeout=1h` or `--idle_timeout 1h` |
| the cluster spec (`options` of gates and controls) | `idle_timeout: 1h`; it becomes a flag |

What is unknown or wrong ends the process at its start, with 2 and a message that names the option and what it may be;
`kintsugi local` says it before it starts or changes anything. `/debug/config` of a process shows what holds and where it is
from. SIGHUP makes a process read its file again: options that take effect while running are taken over, the others are named in
the log.

)";
  for (const RoleEntry& entry : roles()) {
    const Configured configured(entry);
    page += fmt::format("## kintsugi {}\n\n{}\n\n{}\n", entry.word, entry.help,
                        configured.table.reference_markdown());
  }
  return page;
}

}  // namespace kintsugi::app
