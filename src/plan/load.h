#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "plan/plan.h"
#include "sql/tree.h"

namespace kintsugi::plan {

/// How a file is cut into lines and fields: FIELDS … LINES … IGNORE … of LOAD DATA and INTO OUTFILE, with
/// their defaults.
struct FileFormat {
  std::string fields_terminated = "\t";
  std::string enclosed;              ///< one byte, or empty
  bool optionally_enclosed = false;  ///< of what is written: only texts are
  std::string escaped = "\\";
  std::string lines_starting;
  std::string lines_terminated = "\n";  ///< empty: a line ends with its last field
  std::uint64_t ignored_lines = 0;
};

/// As it was said; null: nothing was. kWrongSeparator, kUnsupportedYet (fixed widths).
Result<FileFormat> file_format(const sql::FileFormat* said);

/// LOAD DATA [LOCAL] INFILE: a file of the client's or the gate's, row by row, as an INSERT [IGNORE] or
/// REPLACE of such rows.
struct Load : Node {
  Load() : Node(NodeKind::kLoad) {}

  /// What a field of a line is for.
  struct Field {
    std::string name;
    bool variable = false;     ///< @name; else a column
    bool is_binary = false;    ///< a column of bytes: no character set is said of its values
    bool is_integer = false;   ///< a column of whole numbers
    bool takes_null = true;    ///< a NULL is written as one
    bool null_missing = true;  ///< where a line ends before it, NULL is written
    /// What the column's type has for nothing; unset: only the server knows. Of what it borrows, texts live
    /// for ever.
    std::optional<Value> zero;
  };

  std::string file;     ///< its name, as the client is asked for it
  bool local = true;    ///< the client's; else one in the gate's folder (files_folder)
  std::string charset;  ///< of the file
  FileFormat format;
  std::vector<Field> fields;
  /// Expressions of fields whose values must be known before a row is written, since they say where it lies,
  /// or what its id is.
  std::vector<Text> computed;
  /// Its operands that are read are the fields, by their position, and then what was computed.
  std::unique_ptr<Insert> insert;
};

}  // namespace kintsugi::plan
