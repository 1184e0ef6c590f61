// Every parser of one packet. What one reads must be writable, and be read again as the same bytes.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "mysql/bulk_request.h"
#include "mysql/handshake.h"
#include "mysql/packet.h"
#include "mysql/request.h"
#include "mysql/response.h"
#include "mysql/row.h"

using namespace kintsugi::mysql;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void execute(Reader& input, Capabilities capabilities) {
  const std::size_t parameters = input.u8();
  LongData long_data(input.u8() & 1 ? parameters : 0);
  if (!long_data.empty()) long_data[0] = "long";
  std::vector<ParameterType> types;
  const auto request = parse_execute(input.rest(), parameters, types, long_data, capabilities);
  check(!request || request->values.size() == parameters);
}

void bulk_execute(Reader& input) {
  const std::size_t parameters = input.u8();
  std::vector<ParameterType> types;
  auto request = parse_bulk_execute(input.rest(), parameters, types);
  if (!request) return;
  std::vector<BulkValue> row;
  for (std::size_t rows = request->rows; rows > 0; --rows) {
    check(!request->cells.empty());
    take_bulk_row(*request, std::span(types).first(parameters), row);
    check(row.size() == parameters);
  }
  check(request->cells.empty());
}

void binary_row(Reader& input) {
  std::vector<ColumnDefinition> columns(input.u8());
  for (ColumnDefinition& column : columns) {
    column.type = static_cast<FieldType>(input.u8());
    column.flags = input.u8();
  }
  std::vector<Value> values;
  if (!parse_binary_row(input.rest(), columns, values)) return;
  check(values.size() == columns.size());
  for (std::size_t i = 0; i < values.size(); ++i) to_text(values[i], columns[i].type);
  std::string again;
  write_binary_row(again, columns, values);
  std::vector<Value> back;
  check(parse_binary_row(again, columns, back).has_value());
}

void text_row(Reader& input) {
  std::vector<ColumnDefinition> columns(input.u8());
  for (ColumnDefinition& column : columns) column.type = static_cast<FieldType>(input.u8());
  std::vector<Cell> cells;
  const std::string_view bytes = input.rest();
  if (!parse_text_row(bytes, columns.size(), cells)) return;
  std::string out;
  (void)text_row_to_binary(out, columns, cells);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader input({reinterpret_cast<const char*>(data), size});
  const std::uint8_t choice = input.u8();
  const Capabilities capabilities = input.u64();
  switch (choice % 10) {
    case 0:
      if (const auto ok = parse_ok_packet(input.rest(), capabilities)) {
        std::string again;
        write_ok_packet(again, *ok, capabilities);
        check(parse_ok_packet(again, capabilities).has_value());
      }
      break;
    case 1:
      parse_error_packet(input.rest());
      break;
    case 2:
      if (const auto column = parse_column_definition(input.rest(), capabilities)) {
        std::string again;
        write_column_definition(again, *column, capabilities);
        check(parse_column_definition(again, capabilities).has_value());
      }
      break;
    case 3:
      (void)parse_query(input.rest(), capabilities);
      break;
    case 4:
      execute(input, capabilities);
      break;
    case 5:
      binary_row(input);
      break;
    case 6:
      text_row(input);
      break;
    case 7:
      (void)parse_handshake_response(input.rest(), capabilities);
      break;
    case 8:
      (void)parse_change_user(input.rest(), capabilities);
      break;
    case 9:
      bulk_execute(input);
      break;
  }
  return 0;
}
