#pragma once

#include <memory>
#include <string>
#include <vector>

#include "admin/admin_server.h"
#include "base/error.h"
#include "base/task.h"
#include "spec/parse.h"

namespace kintsugi {
class OptionTable;
}
namespace kintsugi::runtime {
struct Address;
}

namespace kintsugi::app {

class Process;
struct CommonOptions;

/// One of the things that the program can be. All calls on the main loop, in this order: declare, check,
/// about, make, start, stop. What it makes it owns until stop() has returned.
class Role {
 public:
  virtual ~Role() = default;
  /// Its options, beside those of every role. Fields belong to the role.
  virtual void declare(OptionTable& table) = 0;
  virtual admin::About about(const CommonOptions& common) const = 0;
  /// What is wrong with its options together, though each is right by itself: files that cannot be read, two
  /// that exclude one another. kBadOption and what reading them fails with.
  virtual Result<void> check() const { return {}; }
  /// Under which host others reach it; empty: the one that HTTP is served at.
  virtual std::string advertised_host() const { return ""; }
  /// Where it speaks MySQL; null before it has started, and if it does not.
  virtual const runtime::Address* mysql_address() const { return nullptr; }
  /// Where HTTP is served if nobody says.
  virtual std::uint16_t default_http_port() const { return 0; }
  /// Makes its objects; they add their routes and pages. Waits for nothing.
  virtual Result<void> make(Process& process) = 0;
  /// Begins to work, while HTTP answers already.
  virtual Task<Result<void>> start(Process& process) = 0;
  /// Ends gently: what is under way is finished or told. Also called after a start() that failed.
  virtual Task<void> stop() = 0;
};

struct RoleEntry {
  const char* word;
  const char* help;
  std::unique_ptr<Role> (*make)();
};
/// The roles of this program.
const std::vector<RoleEntry>& roles();

/// Runs a role until it is told to stop. Gives the exit code: 0, 1 if it could not start, 2 for wrong
/// options.
int run_role(const RoleEntry& entry, const std::vector<std::string>& arguments,
             const char* const* environment);

/// What the role `word` would refuse of these options, given as flags: the name of one and what is wrong with
/// it, or an empty name and what is wrong with them together.
std::vector<spec::Mistake> check_role_options(std::string_view word, const spec::Settings& options);

/// docs/configuration.md: the options of every role.
std::string configuration_page();

}  // namespace kintsugi::app
