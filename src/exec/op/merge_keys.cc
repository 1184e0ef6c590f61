#include "exec/op/merge_keys.h"

#include <algorithm>
#include <tuple>

#include "base/lower_case.h"
#include "exec/errors.h"
#include "exec/op/decimal.h"
#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::exec {

namespace {

using mysql::FieldType;
using mysql::Value;

constexpr std::uint16_t kBinaryCollation = 63;
constexpr std::size_t kBitmapOffset = 2;  // of the NULL bits in a binary row

std::size_t bitmap_size(std::size_t columns) { return (columns + kBitmapOffset + 7) / 8; }

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

auto parts(const mysql::DateTime& at) {
  return std::tuple(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond);
}

std::int64_t microseconds(const mysql::TimeSpan& span) {
  std::int64_t total = span.days * 24LL + span.hours;
  total = ((total * 60 + span.minutes) * 60 + span.seconds) * 1'000'000 + span.microseconds;
  return span.negative ? -total : total;
}

double number(const Value& value) {
  return std::holds_alternative<float>(value) ? static_cast<double>(std::get<float>(value))
                                              : std::get<double>(value);
}

Error malformed() { return Error(mysql::kMalformedPacket, "a row does not fit its columns"); }

}  // namespace

Result<MergeKeyReader> MergeKeyReader::make(std::span<const plan::MergeKey> keys,
                                            std::vector<mysql::ColumnDefinition> columns, std::size_t hidden,
                                            bool binary) {
  MergeKeyReader reader;
  if (columns.size() <= hidden) return failure(kShardsDisagree, "a shard answered with too few columns");
  reader.columns_ = std::move(columns);
  reader.visible_ = reader.columns_.size() - hidden;
  reader.binary_ = binary;
  reader.key_of_.assign(reader.columns_.size(), -1);
  for (const plan::MergeKey& key : keys) {
    const std::size_t column = key.hidden ? reader.visible_ + key.column : key.column;
    if (column >= reader.columns_.size() || !equal_names(reader.columns_[column].name, key.name)) {
      return failure(kShardsDisagree,
                     "a shard answered without the column " + key.name + " where it was expected");
    }
    const Result<Kind> kind = kind_of(key, reader.columns_[column]);
    if (!kind) return failure(kind.error());
    reader.read_ = std::max(reader.read_, column + 1);
    // The same column again orders nothing that it has not ordered already.
    if (reader.key_of_[column] >= 0) continue;
    reader.key_of_[column] = static_cast<int>(reader.keys_.size());
    reader.keys_.push_back({column, *kind, key.descending, key.padding});
  }
  if (hidden > 0) reader.read_ = std::max(reader.read_, reader.visible_);
  return reader;
}

Result<MergeKeyReader::Kind> MergeKeyReader::kind_of(const plan::MergeKey& key,
                                                     const mysql::ColumnDefinition& column) {
  if (mysql::is_integer_type(column.type) || column.type == FieldType::year)
    return column.is_unsigned() ? Kind::kUnsigned : Kind::kSigned;
  if (mysql::is_date_type(column.type)) return Kind::kDate;
  switch (column.type) {
    case FieldType::float_:
    case FieldType::double_:
      return Kind::kDouble;
    case FieldType::decimal:
    case FieldType::newdecimal:
      return Kind::kDecimal;
    case FieldType::time:
    case FieldType::time2:
      return Kind::kTime;
    case FieldType::bit:
    case FieldType::null:
      return Kind::kBytes;
    default:
      break;
  }
  const bool text = column.collation != kBinaryCollation ||
                    (column.flags & (mysql::column_flag::kEnum | mysql::column_flag::kSet)) != 0;
  if (!text && mysql::is_string_type(column.type)) return Kind::kBytes;
  return failure(kShardsDisagree, "shards answered with a column " + key.name + " of type " +
                                      mysql::type_name(column.type) + ", which was not expected");
}

Result<std::size_t> MergeKeyReader::read(std::string_view row, MergeKeys& keys) {
  keys.resize(keys_.size());
  if (read_ == 0) return row.size();
  return binary_ ? read_binary(row, keys) : read_text(row, keys);
}

Result<std::size_t> MergeKeyReader::read_text(std::string_view row, MergeKeys& keys) {
  mysql::Reader reader(row);
  std::size_t visible = row.size();
  for (std::size_t i = 0; i < read_ && reader.ok(); ++i) {
    const bool null = reader.null();
    const std::string_view text = null ? std::string_view() : reader.lenenc_string();
    if (i + 1 == visible_ && visible_ < columns_.size()) visible = row.size() - reader.remaining();
    const int key = key_of_[i];
    if (key < 0) continue;
    Value& value = keys[static_cast<std::size_t>(key)];
    if (null) {
      value = {};
    } else if (keys_[static_cast<std::size_t>(key)].kind >= Kind::kBytes) {
      value = text;
    } else {
      std::optional<Value> read = mysql::from_text(text, columns_[i].type, columns_[i].is_unsigned());
      if (!read) return failure(malformed());
      value = *read;
    }
  }
  if (!reader.ok()) return failure(malformed());
  return visible;
}

Result<std::size_t> MergeKeyReader::read_binary(std::string_view row, MergeKeys& keys) {
  mysql::Reader reader(row);
  std::size_t visible = row.size();
  if (reader.u8() != 0) reader.fail();
  const std::string_view nulls = reader.take(bitmap_size(columns_.size()));
  for (std::size_t i = 0; i < read_ && reader.ok(); ++i) {
    const std::size_t bit = i + kBitmapOffset;
    const bool null = (nulls[bit / 8] >> bit % 8 & 1) != 0;
    Value value;
    if (!null) value = mysql::read_value(reader, columns_[i].type, columns_[i].is_unsigned());
    if (i + 1 == visible_ && visible_ < columns_.size()) visible = row.size() - reader.remaining();
    if (key_of_[i] >= 0) keys[static_cast<std::size_t>(key_of_[i])] = value;
  }
  if (!reader.ok()) return failure(malformed());
  return visible;
}

int MergeKeyReader::compare(const MergeKeys& a, const MergeKeys& b) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const bool no_a = mysql::is_null(a[i]), no_b = mysql::is_null(b[i]);
    const int order =
        no_a || no_b ? static_cast<int>(no_b) - static_cast<int>(no_a) : compare_values(keys_[i], a[i], b[i]);
    if (order != 0) return keys_[i].descending ? -order : order;
  }
  return 0;
}

int MergeKeyReader::compare_values(const Key& key, const Value& a, const Value& b) {
  switch (key.kind) {
    case Kind::kSigned:
      return three_way(std::get<std::int64_t>(a), std::get<std::int64_t>(b));
    case Kind::kUnsigned:
      return three_way(std::get<std::uint64_t>(a), std::get<std::uint64_t>(b));
    case Kind::kDouble:
      return three_way(number(a), number(b));
    case Kind::kDecimal:
      return compare_decimals(std::get<std::string_view>(a), std::get<std::string_view>(b));
    case Kind::kDate:
      return three_way(parts(std::get<mysql::DateTime>(a)), parts(std::get<mysql::DateTime>(b)));
    case Kind::kTime:
      return three_way(microseconds(std::get<mysql::TimeSpan>(a)),
                       microseconds(std::get<mysql::TimeSpan>(b)));
    case Kind::kBytes:
      break;
  }
  return compare_padded(std::get<std::string_view>(a), std::get<std::string_view>(b), key.padding);
}

std::string_view MergeKeyReader::visible(std::string_view row, std::size_t size, std::string& scratch) const {
  if (!binary_ || visible_ == columns_.size()) return row.substr(0, size);
  const std::size_t before = bitmap_size(columns_.size()), after = bitmap_size(visible_);
  scratch = row.substr(0, 1 + after);
  // Bits of the hidden columns in the last byte that stays.
  const std::size_t used = (visible_ + kBitmapOffset) % 8;
  if (used != 0) scratch.back() = static_cast<char>(scratch.back() & ((1 << used) - 1));
  scratch += row.substr(1 + before, size - 1 - before);
  return scratch;
}

int compare_padded(std::string_view a, std::string_view b, std::string_view padding) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = a.substr(0, common).compare(b.substr(0, common));
  if (order != 0 || a.size() == b.size()) return order;
  if (padding.empty()) return a.size() < b.size() ? -1 : 1;
  const bool longer_a = a.size() > b.size();
  const std::string_view rest = (longer_a ? a : b).substr(common);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    const auto pad = static_cast<unsigned char>(padding[i % padding.size()]);
    if (byte != pad) return (byte < pad) == longer_a ? -1 : 1;
  }
  return 0;
}

}  // namespace kintsugi::exec
