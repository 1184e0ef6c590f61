#include "mysql/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace kintsugi::mysql {
namespace {

constexpr std::uint8_t kDecimalsNotFixed = 31;
constexpr std::uint8_t kMicrosecondDigits = 6;

/// The integer of `size` bytes with its sign, if it has one.
Value integer(std::uint64_t bits, int size, bool is_unsigned) {
  if (is_unsigned) return bits;
  const int shift = 64 - 8 * size;
  return static_cast<std::int64_t>(bits << shift) >> shift;
}

Value read_date(Reader& reader) {
  const std::uint8_t size = reader.u8();
  DateTime value;
  if (size != 0 && size != 4 && size != 7 && size != 11) reader.fail();
  if (size >= 4) {
    value.year = reader.u16();
    value.month = reader.u8();
    value.day = reader.u8();
  }
  if (size >= 7) {
    value.hour = reader.u8();
    value.minute = reader.u8();
    value.second = reader.u8();
  }
  if (size >= 11) value.microsecond = reader.u32();
  return value;
}

Value read_time(Reader& reader) {
  const std::uint8_t size = reader.u8();
  TimeSpan value;
  if (size != 0 && size != 8 && size != 12) reader.fail();
  if (size >= 8) {
    value.negative = reader.u8() != 0;
    value.days = reader.u32();
    value.hours = reader.u8();
    value.minutes = reader.u8();
    value.seconds = reader.u8();
  }
  if (size >= 12) value.microseconds = reader.u32();
  return value;
}

void write_date(Writer& writer, const DateTime& value, bool date_only) {
  const bool time = !date_only && (value.hour || value.minute || value.second || value.microsecond);
  const bool fraction = time && value.microsecond;
  const bool date = time || value.year || value.month || value.day;
  writer.u8(fraction ? 11 : time ? 7 : date ? 4 : 0);
  if (date) writer.u16(value.year).u8(value.month).u8(value.day);
  if (time) writer.u8(value.hour).u8(value.minute).u8(value.second);
  if (fraction) writer.u32(value.microsecond);
}

void write_time(Writer& writer, const TimeSpan& value) {
  const bool any = value.days || value.hours || value.minutes || value.seconds || value.microseconds;
  writer.u8(!any ? 0 : value.microseconds ? 12 : 8);
  if (!any) return;
  writer.u8(value.negative).u32(value.days).u8(value.hours).u8(value.minutes).u8(value.seconds);
  if (value.microseconds) writer.u32(value.microseconds);
}

/// A number of any kind as another; nothing for what is no number.
template <class Number>
std::optional<Number> number_of(const Value& value) {
  return std::visit(
      [](const auto& v) -> std::optional<Number> {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) {
          return static_cast<Number>(v);
        } else {
          return std::nullopt;
        }
      },
      value);
}

std::uint64_t bits_of(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return static_cast<std::uint64_t>(std::llround(*real));
  if (const auto* real = std::get_if<float>(&value)) return static_cast<std::uint64_t>(std::llround(*real));
  return number_of<std::uint64_t>(value).value_or(0);
}

std::string fraction_of(std::uint32_t microseconds, std::uint8_t decimals) {
  if (decimals == 0 || (decimals > kMicrosecondDigits && microseconds == 0)) return {};
  char digits[16];
  std::snprintf(digits, sizeof digits, ".%06u", microseconds % 1000000);
  return {digits, 1u + std::min(decimals, kMicrosecondDigits)};
}

std::string real_text(double value, FieldType type, std::uint8_t decimals) {
  char digits[400];
  if (decimals < kDecimalsNotFixed) {
    std::snprintf(digits, sizeof digits, "%.*f", decimals, value);
    return digits;
  }
  if (type == FieldType::float_) {
    std::snprintf(digits, sizeof digits, "%.6g", value);
  } else {
    const double magnitude = std::fabs(value);
    const bool plain = value == 0 || (magnitude >= 1e-5 && magnitude < 1e15);
    *std::to_chars(digits, digits + sizeof digits, value,
                   plain ? std::chars_format::fixed : std::chars_format::scientific)
         .ptr = '\0';
  }
  // C writes 1e+20 and 1e-07 where MySQL writes 1e20 and 1e-7.
  std::string text = digits;
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;
  std::size_t at = exponent + 1;
  if (text[at] == '+') text.erase(at, 1);
  if (text[at] == '-') ++at;
  while (text[at] == '0' && at + 1 < text.size()) text.erase(at, 1);
  return text;
}

std::string date_text(const DateTime& value, FieldType type, std::uint8_t decimals) {
  char text[48];
  if (type == FieldType::date || type == FieldType::newdate) {
    std::snprintf(text, sizeof text, "%04u-%02u-%02u", value.year, value.month, value.day);
    return text;
  }
  std::snprintf(text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u", value.year, value.month, value.day,
                value.hour, value.minute, value.second);
  return text + fraction_of(value.microsecond, decimals);
}

std::string time_text(const TimeSpan& value, std::uint8_t decimals) {
  char text[48];
  const std::uint64_t hours = std::uint64_t{value.days} * 24 + value.hours;
  std::snprintf(text, sizeof text, "%s%02llu:%02u:%02u", value.negative ? "-" : "",
                static_cast<unsigned long long>(hours), value.minutes, value.seconds);
  return text + fraction_of(value.microseconds, decimals);
}

/// Takes `digits` at most of an unsigned number off the text's front.
bool take_number(std::string_view& text, std::size_t digits, std::uint32_t& number) {
  std::size_t size = 0;
  number = 0;
  while (size < text.size() && size < digits && text[size] >= '0' && text[size] <= '9') {
    number = number * 10 + static_cast<std::uint32_t>(text[size++] - '0');
  }
  text.remove_prefix(size);
  return size > 0;
}

bool take_char(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// ".5" is 500,000 microseconds; no fraction is 0.
bool take_fraction(std::string_view& text, std::uint32_t& microseconds) {
  microseconds = 0;
  if (!take_char(text, '.')) return true;
  const std::size_t before = text.size();
  if (!take_number(text, kMicrosecondDigits, microseconds)) return false;
  for (std::size_t digits = before - text.size(); digits < kMicrosecondDigits; ++digits) microseconds *= 10;
  return true;
}

template <class Number>
std::optional<Value> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Value(number);
}

}  // namespace

Value read_value(Reader& reader, FieldType type, bool is_unsigned) {
  switch (type) {
    case FieldType::null:
      return {};
    case FieldType::tiny:
      return integer(reader.u8(), 1, is_unsigned);
    case FieldType::short_:
    case FieldType::year:
      return integer(reader.u16(), 2, is_unsigned);
    case FieldType::long_:
    case FieldType::int24:
      return integer(reader.u32(), 4, is_unsigned);
    case FieldType::longlong:
      return integer(reader.u64(), 8, is_unsigned);
    case FieldType::float_:
      return reader.f32();
    case FieldType::double_:
      return reader.f64();
    case FieldType::time:
    case FieldType::time2:
      return read_time(reader);
    default:
      if (is_date_type(type)) return read_date(reader);
      return reader.lenenc_string();
  }
}

void write_value(Writer& writer, FieldType type, const Value& value) {
  switch (type) {
    case FieldType::null:
      return;
    case FieldType::tiny:
      writer.u8(static_cast<std::uint8_t>(bits_of(value)));
      return;
    case FieldType::short_:
    case FieldType::year:
      writer.u16(static_cast<std::uint16_t>(bits_of(value)));
      return;
    case FieldType::long_:
    case FieldType::int24:
      writer.u32(static_cast<std::uint32_t>(bits_of(value)));
      return;
    case FieldType::longlong:
      writer.u64(bits_of(value));
      return;
    case FieldType::float_:
      writer.f32(number_of<float>(value).value_or(0));
      return;
    case FieldType::double_:
      writer.f64(number_of<double>(value).value_or(0));
      return;
    case FieldType::time:
    case FieldType::time2: {
      const auto* time = std::get_if<TimeSpan>(&value);
      write_time(writer, time ? *time : TimeSpan{});
      return;
    }
    default:
      break;
  }
  if (is_date_type(type)) {
    const auto* date = std::get_if<DateTime>(&value);
    write_date(writer, date ? *date : DateTime{}, type == FieldType::date || type == FieldType::newdate);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    writer.lenenc_string(*text);
  } else {
    writer.lenenc_string(to_text(value, natural_type(value)).value_or(""));
  }
}

FieldType natural_type(const Value& value) {
  static constexpr FieldType kTypes[] = {FieldType::null,     FieldType::longlong, FieldType::longlong,
                                         FieldType::float_,   FieldType::double_,  FieldType::var_string,
                                         FieldType::datetime, FieldType::time};
  static_assert(std::size(kTypes) == std::variant_size_v<Value>);
  return kTypes[value.index()];
}

std::optional<std::string> to_text(const Value& value, FieldType type, std::uint8_t decimals) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* real = std::get_if<float>(&value)) return real_text(*real, FieldType::float_, decimals);
  if (const auto* real = std::get_if<double>(&value)) return real_text(*real, type, decimals);
  if (const auto* date = std::get_if<DateTime>(&value)) return date_text(*date, type, decimals);
  if (const auto* time = std::get_if<TimeSpan>(&value)) return time_text(*time, decimals);
  return std::nullopt;
}

std::optional<Value> from_text(std::string_view text, FieldType type, bool is_unsigned) {
  if (is_integer_type(type)) {
    return is_unsigned ? parse_number<std::uint64_t>(text) : parse_number<std::int64_t>(text);
  }
  if (type == FieldType::float_) return parse_number<float>(text);
  if (type == FieldType::double_) return parse_number<double>(text);
  if (is_date_type(type)) {
    const auto date = parse_date_time(text);
    return date ? std::optional<Value>(*date) : std::nullopt;
  }
  if (type == FieldType::time || type == FieldType::time2) {
    const auto time = parse_time_span(text);
    return time ? std::optional<Value>(*time) : std::nullopt;
  }
  return Value(text);
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  std::uint32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0;
  if (!take_number(text, 4, year) || !take_char(text, '-') || !take_number(text, 2, month) ||
      !take_char(text, '-') || !take_number(text, 2, day)) {
    return std::nullopt;
  }
  if (take_char(text, ' ') || take_char(text, 'T')) {
    if (!take_number(text, 2, hour) || !take_char(text, ':') || !take_number(text, 2, minute) ||
        !take_char(text, ':') || !take_number(text, 2, second) || !take_fraction(text, microsecond)) {
      return std::nullopt;
    }
  }
  if (!text.empty() || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto small = [](std::uint32_t part) { return static_cast<std::uint8_t>(part); };
  return DateTime{static_cast<std::uint16_t>(year),
                  small(month),
                  small(day),
                  small(hour),
                  small(minute),
                  small(second),
                  microsecond};
}

std::optional<TimeSpan> parse_time_span(std::string_view text) {
  TimeSpan time;
  std::uint32_t hours = 0, minutes = 0, seconds = 0;
  time.negative = take_char(text, '-');
  if (!take_number(text, 4, hours) || !take_char(text, ':') || !take_number(text, 2, minutes) ||
      !take_char(text, ':') || !take_number(text, 2, seconds) || !take_fraction(text, time.microseconds) ||
      !text.empty() || minutes > 59 || seconds > 59) {
    return std::nullopt;
  }
  time.days = hours / 24;
  time.hours = static_cast<std::uint8_t>(hours % 24);
  time.minutes = static_cast<std::uint8_t>(minutes);
  time.seconds = static_cast<std::uint8_t>(seconds);
  return time;
}

}  // namespace kintsugi::mysql
