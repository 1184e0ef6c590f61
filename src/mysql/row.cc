#include "mysql/row.h"

#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::mysql {
namespace {

/// Binary rows have two unused bits at the front of their NULL bitmap.
constexpr std::size_t kBitmapOffset = 2;

std::size_t bitmap_size(std::size_t columns) { return (columns + kBitmapOffset + 7) / 8; }

}  // namespace

void write_text_row(std::string& out, std::span<const Cell> cells) {
  Writer writer(out);
  for (const Cell& cell : cells) {
    if (cell) {
      writer.lenenc_string(*cell);
    } else {
      writer.u8(0xfb);
    }
  }
}

Result<void> parse_text_row(std::string_view payload, std::size_t columns, std::vector<Cell>& cells) {
  Reader reader(payload);
  cells.clear();
  for (std::size_t i = 0; i < columns && reader.ok(); ++i) {
    if (reader.null()) {
      cells.emplace_back();
    } else {
      cells.emplace_back(reader.lenenc_string());
    }
  }
  if (!reader.ok() || !reader.empty())
    return failure(kMalformedPacket, "a text row does not fit its columns");
  return {};
}

void write_binary_row(std::string& out, std::span<const ColumnDefinition> columns,
                      std::span<const Value> values) {
  out += '\0';
  const std::size_t bitmap = out.size();
  out.append(bitmap_size(columns.size()), '\0');
  Writer writer(out);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_null(values[i])) {
      const std::size_t bit = i + kBitmapOffset;
      out[bitmap + bit / 8] = static_cast<char>(out[bitmap + bit / 8] | 1 << bit % 8);
    } else {
      write_value(writer, columns[i].type, values[i]);
    }
  }
}

Result<void> parse_binary_row(std::string_view payload, std::span<const ColumnDefinition> columns,
                              std::vector<Value>& values) {
  Reader reader(payload);
  values.clear();
  if (reader.u8() != 0) reader.fail();
  const std::string_view bitmap = reader.take(bitmap_size(columns.size()));
  for (std::size_t i = 0; i < columns.size() && reader.ok(); ++i) {
    const std::size_t bit = i + kBitmapOffset;
    if (bitmap[bit / 8] >> bit % 8 & 1) {
      values.emplace_back();
    } else {
      values.push_back(read_value(reader, columns[i].type, columns[i].is_unsigned()));
    }
  }
  if (!reader.ok() || !reader.empty()) {
    return failure(kMalformedPacket, "a binary row does not fit its columns");
  }
  return {};
}

Result<void> text_row_to_binary(std::string& out, std::span<const ColumnDefinition> columns,
                                std::span<const Cell> cells) {
  if (cells.size() != columns.size()) {
    return failure(kMalformedPacket, "a text row does not fit its columns");
  }
  std::vector<Value> values(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!cells[i]) continue;
    const std::optional<Value> value = from_text(*cells[i], columns[i].type, columns[i].is_unsigned());
    if (!value) {
      return failure(kMalformedPacket, "column " + columns[i].name + " of type " +
                                           type_name(columns[i].type) + " has the text '" +
                                           std::string(*cells[i]) + "'");
    }
    values[i] = *value;
  }
  write_binary_row(out, columns, values);
  return {};
}

}  // namespace kintsugi::mysql
