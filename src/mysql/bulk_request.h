#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/request.h"

namespace kintsugi::mysql {

/// One parameter of one row.
struct BulkValue {
  enum class Kind : std::uint8_t {
    value = 0,
    null = 1,
    by_default = 2,  ///< as the word DEFAULT in its place
    ignored = 3,     ///< INSERT: as by_default; UPDATE: the column stays as it is
  };
  Kind kind = Kind::value;
  Value value;  ///< of a `value`, else null
};

/// MariaDB's COM_STMT_BULK_EXECUTE: a prepared statement is executed once for each row of values. They stay
/// in the packet until they are wanted: taken apart they are some tens of times as large.
struct BulkRequest {
  std::uint32_t statement_id = 0;
  std::uint16_t flags = 0;  ///< bulk_flag
  std::size_t rows = 0;
  bool leaves_columns = false;  ///< one value at least is `ignored`
  std::string_view cells;       ///< the values, row by row; points into the payload
};

namespace bulk_flag {
inline constexpr std::uint16_t kUnitResults = 64;  ///< the id of each row is asked for
inline constexpr std::uint16_t kSendsTypes = 128;
}  // namespace bulk_flag

/// `parameters`: as many as PREPARE said, one at least. `types`: as of parse_execute(). What is returned has
/// a row at least, and all of them are well-formed.
Result<BulkRequest> parse_bulk_execute(std::string_view payload, std::size_t parameters,
                                       std::vector<ParameterType>& types);

/// Takes the next row, a value for each of `types`, off the front of `request.cells`. Asked no more than
/// `request.rows` times, with the types that parse_bulk_execute() left.
void take_bulk_row(BulkRequest& request, std::span<const ParameterType> types, std::vector<BulkValue>& row);

}  // namespace kintsugi::mysql
