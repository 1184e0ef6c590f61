#include "mysql/response.h"

#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/status_flags.h"

namespace kintsugi::mysql {
namespace {

void write_change(Writer& writer, const SessionChange& change) {
  std::string data;
  Writer inner(data);
  switch (change.kind) {
    case SessionChange::Kind::system_variable:
      inner.lenenc_string(change.name).lenenc_string(change.value);
      break;
    case SessionChange::Kind::gtids:
      inner.u8(0).lenenc_string(change.value);  // 0: the encoding, the only one there is
      break;
    default:
      inner.lenenc_string(change.value);
      break;
  }
  writer.u8(static_cast<std::uint8_t>(change.kind)).lenenc_string(data);
}

/// False where the list is cut short. Kinds that are not known are left out.
bool read_changes(std::string_view bytes, std::vector<SessionChange>& changes) {
  Reader list(bytes);
  while (list.ok() && !list.empty()) {
    const auto kind = static_cast<SessionChange::Kind>(list.u8());
    Reader data(list.lenenc_string());
    if (kind == SessionChange::Kind::system_variable) {
      // MariaDB puts several pairs into one entry.
      while (data.ok() && !data.empty()) {
        const std::string_view name = data.lenenc_string();
        const std::string_view value = data.lenenc_string();
        changes.push_back({kind, std::string(name), std::string(value)});
      }
    } else if (kind <= SessionChange::Kind::transaction_state) {
      if (kind == SessionChange::Kind::gtids) data.skip(1);
      changes.push_back({kind, {}, std::string(data.lenenc_string())});
    }
    if (!data.ok()) return false;
  }
  return list.ok();
}

}  // namespace

void write_ok_packet(std::string& out, const OkPacket& ok, Capabilities capabilities, std::uint8_t header) {
  const bool changed = (capabilities & capability::kSessionTrack) != 0 && !ok.changes.empty();
  std::uint16_t status = ok.status & static_cast<std::uint16_t>(~status::kSessionStateChanged);
  if (changed) status |= status::kSessionStateChanged;
  Writer writer(out);
  writer.u8(header).lenenc(ok.affected_rows).lenenc(ok.last_insert_id).u16(status).u16(ok.warnings);
  // The documents say that without session tracking the text is the rest of the packet. Servers write its
  // length all the same, and PHP's mysqlnd, which tracks nothing, reads it.
  if (!ok.info.empty() || changed) writer.lenenc_string(ok.info);
  if (!changed) return;
  std::string changes;
  Writer inner(changes);
  for (const SessionChange& change : ok.changes) write_change(inner, change);
  writer.lenenc_string(changes);
}

Result<OkPacket> parse_ok_packet(std::string_view payload, Capabilities capabilities) {
  Reader reader(payload);
  OkPacket ok;
  reader.skip(1);
  ok.affected_rows = reader.lenenc();
  ok.last_insert_id = reader.lenenc();
  ok.status = reader.u16();
  ok.warnings = reader.u16();
  if (!reader.empty()) ok.info = reader.lenenc_string();
  const bool changed =
      (capabilities & capability::kSessionTrack) != 0 && (ok.status & status::kSessionStateChanged) != 0;
  if (changed && !reader.empty() && !read_changes(reader.lenenc_string(), ok.changes)) reader.fail();
  if (!reader.ok()) return failure(kMalformedPacket, "an OK packet is cut short");
  return ok;
}

void write_error_packet(std::string& out, std::uint16_t code, std::string_view sqlstate,
                        std::string_view message) {
  Writer(out).u8(0xff).u16(code).u8('#').bytes(sqlstate).bytes(message);
}

void write_error_packet(std::string& out, const Error& error) {
  write_error_packet(out, error.mysql_errno(), error.sqlstate(), error.text());
}

Error parse_error_packet(std::string_view payload) {
  Reader reader(payload);
  reader.skip(1);
  const std::uint16_t code = reader.u16();
  std::string_view sqlstate = "HY000";
  // Before authentication, errors come without their state.
  if (reader.peek() == '#') {
    reader.skip(1);
    sqlstate = reader.take(5);
  }
  if (!reader.ok() || !is_error_packet(payload)) return {kMalformedPacket, "an ERR packet is cut short"};
  return Error::from_server(code, sqlstate, std::string(reader.rest()));
}

void write_eof_packet(std::string& out, const EofPacket& eof) {
  Writer(out).u8(0xfe).u16(eof.warnings).u16(eof.status);
}

Result<EofPacket> parse_eof_packet(std::string_view payload) {
  Reader reader(payload);
  const std::uint8_t header = reader.u8();
  const std::uint16_t warnings = reader.u16();
  const std::uint16_t status = reader.u16();
  if (!reader.ok() || header != 0xfe) return failure(kMalformedPacket, "an EOF packet is cut short");
  return EofPacket{warnings, status};
}

void write_end_of_rows(std::string& out, const OkPacket& ok, Capabilities capabilities) {
  if (capabilities & capability::kDeprecateEof) {
    write_ok_packet(out, ok, capabilities, 0xfe);
  } else {
    const auto session = static_cast<std::uint16_t>(~status::kSessionStateChanged);
    write_eof_packet(out, {ok.warnings, static_cast<std::uint16_t>(ok.status & session)});
  }
}

bool is_end_of_rows(std::string_view payload, Capabilities capabilities) {
  if (!payload.starts_with('\xfe')) return false;
  // A row may begin with 0xfe as well: the length of a value of 16 MiB and more.
  return payload.size() < (capabilities & capability::kDeprecateEof ? kMaxFrame : 9);
}

Result<OkPacket> parse_end_of_rows(std::string_view payload, Capabilities capabilities) {
  if (capabilities & capability::kDeprecateEof) return parse_ok_packet(payload, capabilities);
  const Result<EofPacket> eof = parse_eof_packet(payload);
  if (!eof) return failure(eof.error());
  OkPacket ok;
  ok.status = eof->status;
  ok.warnings = eof->warnings;
  return ok;
}

void write_column_definition(std::string& out, const ColumnDefinition& column, Capabilities capabilities,
                             bool field_list) {
  constexpr std::uint8_t kFixedSize = 12;
  Writer writer(out);
  writer.lenenc_string("def").lenenc_string(column.schema).lenenc_string(column.table);
  writer.lenenc_string(column.org_table).lenenc_string(column.name).lenenc_string(column.org_name);
  if (capabilities & capability::kMariadbExtendedMetadata) writer.lenenc_string(column.extended);
  writer.lenenc(kFixedSize).u16(column.collation).u32(column.length);
  writer.u8(static_cast<std::uint8_t>(column.type)).u16(column.flags).u8(column.decimals).zeros(2);
  if (!field_list) return;
  if (column.default_value) {
    writer.lenenc_string(*column.default_value);
  } else {
    writer.u8(0xfb);
  }
}

Result<ColumnDefinition> parse_column_definition(std::string_view payload, Capabilities capabilities) {
  Reader reader(payload);
  ColumnDefinition column;
  reader.lenenc_string();  // catalog: always "def"
  column.schema = reader.lenenc_string();
  column.table = reader.lenenc_string();
  column.org_table = reader.lenenc_string();
  column.name = reader.lenenc_string();
  column.org_name = reader.lenenc_string();
  if (capabilities & capability::kMariadbExtendedMetadata) column.extended = reader.lenenc_string();
  Reader fixed(reader.lenenc_string());
  column.collation = fixed.u16();
  column.length = fixed.u32();
  column.type = static_cast<FieldType>(fixed.u8());
  column.flags = fixed.u16();
  column.decimals = fixed.u8();
  if (!reader.empty() && !reader.null()) column.default_value = reader.lenenc_string();
  if (!reader.ok() || !fixed.ok()) return failure(kMalformedPacket, "a column definition is cut short");
  return column;
}

void write_result_set_header(std::string& out, const ResultSetHeader& header, Capabilities capabilities) {
  Writer writer(out);
  if (capabilities & capability::kOptionalMetadata) writer.u8(header.metadata_follows);
  writer.lenenc(header.columns);
  if (capabilities & capability::kMariadbCacheMetadata) writer.u8(header.metadata_follows);
}

Result<ResultSetHeader> parse_result_set_header(std::string_view payload, Capabilities capabilities) {
  Reader reader(payload);
  ResultSetHeader header;
  if (capabilities & capability::kOptionalMetadata) header.metadata_follows = reader.u8() != 0;
  header.columns = reader.lenenc();
  if (capabilities & capability::kMariadbCacheMetadata) header.metadata_follows = reader.u8() != 0;
  // A server has at most 4,096 columns; the bound keeps a broken one from reserving memory here.
  if (!reader.ok() || header.columns == 0 || header.columns > 0xffff) {
    return failure(kMalformedPacket, "a result set's header is wrong");
  }
  return header;
}

void write_prepare_ok(std::string& out, const PrepareOk& prepared, Capabilities capabilities) {
  Writer writer(out);
  writer.u8(0).u32(prepared.statement_id).u16(prepared.columns).u16(prepared.parameters);
  writer.u8(0).u16(prepared.warnings);
  if (capabilities & capability::kOptionalMetadata) writer.u8(1);
}

Result<PrepareOk> parse_prepare_ok(std::string_view payload) {
  Reader reader(payload);
  PrepareOk prepared;
  const std::uint8_t header = reader.u8();
  prepared.statement_id = reader.u32();
  prepared.columns = reader.u16();
  prepared.parameters = reader.u16();
  reader.skip(1);
  if (!reader.empty()) prepared.warnings = reader.u16();
  if (!reader.ok() || header != 0) return failure(kMalformedPacket, "the answer to PREPARE is cut short");
  return prepared;
}

}  // namespace kintsugi::mysql
