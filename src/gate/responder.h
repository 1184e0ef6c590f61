#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "exec/executor.h"
#include "gate/client_link.h"
#include "mysql/response.h"
#include "wire/relay.h"

namespace kintsugi::gate {

/// Writes answers to a client in the form it has agreed on. Nothing is sent before flush(), but for rows of
/// which much has come together.
class Responder final : public wire::AnswerEditor {
 public:
  Responder(ClientLink& link, const mysql::Capabilities& capabilities)
      : link_(link), capabilities_(capabilities) {}

  /// A routine's statement runs: its OK goes to `ok` and its ERR nowhere; rows are sent as ever, if
  /// `rows_allowed`. Null: no longer.
  void set_inner(mysql::OkPacket* ok, bool rows_allowed = true) {
    inner_ok_ = ok;
    rows_allowed_ = rows_allowed;
  }
  bool rows_allowed() const { return rows_allowed_; }

  /// Asked for the status flags of each answer.
  void set_status(std::function<std::uint16_t()> status) { status_ = std::move(status); }
  /// Whether the statement at hand is a prepared one, whose rows are binary.
  void set_binary_rows(bool binary) { binary_rows_ = binary; }

  /// `ok.status` is replaced by the session's.
  void ok(mysql::OkPacket ok = {});
  void error(const Error& error);
  void packet(std::string_view payload) { link_.add(payload); }
  /// What comes before the rows. `flags` are told besides the session's status.
  void columns(const std::vector<mysql::ColumnDefinition>& columns, std::uint16_t flags = 0);
  void end_of_rows(mysql::OkPacket ok = {});
  /// The answer to an execution whose rows wait in a cursor.
  void cursor_opened(const std::vector<mysql::ColumnDefinition>& columns, mysql::OkPacket ok);

  /// An answer of the gate's own. Cells of number columns are digits.
  using Row = std::vector<std::string>;
  struct Title {
    Title(std::string name_, bool number_ = false, bool small_ = false)
        : name(std::move(name_)), number(number_), small(small_) {}
    Title(const char* name_, bool number_ = false, bool small_ = false)
        : Title(std::string(name_), number_, small_) {}
    std::string name;
    bool number;
    bool small;  ///< the number is an INT, else a BIGINT
  };
  void table(const std::vector<Title>& titles, const std::vector<Row>& rows);

  ClientLink& link() { return link_; }
  mysql::Capabilities capabilities() const { return capabilities_; }
  std::uint16_t status() const { return status_ ? status_() : 0; }
  /// The session's status and the client's capabilities, put on what a server said.
  void adapt(mysql::OkPacket& ok) const;
  /// Of a server's answer that is passed on.
  void edit_ok(mysql::OkPacket& ok) override { adapt(ok); }
  void edit_error(Error&) override {}

 private:
  void definitions(const std::vector<mysql::ColumnDefinition>& columns);

  ClientLink& link_;
  const mysql::Capabilities& capabilities_;
  bool binary_rows_ = false;
  mysql::OkPacket* inner_ok_ = nullptr;
  bool rows_allowed_ = true;
  std::function<std::uint16_t()> status_;
  std::string scratch_;
};

/// An answer of exec's, written to the client.
class ClientSink final : public exec::RowSink {
 public:
  explicit ClientSink(Responder& responder) : responder_(responder) {}
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

  bool has_columns() const { return has_columns_; }
  bool client_lost() const { return client_lost_; }
  std::uint64_t row_count() const { return row_count_; }
  std::uint64_t byte_count() const { return byte_count_; }  ///< of rows
  /// What the answer ended with. Not sent yet: the session sees it first.
  mysql::OkPacket& final_ok() { return final_ok_; }

 private:
  Responder& responder_;
  bool has_columns_ = false;
  bool client_lost_ = false;
  std::uint64_t row_count_ = 0;
  std::uint64_t byte_count_ = 0;
  mysql::OkPacket final_ok_;
};

}  // namespace kintsugi::gate
