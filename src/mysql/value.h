#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "mysql/packet.h"
#include "mysql/types.h"

namespace kintsugi::mysql {

/// A DATE, DATETIME or TIMESTAMP. Zero parts are allowed, as MySQL allows them.
struct DateTime {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint32_t microsecond = 0;
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// A TIME: a signed span, up to 838 hours.
struct TimeSpan {
  bool negative = false;
  std::uint32_t days = 0;
  std::uint8_t hours = 0;
  std::uint8_t minutes = 0;
  std::uint8_t seconds = 0;
  std::uint32_t microseconds = 0;
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// A value as binary rows and parameters carry it; NULL is monostate. Everything that is neither number nor
/// time (strings, blobs, decimals, JSON, bits, …) is a string_view into the packet it was read from, which
/// must outlive it.
using Value = std::variant<std::monostate, std::int64_t, std::uint64_t, float, double, std::string_view,
                           DateTime, TimeSpan>;

inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

/// Reads a value of that type, not NULL. A value that does not fit its type fails the reader.
Value read_value(Reader& reader, FieldType type, bool is_unsigned);
/// Writes a value that is not NULL as that type. A value of another kind is converted where MySQL's numbers
/// convert (by cast), and is written as its text where the type is a string.
void write_value(Writer& writer, FieldType type, const Value& value);

/// The type under which write_value keeps all of a value, and whether it is unsigned.
FieldType natural_type(const Value& value);

/// A value as the text protocol shows it: "2024-02-29 10:00:00.123", "-26:00:00", "1.5". Numbers of type
/// FLOAT have six significant digits there, DOUBLE as many as are needed to read the same number again.
/// `decimals`: digits of a second's fraction or of a fixed FLOAT/DOUBLE; 31: those it has. Nothing for NULL.
std::optional<std::string> to_text(const Value& value, FieldType type, std::uint8_t decimals = 31);

/// What a text row says about a column of that type, as a value; for strings a view of `text`. Nothing where
/// the text is not of the type.
std::optional<Value> from_text(std::string_view text, FieldType type, bool is_unsigned);

/// "2024-02-29", "2024-02-29 10:00:00", "… 10:00:00.123456"; "-26:00:00.5".
std::optional<DateTime> parse_date_time(std::string_view text);
std::optional<TimeSpan> parse_time_span(std::string_view text);

}  // namespace kintsugi::mysql
