#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "mysql/capabilities.h"
#include "mysql/command.h"
#include "mysql/value.h"

/// Commands as payloads, their first byte included. Parsers are given what command_of() said it is; views in
/// what they return point into the payload. Those that carry one string (COM_QUERY without attributes,
/// COM_INIT_DB, COM_STMT_PREPARE) are just that: payload.substr(1).
namespace kintsugi::mysql {

/// The command of a packet; nothing for an empty one.
std::optional<Command> command_of(std::string_view payload);

/// The type of a parameter as the client bound it. `name` only with kQueryAttributes.
struct ParameterType {
  FieldType type = FieldType::null;
  bool is_unsigned = false;
  std::string name;
};

struct Parameter {
  ParameterType type;
  Value value;
};

/// COM_QUERY. `attributes` only with kQueryAttributes.
struct QueryRequest {
  std::string_view sql;
  std::vector<Parameter> attributes;
};
Result<QueryRequest> parse_query(std::string_view payload, Capabilities capabilities);
/// Without attributes, in the form the capabilities ask for.
void write_query(std::string& out, std::string_view sql, Capabilities capabilities);

/// A command that is its byte and a string: COM_INIT_DB, COM_STMT_PREPARE, …; or its byte alone.
void write_command(std::string& out, Command command, std::string_view argument = {});

struct FieldListRequest {
  std::string_view table;
  std::string_view wildcard;
};
Result<FieldListRequest> parse_field_list(std::string_view payload);

/// COM_PROCESS_KILL's connection; the statement of COM_STMT_CLOSE, COM_STMT_RESET, and of EXECUTE,
/// SEND_LONG_DATA and FETCH, which go on behind it.
Result<std::uint32_t> parse_id(std::string_view payload);
void write_id_command(std::string& out, Command command, std::uint32_t id);

/// COM_SET_OPTION: 0 multi-statements on, 1 off.
Result<std::uint16_t> parse_set_option(std::string_view payload);

struct LongDataRequest {
  std::uint32_t statement_id = 0;
  std::uint16_t parameter = 0;
  std::string_view data;
};
Result<LongDataRequest> parse_long_data(std::string_view payload);
void write_long_data(std::string& out, const LongDataRequest& request);

struct FetchRequest {
  std::uint32_t statement_id = 0;
  std::uint32_t rows = 0;
};
Result<FetchRequest> parse_fetch(std::string_view payload);
void write_fetch(std::string& out, const FetchRequest& request);

/// COM_STMT_EXECUTE.
struct ExecuteRequest {
  std::uint32_t statement_id = 0;
  std::uint8_t flags = 0;        ///< execute_flag
  std::uint32_t iterations = 1;  ///< always 1
  std::vector<Value> values;     ///< one a parameter; long data is a view of what was given as such
  std::vector<ParameterType> types_before;  ///< how they were bound before, where this one binds anew
};

namespace execute_flag {
inline constexpr std::uint8_t kReadOnlyCursor = 0x01;
inline constexpr std::uint8_t kForUpdateCursor = 0x02;
inline constexpr std::uint8_t kScrollableCursor = 0x04;
inline constexpr std::uint8_t kParameterCount = 0x08;  ///< kQueryAttributes: the count is in the packet
}  // namespace execute_flag

/// The client's COM_STMT_SEND_LONG_DATA by parameter; nothing for those it sent none for.
using LongData = std::vector<std::optional<std::string>>;

/// `parameters`: as many as PREPARE said. `types`: how they were bound at the last EXECUTE (empty at first);
/// overwritten where this one binds anew and makes sense. `long_data`: empty or one entry a parameter; must
/// outlive the result. Query attributes behind the parameters are read and dropped. `used`: a result that is
/// done with, for its memory.
Result<ExecuteRequest> parse_execute(std::string_view payload, std::size_t parameters,
                                     std::vector<ParameterType>& types, const LongData& long_data,
                                     Capabilities capabilities, ExecuteRequest used = {});

/// Binds anew. Parameters sent before as long data are in `long_data` and leave no value here.
void write_execute(std::string& out, std::uint32_t statement_id, std::uint8_t flags,
                   std::span<const Parameter> parameters, Capabilities capabilities,
                   const std::vector<bool>& long_data = {});

}  // namespace kintsugi::mysql
