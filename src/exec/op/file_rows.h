#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/op/wide_characters.h"
#include "plan/load.h"

namespace kintsugi::exec {

/// One line of a file.
struct FileRow {
  /// Not set: NULL. Fewer than are wanted: the line ended.
  std::vector<std::optional<std::string>> fields;
  bool cut = false;  ///< the line has more
};

/// Cuts a file into rows as a server's LOAD DATA does. No I/O: bytes are given as they come. Holds what
/// belongs to no whole row yet.
class FileRows {
 public:
  /// `format` is borrowed; `charset` is the file's.
  FileRows(const plan::FileFormat& format, std::size_t fields, std::string_view charset = {});

  void add(std::string_view bytes);
  /// Nothing more comes.
  void end() { complete_ = true; }

  enum class Step { kRow, kMore, kEnd };
  /// kMore: bytes are wanted first.
  Step next(FileRow& row);

  /// Bytes that are held.
  std::size_t held() const { return bytes_.size() - taken_; }

 private:
  enum class Field { kValue, kLast, kNone };  ///< kLast: the line ends with it

  Step row_at(FileRow& row);
  int get();
  void put_back() { --at_; }
  bool follows(std::string_view terminator);
  bool is(int byte, std::string_view one) const;
  bool find_line();
  Field field(FileRow& row);
  Field read_value(std::string& value, bool quoted, bool& escaped_n, bool& closed);
  bool take_escaped(int byte, std::string& value, bool& escaped_n);
  std::optional<Field> closing_quote();
  bool end_line();
  std::size_t take_rest();

  const plan::FileFormat& format_;
  const std::size_t wanted_;
  const WideCharacters wide_;
  const std::string line_end_;  ///< empty: a line ends with its last field
  std::uint64_t skipped_ = 0;   ///< of format_.ignored_lines
  std::string bytes_;
  std::size_t taken_ = 0;  ///< of rows that were given
  std::size_t at_ = 0;
  std::size_t tried_ = 0;  ///< bytes that were there when they were not enough
  bool complete_ = false;
  bool starved_ = false;  ///< the bytes ended before the file did
  bool ended_ = false;    ///< the file did
};

}  // namespace kintsugi::exec
