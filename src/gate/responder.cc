#include "gate/responder.h"

#include <cstdlib>

#include "gate/errors.h"
#include "mysql/charset.h"
#include "mysql/packet.h"
#include "mysql/row.h"
#include "mysql/status_flags.h"

namespace kintsugi::gate {
namespace {

/// What of a server's status is about its answer; the rest is the session's.
constexpr std::uint16_t kOfAnswer =
    mysql::status::kNoGoodIndexUsed | mysql::status::kNoIndexUsed | mysql::status::kQueryWasSlow |
    mysql::status::kMetadataChanged | mysql::status::kOutParameters | mysql::status::kDatabaseDropped |
    mysql::status::kMoreResults | mysql::status::kCursorExists | mysql::status::kLastRowSent;

}  // namespace

void Responder::adapt(mysql::OkPacket& ok) const {
  ok.status = static_cast<std::uint16_t>((ok.status & kOfAnswer) | status());
}

void Responder::ok(mysql::OkPacket ok) {
  if (inner_ok_ != nullptr) {
    *inner_ok_ = std::move(ok);
    return;
  }
  adapt(ok);
  scratch_.clear();
  mysql::write_ok_packet(scratch_, ok, capabilities_);
  link_.add(scratch_);
}

void Responder::error(const Error& error) {
  scratch_.clear();
  mysql::write_error_packet(scratch_, error);
  link_.add(scratch_);
}

void Responder::definitions(const std::vector<mysql::ColumnDefinition>& columns) {
  scratch_.clear();
  mysql::write_result_set_header(scratch_, {columns.size(), true}, capabilities_);
  link_.add(scratch_);
  for (const mysql::ColumnDefinition& column : columns) {
    scratch_.clear();
    mysql::write_column_definition(scratch_, column, capabilities_);
    link_.add(scratch_);
  }
}

void Responder::columns(const std::vector<mysql::ColumnDefinition>& columns, std::uint16_t flags) {
  definitions(columns);
  if ((capabilities_ & mysql::capability::kDeprecateEof) != 0) return;
  scratch_.clear();
  mysql::write_eof_packet(scratch_, {0, static_cast<std::uint16_t>(status() | flags)});
  link_.add(scratch_);
}

void Responder::end_of_rows(mysql::OkPacket ok) {
  adapt(ok);
  scratch_.clear();
  mysql::write_end_of_rows(scratch_, ok, capabilities_);
  link_.add(scratch_);
}

void Responder::cursor_opened(const std::vector<mysql::ColumnDefinition>& columns, mysql::OkPacket ok) {
  definitions(columns);
  ok.status |= mysql::status::kCursorExists;
  end_of_rows(std::move(ok));
}

void Responder::table(const std::vector<Title>& titles, const std::vector<Row>& rows) {
  std::vector<mysql::ColumnDefinition> made;
  for (const Title& title : titles) {
    mysql::ColumnDefinition definition;
    definition.name = title.name;
    definition.length = 1024;
    if (title.number) {
      definition.type = title.small ? mysql::FieldType::long_ : mysql::FieldType::longlong;
      definition.length = title.small ? 4 : 21;
      definition.collation = mysql::kBinaryCollation;
      definition.flags = mysql::column_flag::kUnsigned | mysql::column_flag::kBinary;
    }
    made.push_back(std::move(definition));
  }
  columns(made);
  for (const Row& row : rows) {
    scratch_.clear();
    if (binary_rows_) {
      std::vector<mysql::Value> values;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (titles[i].number) {
          values.emplace_back(std::uint64_t{std::strtoull(row[i].c_str(), nullptr, 10)});
        } else {
          values.emplace_back(std::string_view(row[i]));
        }
      }
      mysql::write_binary_row(scratch_, made, values);
    } else {
      const std::vector<mysql::Cell> cells(row.begin(), row.end());
      mysql::write_text_row(scratch_, cells);
    }
    link_.add(scratch_);
  }
  end_of_rows();
}

Task<Result<void>> ClientSink::columns(std::vector<mysql::ColumnDefinition> columns) {
  if (!responder_.rows_allowed())
    co_return failure(kNoResultSets,
                      "the procedure answers with rows, which the client has not agreed to take");
  has_columns_ = true;
  responder_.columns(columns);
  co_return Result<void>();
}

Task<Result<void>> ClientSink::rows(exec::RowBatch batch) {
  row_count_ += mysql::count_packets({batch.frames.data(), batch.frames.size()});
  byte_count_ += batch.frames.size();
  Result<void> passed = co_await responder_.link().pass(batch.frames);
  client_lost_ = !passed;
  co_return passed;
}

Task<Result<void>> ClientSink::done(mysql::OkPacket ok) {
  final_ok_ = std::move(ok);
  co_return Result<void>();
}

}  // namespace kintsugi::gate
