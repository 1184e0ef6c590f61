#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::routine {

/// What a statement may raise, and handlers handle: an error, or a warning.
struct Condition {
  enum class Level : std::uint8_t { note, warning, error };
  Level level = Level::warning;
  std::uint16_t code = 0;
  std::string sqlstate;
  std::string message;

  bool is_not_found() const { return sqlstate.starts_with("02"); }
  bool is_warning() const {
    return sqlstate.starts_with("01") || (level == Level::warning && !is_not_found());
  }
  bool is_exception() const {
    return level == Level::error && !is_not_found() && !sqlstate.starts_with("01");
  }
};

/// The SQLSTATE of a warning's code: SHOW WARNINGS does not tell it.
std::string_view sqlstate_of(std::uint16_t code);
Condition condition_of(const Error& error);
/// The server's own error, as a client would have got it from one.
Error error_of(const Condition& condition);
/// A server's error of the interpreter's own making.
Error server_error(std::uint16_t code, std::string_view sqlstate, std::string message);

}  // namespace kintsugi::routine
