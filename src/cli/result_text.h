#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kintsugi::cli {

/// A result set in text: what `kintsugi sql` prints.
struct ResultTable {
  std::vector<std::string> columns;
  std::vector<bool> numeric;  ///< aligned to the right; as many as columns
  std::vector<std::vector<std::optional<std::string>>> rows;
};

/// With a frame, as every MySQL client draws it. Widths count what a terminal shows: wide characters are two.
std::string framed(const ResultTable& table);
/// Each row as a block of `column: value` lines (\G).
std::string vertical(const ResultTable& table);
/// Fields apart by tabs, with a header; tab, newline and backslash in values escaped; NULL as NULL (batch
/// mode).
std::string tabbed(const ResultTable& table);
/// {"columns": [...], "rows": [[...]]}, values as text, NULL as null.
std::string as_json(const ResultTable& table);

/// Columns that `text` (UTF-8) takes on a terminal.
std::size_t display_width(const std::string& text);

}  // namespace kintsugi::cli
