#include "base/error.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace kintsugi {

Error::Error(const ErrorCode& code, std::string message)
    : code_(&code), message_(std::move(message)), mysql_errno_(code.mysql_errno) {
  std::memcpy(sqlstate_, code.sqlstate, sizeof sqlstate_);
}

Error Error::from_server(std::uint16_t mysql_errno, std::string_view sqlstate, std::string message) {
  Error error(kServerError, std::move(message));
  error.mysql_errno_ = mysql_errno;
  std::memcpy(error.sqlstate_, "HY000", 6);
  std::memcpy(error.sqlstate_, sqlstate.data(), std::min<std::size_t>(5, sqlstate.size()));
  return error;
}

Error Error::with_context(std::string_view context) const {
  Error wrapped = *this;
  wrapped.message_ = fmt::format("{}: {}", context, message_);
  return wrapped;
}

std::string Error::text() const {
  if (is(kServerError)) return message_;
  if (code_->next_step[0] == '\0') return fmt::format("KT{}: {}", code_->number, message_);
  const char* stop = message_.ends_with('.') || message_.ends_with('?') ? "" : ".";
  return fmt::format("KT{}: {}{} {}", code_->number, message_, stop, code_->next_step);
}

}  // namespace kintsugi
