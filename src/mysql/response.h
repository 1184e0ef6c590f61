#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/capabilities.h"
#include "mysql/types.h"

/// The packets of an answer, but for its rows (row.h). Payloads without frame headers; `write_…` appends.
namespace kintsugi::mysql {

/// One thing that a statement changed in its session (CLIENT_SESSION_TRACK).
struct SessionChange {
  enum class Kind : std::uint8_t {
    system_variable = 0,              ///< `name` and `value`
    schema = 1,                       ///< `value`: the new default database
    state_change = 2,                 ///< `value` "1": something of the session changed
    gtids = 3,                        ///< `value`: MySQL's GTID set
    transaction_characteristics = 4,  ///< `value`: the SQL that starts such a transaction
    transaction_state = 5,            ///< `value`: eight letters, "T_______"
  };
  Kind kind;
  std::string name;
  std::string value;
};

struct OkPacket {
  std::uint64_t affected_rows = 0;
  std::uint64_t last_insert_id = 0;
  std::uint16_t status = 0;  ///< see status_flags.h; kSessionStateChanged is set where `changes` has any
  std::uint16_t warnings = 0;
  std::string info;  ///< "Rows matched: 1  Changed: 0  Warnings: 0"
  std::vector<SessionChange> changes;
};

/// `header` 0x00, or 0xfe for the OK that ends a result set under kDeprecateEof.
void write_ok_packet(std::string& out, const OkPacket& ok, Capabilities capabilities,
                     std::uint8_t header = 0x00);
Result<OkPacket> parse_ok_packet(std::string_view payload, Capabilities capabilities);

/// `sqlstate` five characters.
void write_error_packet(std::string& out, std::uint16_t code, std::string_view sqlstate,
                        std::string_view message);
/// The packet for an Error as clients see it: its MySQL number and state, and text().
void write_error_packet(std::string& out, const Error& error);
/// What the server said, as an Error::from_server; kMalformedPacket where it cannot be read.
Error parse_error_packet(std::string_view payload);

struct EofPacket {
  std::uint16_t warnings = 0;
  std::uint16_t status = 0;
};
void write_eof_packet(std::string& out, const EofPacket& eof);
Result<EofPacket> parse_eof_packet(std::string_view payload);

/// What ends a result set's rows, in the form the capabilities ask for: an EOF packet, or an OK packet with
/// header 0xfe. Of the OK, an EOF keeps warnings and status.
void write_end_of_rows(std::string& out, const OkPacket& ok, Capabilities capabilities);
/// Whether a packet where a row is expected is the end of rows instead; then parse_end_of_rows.
bool is_end_of_rows(std::string_view payload, Capabilities capabilities);
Result<OkPacket> parse_end_of_rows(std::string_view payload, Capabilities capabilities);

inline bool is_ok_packet(std::string_view payload) { return payload.starts_with('\0'); }
inline bool is_error_packet(std::string_view payload) { return payload.starts_with('\xff'); }
/// LOAD DATA LOCAL INFILE: the server wants the client's file, whose name is the rest of the payload.
inline bool is_local_infile(std::string_view payload) { return payload.starts_with('\xfb'); }

/// Protocol::ColumnDefinition41.
struct ColumnDefinition {
  std::string schema;
  std::string table;      ///< its alias
  std::string org_table;  ///< its name
  std::string name;
  std::string org_name;
  std::uint16_t collation = 45;
  std::uint32_t length = 0;  ///< in bytes
  FieldType type = FieldType::var_string;
  std::uint16_t flags = 0;    ///< see column_flag
  std::uint8_t decimals = 0;  ///< 31: not a fixed number
  /// MariaDB's extended metadata as it came (kMariadbExtendedMetadata): "\0\4json" and the like.
  std::string extended;
  /// Only in answers to COM_FIELD_LIST: the default value.
  std::optional<std::string> default_value;

  bool is_unsigned() const { return (flags & column_flag::kUnsigned) != 0; }
};

/// `field_list`: with the default value at its end.
void write_column_definition(std::string& out, const ColumnDefinition& column, Capabilities capabilities,
                             bool field_list = false);
Result<ColumnDefinition> parse_column_definition(std::string_view payload, Capabilities capabilities);

/// The first packet of a result set.
struct ResultSetHeader {
  std::uint64_t columns = 0;
  bool metadata_follows = true;  ///< false only under kOptionalMetadata or kMariadbCacheMetadata
};
void write_result_set_header(std::string& out, const ResultSetHeader& header, Capabilities capabilities);
Result<ResultSetHeader> parse_result_set_header(std::string_view payload, Capabilities capabilities);

/// The first packet of the answer to COM_STMT_PREPARE; definitions of parameters, then of columns follow,
/// each list with an EOF behind it unless it is empty or kDeprecateEof was agreed.
struct PrepareOk {
  std::uint32_t statement_id = 0;
  std::uint16_t columns = 0;
  std::uint16_t parameters = 0;
  std::uint16_t warnings = 0;
};
void write_prepare_ok(std::string& out, const PrepareOk& prepared, Capabilities capabilities);
Result<PrepareOk> parse_prepare_ok(std::string_view payload);

}  // namespace kintsugi::mysql
