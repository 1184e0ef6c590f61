#pragma once

#include <cstdint>

namespace kintsugi::mysql {

/// The first byte of a packet that starts a command. Others exist and are refused with error 1047.
enum class Command : std::uint8_t {
  sleep = 0x00,
  quit = 0x01,
  init_db = 0x02,
  query = 0x03,
  field_list = 0x04,
  create_db = 0x05,
  drop_db = 0x06,
  refresh = 0x07,
  shutdown = 0x08,
  statistics = 0x09,
  process_info = 0x0a,
  connect = 0x0b,
  process_kill = 0x0c,
  debug = 0x0d,
  ping = 0x0e,
  change_user = 0x11,
  binlog_dump = 0x12,
  register_replica = 0x15,
  stmt_prepare = 0x16,
  stmt_execute = 0x17,
  stmt_send_long_data = 0x18,
  stmt_close = 0x19,
  stmt_reset = 0x1a,
  set_option = 0x1b,
  stmt_fetch = 0x1c,
  binlog_dump_gtid = 0x1e,
  reset_connection = 0x1f,
  stmt_bulk_execute = 0xfa,  ///< MariaDB
};

/// "query", "stmt_prepare", …; "unknown" for what is not in the list.
const char* command_name(Command command);

/// Whether the server answers at all: COM_QUIT, COM_STMT_CLOSE and COM_STMT_SEND_LONG_DATA get no reply.
constexpr bool has_reply(Command command) {
  return command != Command::quit && command != Command::stmt_close &&
         command != Command::stmt_send_long_data;
}

}  // namespace kintsugi::mysql
