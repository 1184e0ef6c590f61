#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/response.h"
#include "mysql/value.h"
#include "plan/merge.h"

namespace kintsugi::exec {

/// What one row is ordered by. Texts point into the row.
using MergeKeys = std::vector<mysql::Value>;

/// Reads the keys of rows of one answer, and compares them as the servers that sorted them have. Made when
/// the columns have come: their types say how.
class MergeKeyReader {
 public:
  /// `keys` lives as long as this. `hidden`: how many of the columns, at the end, the client does not see.
  /// Fails with kShardsDisagree if the columns are not those that were planned with.
  static Result<MergeKeyReader> make(std::span<const plan::MergeKey> keys,
                                     std::vector<mysql::ColumnDefinition> columns, std::size_t hidden,
                                     bool binary);

  /// Puts the row's keys into `keys`; tells the bytes in front of the hidden columns (all, if there are
  /// none).
  Result<std::size_t> read(std::string_view row, MergeKeys& keys);
  /// Below 0: the row of `a` comes first.
  int compare(const MergeKeys& a, const MergeKeys& b) const;
  /// The row without its hidden columns, given what read() told; it may be made in `scratch`.
  std::string_view visible(std::string_view row, std::size_t size, std::string& scratch) const;

 private:
  enum class Kind : std::uint8_t { kSigned, kUnsigned, kDouble, kDecimal, kDate, kTime, kBytes };
  struct Key {
    std::size_t column;
    Kind kind;
    bool descending;
    std::string_view padding;
  };

  MergeKeyReader() = default;
  static Result<Kind> kind_of(const plan::MergeKey& key, const mysql::ColumnDefinition& column);
  /// Neither is NULL.
  static int compare_values(const Key& key, const mysql::Value& a, const mysql::Value& b);
  Result<std::size_t> read_text(std::string_view row, MergeKeys& keys);
  Result<std::size_t> read_binary(std::string_view row, MergeKeys& keys);

  std::vector<mysql::ColumnDefinition> columns_;
  std::vector<Key> keys_;
  std::size_t visible_ = 0;  ///< columns
  std::size_t read_ = 0;     ///< columns that must be looked at
  bool binary_ = false;
  std::vector<int> key_of_;  ///< by column; -1: none
};

/// Bytes, the shorter of which goes on with `padding`, over and over.
int compare_padded(std::string_view a, std::string_view b, std::string_view padding);

}  // namespace kintsugi::exec
