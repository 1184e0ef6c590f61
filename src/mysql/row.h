#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/response.h"
#include "mysql/value.h"

namespace kintsugi::mysql {

/// A column of a text row; nothing is NULL. Points into the packet.
using Cell = std::optional<std::string_view>;

void write_text_row(std::string& out, std::span<const Cell> cells);
/// `cells` is overwritten and gets `columns` entries.
Result<void> parse_text_row(std::string_view payload, std::size_t columns, std::vector<Cell>& cells);

/// As many values as columns; types and signs are the columns'.
void write_binary_row(std::string& out, std::span<const ColumnDefinition> columns,
                      std::span<const Value> values);
Result<void> parse_binary_row(std::string_view payload, std::span<const ColumnDefinition> columns,
                              std::vector<Value>& values);

/// The binary row that says what a text row says: for a prepared statement that was run as text. Fails with
/// kMalformedPacket where a cell is not of its column's type.
Result<void> text_row_to_binary(std::string& out, std::span<const ColumnDefinition> columns,
                                std::span<const Cell> cells);

}  // namespace kintsugi::mysql
