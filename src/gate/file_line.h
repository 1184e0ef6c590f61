#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mysql/response.h"
#include "mysql/row.h"
#include "plan/load.h"

namespace kintsugi::gate {

/// Writes rows as SELECT … INTO OUTFILE does: values in the bytes that servers sent, with separators escaped
/// as MySQL's and MariaDB's `select_export` escape them, so that LOAD DATA with the same format reads them
/// back.
class FileLines {
 public:
  /// Borrows the format. kUnsupported: a column in a character set whose characters may hold bytes of a
  /// separator.
  static Result<FileLines> of(const plan::FileFormat& format,
                              std::span<const mysql::ColumnDefinition> columns);

  /// Appends a line. `cells`: of the text protocol, as many as columns.
  void append(std::string& out, std::span<const mysql::Cell> cells) const;

  /// FIELDS TERMINATED BY begins with a byte that an escape or a number may have, and nothing encloses the
  /// fields: LOAD DATA may not read back what was written.
  bool is_ambiguous() const { return ambiguous_terminator_; }

 private:
  struct Column {
    bool is_text = false;  ///< of no numeric type, BIT being one
    bool is_utf8 = false;  ///< characters of several bytes have none of a separator
    bool enclosed = false;
  };

  FileLines(const plan::FileFormat& format, std::span<const mysql::ColumnDefinition> columns);
  void append_value(std::string& out, const Column& column, std::string_view value) const;
  bool needs_escape(const Column& column, char byte) const;

  const plan::FileFormat& format_;
  std::string_view line_end_;
  std::optional<char> escape_, terminator_, separator_,
      line_first_;                    // first bytes; separator_: what encloses or ends
  bool ambiguous_separator_ = false;  // a letter of an escape
  bool numeric_separator_ = false;    // a byte that numbers have
  bool ambiguous_terminator_ = false;
  std::vector<Column> columns_;
};

/// Whether the format has separators beyond ASCII, which servers warn of.
bool has_wide_separators(const plan::FileFormat& format);

}  // namespace kintsugi::gate
