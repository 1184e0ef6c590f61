#pragma once

#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace kintsugi {

/// An option of a process is unknown, missing, or has a value that it cannot have.
inline constexpr ErrorCode kBadOption{1006, "bad_option", 1105, "HY000", "`--help` lists the options"};

/// Where the value of an option comes from; a later one wins over an earlier one.
enum class OptionOrigin { built_in, file, environment, flag };
std::string_view name(OptionOrigin origin);  ///< "default", "file", "environment", "flag"

/// One option: its name, what it may be, and how it is told to its field. Made by OptionTable only.
class Option {
 public:
  /// Its value is shown nowhere.
  Option& secret();
  /// A changed value takes effect while the process runs; of the others the process says that it must be
  /// started again.
  Option& reloadable();
  /// There is no usable default: OptionTable::check() fails if nobody gives a value.
  Option& required();
  /// Asked after the type was found right; its error's message says what is expected.
  Option& valid_if(std::function<Result<void>(std::string_view text)> valid);

 private:
  friend class OptionTable;
  std::string name_;  // snake_case
  std::string section_;
  std::string type_;     // "integer", "duration", …, for people
  std::string expects_;  // "a whole number from 1 to 65535"
  std::string unit_;
  std::string help_;
  std::string default_;
  bool is_flag_ = false;
  bool secret_ = false;
  bool reloadable_ = false;
  bool required_ = false;
  OptionOrigin origin_ = OptionOrigin::built_in;
  std::function<bool(std::string_view)> set_;  // false: not of the type, or out of range
  std::function<std::string()> get_;
  std::function<Result<void>(std::string_view)> valid_;
};

/// What an option is now, for pages and logs.
struct OptionValue {
  std::string name;
  std::string section;
  std::string type;
  std::string value;  ///< "********" for a secret that is set
  std::string default_value;
  std::string help;
  std::string environment;  ///< KINTSUGI_MYSQL_PORT
  OptionOrigin origin;
  bool secret;
  bool reloadable;
};

/// The options of one role, declared once: from this table come the fields' values, the flags, the keys of
/// the configuration file, the names in the environment, `--help` and the reference page.
///
///     struct GateOptions {
///       std::uint16_t mysql_port = 15306;
///       Duration drain = 10s;
///     };
///     void declare(OptionTable& table, GateOptions& options) {
///       table.section("MySQL");
///       table.integer("mysql_port", options.mysql_port, {1, 65535}, "Where clients connect.");
///       table.duration("drain", options.drain, {0s, 1h}, "How long …").reloadable();
///     }
///
/// The value that a field has when it is declared is the default. Fields are borrowed and must stay where
/// they are. Names are snake_case; a flag may be written `--mysql-port` or `--mysql_port`. One thread.
class OptionTable {
 public:
  explicit OptionTable(std::string role) : role_(std::move(role)) {}
  OptionTable(const OptionTable&) = delete;
  OptionTable& operator=(const OptionTable&) = delete;

  struct Range {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
  };
  struct DurationRange {
    Duration min = Duration::zero();
    Duration max = Duration::max();
  };
  using Names = std::vector<std::string>;

  /// What follows belongs to this heading of the reference page.
  void section(std::string title) { section_ = std::move(title); }

  /// `--name`, `--name=false`; elsewhere true/false, yes/no, on/off.
  Option& flag(std::string name, bool& field, std::string help);
  template <std::integral T>
  Option& integer(std::string name, T& field, Range range, std::string help, std::string unit = "") {
    return add_integer(
        std::move(name), range, std::move(help), std::move(unit),
        [&field](std::int64_t value) { field = static_cast<T>(value); },
        [&field] { return static_cast<std::int64_t>(field); });
  }
  /// "250ms", "10s", "5m", "1h", "2d"; 0 needs no unit.
  Option& duration(std::string name, Duration& field, DurationRange range, std::string help);
  /// "4096", "64KiB", "16MiB", "1GiB".
  Option& bytes(std::string name, std::uint64_t& field, Range range, std::string help);
  Option& text(std::string name, std::string& field, std::string help);
  /// The path of a file; whether it is there is for the role to say.
  Option& file(std::string name, std::string& field, std::string help);
  /// One of a few words, which stand for the enum's values in their order from 0.
  template <class Enum>
  Option& choice(std::string name, Enum& field, Names words, std::string help) {
    return add_choice(
        std::move(name), std::move(words), std::move(help),
        [&field](std::size_t index) { field = static_cast<Enum>(index); },
        [&field] { return static_cast<std::size_t>(field); });
  }
  /// Separated by commas; given several times as a flag, it becomes longer.
  Option& list(std::string name, std::vector<std::string>& field, std::string help);

  /// One value, for who passes options on and has a place of his own to name: the message says what is wrong
  /// and what is expected, not where. kBadOption.
  Result<void> set(std::string_view name, std::string_view text);

  /// Each of these fails with kBadOption at the first mistake and names the option, its value, what is
  /// expected, and for an unknown one the closest that exists. Call them in this order.
  ///
  /// `source` is the name of the file, for messages.
  Result<void> parse_map(const std::map<std::string, std::string>& values, const std::string& source);
  /// `variables` as main() gets them: "NAME=value". Other roles' variables are passed over.
  Result<void> parse_environment(const char* const* variables);
  /// What follows the role's name. `--help` and `-h` end it: see help_requested().
  Result<void> parse_flags(const std::vector<std::string>& arguments);
  /// Every required option has a value.
  Result<void> check() const;

  bool help_requested() const { return help_requested_; }

  std::vector<OptionValue> values() const;
  /// Names of options whose values differ in the two tables of one role (fields that were filled anew).
  struct Difference {
    std::vector<std::string> reloadable;
    std::vector<std::string> need_restart;
  };
  Difference difference(const OptionTable& fresh) const;

  /// For a terminal, 100 columns.
  std::string help_text() const;
  /// A heading and a table for each section.
  std::string reference_markdown() const;
  /// [{"name":…,"value":…,"origin":…},…]
  std::string values_json() const;

  const std::string& role() const { return role_; }

 private:
  Option& add(std::string name, std::string type, std::string expects, std::string help);
  Option& add_integer(std::string name, Range range, std::string help, std::string unit,
                      std::function<void(std::int64_t)> set, std::function<std::int64_t()> get);
  Option& add_choice(std::string name, Names words, std::string help, std::function<void(std::size_t)> set,
                     std::function<std::size_t()> get);
  Option& finish(Option& option);
  Option* find(std::string_view name);
  Result<void> assign(Option& option, std::string_view text, OptionOrigin origin);
  Error unknown(std::string_view name, bool as_flag) const;

  std::string role_;
  std::string section_ = "General";
  std::deque<Option> options_;
  bool help_requested_ = false;
};

}  // namespace kintsugi
