#include "mysql/request.h"

#include <utility>

#include "mysql/bulk_request.h"
#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::mysql {
namespace {

constexpr std::uint8_t kUnsignedBit = 0x80;
/// Prepared statements have at most 65,535 parameters; the bound keeps a lying count from reserving memory.
constexpr std::size_t kParametersMax = 0xffff;

tl::unexpected<Error> cut_short(Command command) {
  return failure(kMalformedPacket,
                 std::string("COM_") + command_name(command) + " is cut short or makes no sense");
}

/// The types behind the new-parameters-bound flag; one that does not exist fails, as nobody knows how long
/// its value is.
void read_types(Reader& reader, std::size_t count, bool named, std::vector<ParameterType>& types) {
  types.clear();
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    ParameterType type;
    const std::uint8_t byte = reader.u8();
    if (!is_known_type(byte)) reader.fail();
    type.type = static_cast<FieldType>(byte);
    type.is_unsigned = (reader.u8() & kUnsignedBit) != 0;
    if (named) type.name = reader.lenenc_string();
    types.push_back(std::move(type));
  }
}

bool bit_of(std::string_view bitmap, std::size_t i) { return bitmap[i / 8] >> i % 8 & 1; }

void write_parameters(std::string& out, std::span<const Parameter> parameters, bool named,
                      const std::vector<bool>& long_data) {
  const std::size_t bitmap = out.size();
  out.append((parameters.size() + 7) / 8, '\0');
  Writer writer(out);
  writer.u8(1);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterType& type = parameters[i].type;
    writer.u8(static_cast<std::uint8_t>(type.type)).u8(type.is_unsigned ? kUnsignedBit : 0);
    if (named) writer.lenenc_string(type.name);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i < long_data.size() && long_data[i]) continue;
    if (is_null(parameters[i].value)) {
      out[bitmap + i / 8] = static_cast<char>(out[bitmap + i / 8] | 1 << i % 8);
    } else {
      write_value(writer, parameters[i].type.type, parameters[i].value);
    }
  }
}

BulkValue read_bulk_value(Reader& reader, const ParameterType& type) {
  BulkValue cell;
  const std::uint8_t kind = reader.u8();
  if (kind > static_cast<std::uint8_t>(BulkValue::Kind::ignored)) reader.fail();
  cell.kind = static_cast<BulkValue::Kind>(kind);
  if (cell.kind == BulkValue::Kind::value) cell.value = read_value(reader, type.type, type.is_unsigned);
  return cell;
}

}  // namespace

std::optional<Command> command_of(std::string_view payload) {
  if (payload.empty()) return std::nullopt;
  return static_cast<Command>(static_cast<std::uint8_t>(payload.front()));
}

Result<QueryRequest> parse_query(std::string_view payload, Capabilities capabilities) {
  Reader reader(payload);
  QueryRequest request;
  reader.skip(1);
  if (capabilities & capability::kQueryAttributes) {
    const std::uint64_t count = reader.lenenc();
    reader.lenenc();  // sets of parameters: always 1
    if (count > kParametersMax) reader.fail();
    if (count > 0 && reader.ok()) {
      const std::string_view nulls = reader.take((count + 7) / 8);
      if (reader.u8() != 1) reader.fail();
      std::vector<ParameterType> types;
      read_types(reader, count, true, types);
      for (std::size_t i = 0; i < types.size() && reader.ok(); ++i) {
        Value value;
        if (!bit_of(nulls, i)) value = read_value(reader, types[i].type, types[i].is_unsigned);
        request.attributes.push_back({std::move(types[i]), value});
      }
    }
  }
  if (!reader.ok()) return cut_short(Command::query);
  request.sql = reader.rest();
  return request;
}

void write_query(std::string& out, std::string_view sql, Capabilities capabilities) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(Command::query));
  if (capabilities & capability::kQueryAttributes) writer.lenenc(0).lenenc(1);
  writer.bytes(sql);
}

void write_command(std::string& out, Command command, std::string_view argument) {
  Writer(out).u8(static_cast<std::uint8_t>(command)).bytes(argument);
}

Result<FieldListRequest> parse_field_list(std::string_view payload) {
  Reader reader(payload);
  FieldListRequest request;
  reader.skip(1);
  request.table = reader.null_string();
  request.wildcard = reader.null_string_or_rest();
  if (!reader.ok()) return cut_short(Command::field_list);
  return request;
}

Result<std::uint32_t> parse_id(std::string_view payload) {
  Reader reader(payload);
  const auto command = static_cast<Command>(reader.u8());
  const std::uint32_t id = reader.u32();
  if (!reader.ok()) return cut_short(command);
  return id;
}

void write_id_command(std::string& out, Command command, std::uint32_t id) {
  Writer(out).u8(static_cast<std::uint8_t>(command)).u32(id);
}

Result<std::uint16_t> parse_set_option(std::string_view payload) {
  Reader reader(payload);
  reader.skip(1);
  const std::uint16_t option = reader.u16();
  if (!reader.ok()) return cut_short(Command::set_option);
  return option;
}

Result<LongDataRequest> parse_long_data(std::string_view payload) {
  Reader reader(payload);
  LongDataRequest request;
  reader.skip(1);
  request.statement_id = reader.u32();
  request.parameter = reader.u16();
  request.data = reader.rest();
  if (!reader.ok()) return cut_short(Command::stmt_send_long_data);
  return request;
}

void write_long_data(std::string& out, const LongDataRequest& request) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(Command::stmt_send_long_data));
  writer.u32(request.statement_id).u16(request.parameter).bytes(request.data);
}

Result<FetchRequest> parse_fetch(std::string_view payload) {
  Reader reader(payload);
  FetchRequest request;
  reader.skip(1);
  request.statement_id = reader.u32();
  request.rows = reader.u32();
  if (!reader.ok()) return cut_short(Command::stmt_fetch);
  return request;
}

void write_fetch(std::string& out, const FetchRequest& request) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(Command::stmt_fetch)).u32(request.statement_id).u32(request.rows);
}

Result<ExecuteRequest> parse_execute(std::string_view payload, std::size_t parameters,
                                     std::vector<ParameterType>& types, const LongData& long_data,
                                     Capabilities capabilities, ExecuteRequest used) {
  Reader reader(payload);
  ExecuteRequest request = std::move(used);
  request.values.clear();
  std::vector<ParameterType>& rebound = request.types_before;
  rebound.clear();
  reader.skip(1);
  request.statement_id = reader.u32();
  request.flags = reader.u8();
  request.iterations = reader.u32();
  const bool attributes = (capabilities & capability::kQueryAttributes) != 0;
  std::size_t count = parameters;
  if (attributes && request.flags & execute_flag::kParameterCount) count = reader.lenenc();
  if (count < parameters || count > kParametersMax) reader.fail();
  if (count > 0 && reader.ok()) {
    const std::string_view nulls = reader.take((count + 7) / 8);
    if (reader.u8() == 1) read_types(reader, count, attributes, rebound);
    const std::vector<ParameterType>& bound = rebound.empty() ? types : rebound;
    if (bound.size() < count) reader.fail();
    for (std::size_t i = 0; i < count && reader.ok(); ++i) {
      Value value;
      if (i < long_data.size() && long_data[i]) {
        value = std::string_view(*long_data[i]);
      } else if (!bit_of(nulls, i)) {
        value = read_value(reader, bound[i].type, bound[i].is_unsigned);
      }
      if (i < parameters) request.values.push_back(value);
    }
  }
  if (!reader.ok()) return cut_short(Command::stmt_execute);
  if (!rebound.empty()) types.swap(rebound);
  return request;
}

Result<BulkRequest> parse_bulk_execute(std::string_view payload, std::size_t parameters,
                                       std::vector<ParameterType>& types) {
  Reader reader(payload);
  BulkRequest request;
  reader.skip(1);
  request.statement_id = reader.u32();
  request.flags = reader.u16();
  std::vector<ParameterType> bound = types;
  if ((request.flags & bulk_flag::kSendsTypes) != 0) read_types(reader, parameters, false, bound);
  if (parameters == 0 || bound.size() < parameters || reader.empty()) reader.fail();
  if (reader.ok()) request.cells = payload.substr(payload.size() - reader.remaining());
  for (; reader.ok() && !reader.empty(); ++request.rows) {
    for (std::size_t i = 0; i < parameters && reader.ok(); ++i)
      request.leaves_columns |= read_bulk_value(reader, bound[i]).kind == BulkValue::Kind::ignored;
  }
  if (!reader.ok()) return cut_short(Command::stmt_bulk_execute);
  types = std::move(bound);
  return request;
}

void take_bulk_row(BulkRequest& request, std::span<const ParameterType> types, std::vector<BulkValue>& row) {
  Reader reader(request.cells);
  row.clear();
  for (const ParameterType& type : types) row.push_back(read_bulk_value(reader, type));
  request.cells = reader.rest();
}

void write_execute(std::string& out, std::uint32_t statement_id, std::uint8_t flags,
                   std::span<const Parameter> parameters, Capabilities capabilities,
                   const std::vector<bool>& long_data) {
  const bool attributes = (capabilities & capability::kQueryAttributes) != 0;
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(Command::stmt_execute)).u32(statement_id);
  writer.u8(flags & static_cast<std::uint8_t>(~execute_flag::kParameterCount)).u32(1);
  if (!parameters.empty()) write_parameters(out, parameters, attributes, long_data);
}

}  // namespace kintsugi::mysql
