#include "mysql/types.h"

#include <string_view>

#include "mysql/command.h"

namespace kintsugi::mysql {
namespace {

constexpr const char* kUnknownType = "unknown";

}  // namespace

bool is_integer_type(FieldType type) {
  switch (type) {
    case FieldType::tiny:
    case FieldType::short_:
    case FieldType::long_:
    case FieldType::longlong:
    case FieldType::int24:
    case FieldType::year:
      return true;
    default:
      return false;
  }
}

bool is_date_type(FieldType type) {
  switch (type) {
    case FieldType::date:
    case FieldType::newdate:
    case FieldType::datetime:
    case FieldType::datetime2:
    case FieldType::timestamp:
    case FieldType::timestamp2:
      return true;
    default:
      return false;
  }
}

bool is_known_type(std::uint8_t byte) {
  return std::string_view(type_name(static_cast<FieldType>(byte))) != kUnknownType;
}

bool is_string_type(FieldType type) {
  switch (type) {
    case FieldType::null:
    case FieldType::float_:
    case FieldType::double_:
    case FieldType::time:
    case FieldType::time2:
      return false;
    default:
      return !is_integer_type(type) && !is_date_type(type);
  }
}

const char* type_name(FieldType type) {
  switch (type) {
#define KT_TYPE(value, text) \
  case FieldType::value:     \
    return text;
    KT_TYPE(decimal, "decimal")
    KT_TYPE(tiny, "tiny")
    KT_TYPE(short_, "short")
    KT_TYPE(long_, "long")
    KT_TYPE(float_, "float")
    KT_TYPE(double_, "double")
    KT_TYPE(null, "null")
    KT_TYPE(timestamp, "timestamp")
    KT_TYPE(longlong, "longlong")
    KT_TYPE(int24, "int24")
    KT_TYPE(date, "date")
    KT_TYPE(time, "time")
    KT_TYPE(datetime, "datetime")
    KT_TYPE(year, "year")
    KT_TYPE(newdate, "newdate")
    KT_TYPE(varchar, "varchar")
    KT_TYPE(bit, "bit")
    KT_TYPE(timestamp2, "timestamp2")
    KT_TYPE(datetime2, "datetime2")
    KT_TYPE(time2, "time2")
    KT_TYPE(vector, "vector")
    KT_TYPE(json, "json")
    KT_TYPE(newdecimal, "newdecimal")
    KT_TYPE(enum_, "enum")
    KT_TYPE(set, "set")
    KT_TYPE(tiny_blob, "tiny_blob")
    KT_TYPE(medium_blob, "medium_blob")
    KT_TYPE(long_blob, "long_blob")
    KT_TYPE(blob, "blob")
    KT_TYPE(var_string, "var_string")
    KT_TYPE(string, "string")
    KT_TYPE(geometry, "geometry")
#undef KT_TYPE
  }
  return kUnknownType;
}

const char* command_name(Command command) {
  switch (command) {
#define KT_COMMAND(value) \
  case Command::value:    \
    return #value;
    KT_COMMAND(sleep)
    KT_COMMAND(quit)
    KT_COMMAND(init_db)
    KT_COMMAND(query)
    KT_COMMAND(field_list)
    KT_COMMAND(create_db)
    KT_COMMAND(drop_db)
    KT_COMMAND(refresh)
    KT_COMMAND(shutdown)
    KT_COMMAND(statistics)
    KT_COMMAND(process_info)
    KT_COMMAND(connect)
    KT_COMMAND(process_kill)
    KT_COMMAND(debug)
    KT_COMMAND(ping)
    KT_COMMAND(change_user)
    KT_COMMAND(binlog_dump)
    KT_COMMAND(register_replica)
    KT_COMMAND(stmt_prepare)
    KT_COMMAND(stmt_execute)
    KT_COMMAND(stmt_send_long_data)
    KT_COMMAND(stmt_close)
    KT_COMMAND(stmt_reset)
    KT_COMMAND(set_option)
    KT_COMMAND(stmt_fetch)
    KT_COMMAND(binlog_dump_gtid)
    KT_COMMAND(reset_connection)
    KT_COMMAND(stmt_bulk_execute)
#undef KT_COMMAND
  }
  return "unknown";
}

}  // namespace kintsugi::mysql
