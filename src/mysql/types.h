#pragma once

#include <cstdint>

namespace kintsugi::mysql {

/// The type of a column or parameter on the wire.
enum class FieldType : std::uint8_t {
  decimal = 0x00,
  tiny = 0x01,
  short_ = 0x02,
  long_ = 0x03,
  float_ = 0x04,
  double_ = 0x05,
  null = 0x06,
  timestamp = 0x07,
  longlong = 0x08,
  int24 = 0x09,
  date = 0x0a,
  time = 0x0b,
  datetime = 0x0c,
  year = 0x0d,
  newdate = 0x0e,
  varchar = 0x0f,
  bit = 0x10,
  timestamp2 = 0x11,
  datetime2 = 0x12,
  time2 = 0x13,
  vector = 0xf2,
  json = 0xf5,
  newdecimal = 0xf6,
  enum_ = 0xf7,
  set = 0xf8,
  tiny_blob = 0xf9,
  medium_blob = 0xfa,
  long_blob = 0xfb,
  blob = 0xfc,
  var_string = 0xfd,
  string = 0xfe,
  geometry = 0xff,
};

/// Flags of a column definition.
namespace column_flag {
inline constexpr std::uint16_t kNotNull = 0x0001;
inline constexpr std::uint16_t kPrimaryKey = 0x0002;
inline constexpr std::uint16_t kUniqueKey = 0x0004;
inline constexpr std::uint16_t kMultipleKey = 0x0008;
inline constexpr std::uint16_t kBlob = 0x0010;
inline constexpr std::uint16_t kUnsigned = 0x0020;
inline constexpr std::uint16_t kZerofill = 0x0040;
inline constexpr std::uint16_t kBinary = 0x0080;
inline constexpr std::uint16_t kEnum = 0x0100;
inline constexpr std::uint16_t kAutoIncrement = 0x0200;
inline constexpr std::uint16_t kTimestamp = 0x0400;
inline constexpr std::uint16_t kSet = 0x0800;
inline constexpr std::uint16_t kNoDefault = 0x1000;
inline constexpr std::uint16_t kOnUpdateNow = 0x2000;
inline constexpr std::uint16_t kNumeric = 0x8000;
}  // namespace column_flag

/// Whether the byte is one of FieldType.
bool is_known_type(std::uint8_t byte);
/// Whether a binary row or parameter carries the type as length-encoded bytes (strings, blobs, decimals, …).
bool is_string_type(FieldType type);
bool is_integer_type(FieldType type);
/// DATE, DATETIME and TIMESTAMP; TIME is of its own kind.
bool is_date_type(FieldType type);

/// "tiny", "var_string", …
const char* type_name(FieldType type);

}  // namespace kintsugi::mysql
