#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace kintsugi {

/// One kind of failure that somebody reacts to or that a user looks up. Declared once, by the folder that
/// raises it, as `inline constexpr ErrorCode kNoPrimary{2003, "no_primary", …}`; never made at run time.
///
/// Numbers: 1xxx base and runtime, 2xxx topology and cluster state, 3xxx SQL and planning, 4xxx gate and its
/// clients, 5xxx tablet and mysqld, 6xxx control, 7xxx spec, local and command line; each folder has hundreds
/// for itself. The comment above a code is a sentence for users: it becomes docs/errors.md and `kintsugi
/// error show`. So codes are declared in public headers only.
struct ErrorCode {
  int number;                        ///< shown as KT2003
  const char* name;                  ///< snake_case, stable: label of metrics, value in JSON
  std::uint16_t mysql_errno = 1105;  ///< what a MySQL client gets (1105 ER_UNKNOWN_ERROR: nothing fits)
  const char* sqlstate = "HY000";    ///< five characters
  const char* next_step = "";        ///< what the reader can do; appended to the message
};

/// A failure: its code, and a message that names what happened, where, and to which object.
class Error {
 public:
  Error(const ErrorCode& code, std::string message);

  /// A failure that a MySQL server reported; number, state and message travel unchanged to the client.
  static Error from_server(std::uint16_t mysql_errno, std::string_view sqlstate, std::string message);

  const ErrorCode& code() const { return *code_; }
  const std::string& message() const { return message_; }
  std::uint16_t mysql_errno() const { return mysql_errno_; }
  std::string_view sqlstate() const { return {sqlstate_, 5}; }
  bool is(const ErrorCode& code) const { return code_ == &code || code_->number == code.number; }

  /// The same failure seen from one level up: "context: message".
  Error with_context(std::string_view context) const;

  /// "KT2003: message. Next step." A server's own error is only its message.
  std::string text() const;

 private:
  const ErrorCode* code_;
  std::string message_;
  std::uint16_t mysql_errno_;
  char sqlstate_[6];
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return failure(kNoPrimary, "shard customer/-80 has no primary");`
inline tl::unexpected<Error> failure(const ErrorCode& code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)));
}
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

/// What happened should be impossible.
inline constexpr ErrorCode kInternal{1001, "internal", 1105, "HY000",
                                     "This is a bug in Kintsugi: please report it with the log around it"};
/// A value that was given cannot be used; the message says which and why.
inline constexpr ErrorCode kInvalidArgument{1002, "invalid_argument"};
/// A MySQL server said no: its own number, SQLSTATE and text are passed on unchanged.
inline constexpr ErrorCode kServerError{1003, "server_error"};
/// What was named does not exist.
inline constexpr ErrorCode kNotFound{1004, "not_found"};
/// What was to be made exists.
inline constexpr ErrorCode kAlreadyExists{1005, "already_exists"};

}  // namespace kintsugi
