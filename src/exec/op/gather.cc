#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exec/errors.h"
#include "exec/op/concatenation.h"
#include "exec/op/ok_sink.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/row_joiner.h"
#include "mysql/quote.h"
#include "mysql/row.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

constexpr std::size_t kInsertBytes =
    256 * 1024;  // of one INSERT into a temporary table, and the row that passes it

/// Whether copies are made on the session's own connection, which is also one that they may be read from.
bool is_beside(const plan::Gather& gather) { return !gather.shard.empty(); }

/// A request to where the copies are.
ShardRequest at_copies(const ExecContext& context, const plan::Gather& gather, ShardRequest::Part part,
                       std::string_view text) {
  ShardRequest request;
  request.keyspace = gather.keyspace;
  request.type = gather.type;
  request.own_text = false;
  request.part = part;
  request.text = text;
  request.stays = is_beside(gather);
  request.scratch = !request.stays;
  if (request.stays) {
    request.shard =
        context.plan.routing->find_keyspace(gather.keyspace)->find_shard(gather.shard, gather.type);
    request.write = true;
  }
  return request;
}

Task<Result<void>> on_copy(ExecContext& context, const plan::Gather& gather, ShardRequest::Part part,
                           std::string text) {
  OkSink sink;
  const ShardRequest request = at_copies(context, gather, part, text);
  Result<void> done = co_await context.shards.run(request, sink, context.cancel);
  co_return done;
}

/// INSERTs that fill a copy. They are kept until it has been read, where its connection is one of those that
/// it is read from.
class Filling {
 public:
  Filling(ExecContext& context, const plan::Gather& gather) : context_(context), gather_(gather) {
    if (is_beside(gather)) kept_.emplace(*context.spill);
  }

  Task<Result<void>> add(std::string insert) {
    if (kept_) co_return keep(insert);
    Result<void> sent = co_await send(std::move(insert));
    co_return sent;
  }

  Task<Result<void>> send_kept() {
    while (kept_ && kept_->size() > 0) {
      Result<std::string> insert = next();
      if (!insert) co_return failure(std::move(insert.error()));
      Result<void> sent = co_await send(std::move(*insert));
      if (!sent) co_return sent;
    }
    co_return Result<void>();
  }

 private:
  using Length = std::uint64_t;

  Task<Result<void>> send(std::string insert) {
    Result<void> sent = co_await on_copy(context_, gather_, ShardRequest::Part::kCopyIn, std::move(insert));
    co_return sent;
  }

  Result<void> keep(const std::string& insert) {
    const Length length = insert.size();
    std::array<char, sizeof(length)> bytes;
    std::memcpy(bytes.data(), &length, sizeof(length));
    if (Result<void> done = kept_->append({bytes.data(), bytes.size()}); !done) return done;
    return kept_->append(insert);
  }

  Result<std::string> next() {
    Length length = 0;
    Result<std::span<char>> head = kept_->read(sizeof(length));
    if (!head) return failure(std::move(head.error()));
    std::memcpy(&length, head->data(), sizeof(length));
    kept_->consume(sizeof(length));
    Result<std::span<char>> body = kept_->read(length);
    if (!body) return failure(std::move(body.error()));
    std::string insert(body->data(), length);
    kept_->consume(length);
    return insert;
  }

  ExecContext& context_;
  const plan::Gather& gather_;
  std::optional<runtime::SpillBuffer> kept_;
};

/// The values of the columns that later copies are linked to, where they are few.
class LinkValues {
 public:
  explicit LinkValues(const plan::Gather& gather) {
    for (const plan::GatheredTable& table : gather.tables) {
      for (const plan::CopyLink& link : table.links) columns_[link.from].try_emplace(link.from_column);
    }
  }

  struct Column {
    std::set<std::string> values;  ///< as SQL
    std::size_t bytes = 0;
    bool too_many = false;

    void add(std::string value) {
      if (too_many) return;
      const auto [added, is_new] = values.insert(std::move(value));
      if (is_new) bytes += added->size();
      if (values.size() <= plan::kLinkValuesMax && bytes <= plan::kLinkBytesMax) return;
      too_many = true;
      values.clear();
    }
  };

  /// Of a copy that is being filled: by name.
  std::map<std::string, Column>& of(const std::string& copy) { return columns_[copy]; }
  const Column& of(const plan::CopyLink& link) const { return columns_.at(link.from).at(link.from_column); }

 private:
  std::map<std::string, std::map<std::string, Column>> columns_;
};

/// Puts the rows of one table into its temporary table, as many at a time as fit an INSERT.
class CopySink final : public RowSink {
 public:
  /// `known`: the temporary table's columns, if others may come.
  CopySink(ExecContext& context, const plan::Gather& gather, const plan::GatheredTable& table,
           ExecContext::Usage& used, LinkValues& links, std::set<std::string> known)
      : context_(context),
        gather_(gather),
        table_(table),
        used_(used),
        link_columns_(links.of(table.name)),
        known_(std::move(known)),
        filling_(context, gather) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    columns_ = std::move(columns);
    into_ = table_.appended ? into_known_columns() : fmt::format("INSERT INTO `{}` VALUES ", table_.name);
    linked_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto found = link_columns_.find(columns_[i].name);
      if (found != link_columns_.end()) linked_.emplace_back(i, &found->second);
    }
    co_return Result<void>();
  }

  Task<Result<void>> rows(RowBatch batch) override {
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (const std::optional<std::string_view> row = joiner_.next(frames)) {
      Result<void> added = add_row(*row);
      if (!added) co_return added;
      if (insert_.size() < kInsertBytes) continue;
      Result<void> sent = co_await flush();
      if (!sent) co_return sent;
    }
    co_return Result<void>();
  }

  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }

  /// All rows have come.
  Task<Result<void>> finish() {
    Result<void> sent = co_await flush();
    if (sent) sent = co_await filling_.send_kept();
    co_return sent;
  }

 private:
  Task<Result<void>> flush() {
    if (insert_.empty()) co_return Result<void>();
    std::string insert = std::move(insert_);
    insert_.clear();
    Result<void> done = co_await filling_.add(std::move(insert));
    co_return done;
  }

  Result<void> add_row(std::string_view row) {
    Result<void> parsed = mysql::parse_text_row(row, columns_.size(), cells_);
    if (!parsed) return parsed;
    ++used_.rows;
    used_.bytes += row.size();
    if (used_.rows > context_.gather_rows_max || used_.bytes > context_.gather_bytes_max) {
      return failure(
          kGatherTooLarge,
          fmt::format("the query needs more than {} rows or {} bytes on one server; {} "
                      "was being copied ({})",
                      context_.gather_rows_max, context_.gather_bytes_max, table_.table, gather_.reason));
    }
    for (const auto& [column, values] : linked_) {
      if (cells_[column]) values->add(constant(columns_[column], *cells_[column]));
    }
    insert_ += insert_.empty() ? into_ : ",";
    insert_ += '(';
    const std::size_t begin = insert_.size();
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (table_.appended && !known_.contains(columns_[i].name)) continue;
      if (insert_.size() > begin) insert_ += ',';
      append_cell(columns_[i], cells_[i]);
    }
    insert_ += ')';
    return {};
  }

  std::string into_known_columns() const {
    std::string names;
    for (const mysql::ColumnDefinition& column : columns_) {
      if (!known_.contains(column.name)) continue;
      if (!names.empty()) names += ',';
      mysql::append_identifier(names, column.name);
    }
    return fmt::format("INSERT INTO `{}` ({}) VALUES ", table_.name, names);
  }

  static bool is_number(const mysql::ColumnDefinition& column) {
    using mysql::FieldType;
    return mysql::is_integer_type(column.type) || column.type == FieldType::year ||
           column.type == FieldType::newdecimal || column.type == FieldType::decimal ||
           column.type == FieldType::double_ || column.type == FieldType::float_;
  }

  static bool is_bytes(const mysql::ColumnDefinition& column) {
    constexpr std::uint16_t kBinary = 63;
    // MySQL says of JSON that it is bytes, and makes it of text only.
    if (column.type == mysql::FieldType::json) return false;
    return column.type == mysql::FieldType::bit || column.type == mysql::FieldType::geometry ||
           (column.collation == kBinary && mysql::is_string_type(column.type));
  }

  void append_cell(const mysql::ColumnDefinition& column, const mysql::Cell& cell) {
    if (!cell) {
      insert_ += "NULL";
    } else if (is_number(column)) {
      insert_ += *cell;
    } else if (is_bytes(column)) {
      append_hex(insert_, *cell);
    } else {
      mysql::append_quoted(insert_, *cell);
    }
  }

  /// The value as SQL that means the same under any sql_mode.
  static std::string constant(const mysql::ColumnDefinition& column, std::string_view text) {
    if (is_number(column)) return std::string(text);
    std::string out;
    if (!is_bytes(column)) out = "_utf8mb4 ";
    append_hex(out, text);
    return out;
  }

  static void append_hex(std::string& out, std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out += "x'";
    for (const char c : bytes) {
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    }
    out += '\'';
  }

  ExecContext& context_;
  const plan::Gather& gather_;
  const plan::GatheredTable& table_;
  ExecContext::Usage& used_;
  std::map<std::string, LinkValues::Column>& link_columns_;
  const std::set<std::string> known_;
  std::string into_;  ///< how an INSERT of rows begins
  Filling filling_;
  std::vector<std::pair<std::size_t, LinkValues::Column*>> linked_;
  std::vector<mysql::ColumnDefinition> columns_;
  std::vector<mysql::Cell> cells_;
  RowJoiner joiner_;
  std::string insert_;
};

/// Keeps the names of an answer's columns.
class NamesSink final : public RowSink {
 public:
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    for (mysql::ColumnDefinition& column : columns) names.insert(std::move(column.name));
    co_return Result<void>();
  }
  Task<Result<void>> rows(RowBatch) override { co_return Result<void>(); }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }

  std::set<std::string> names;
};

/// What is read of one table, in this execution.
struct Reading {
  std::string text;
  plan::Destination destination;
  bool nothing = false;  ///< no row is needed
};

/// Narrows what is read to rows with one of the link's values.
void narrow(Reading& reading, bool& filtered, const plan::CopyLink& link,
            const std::set<std::string>& values) {
  reading.nothing |= values.empty();
  reading.text += filtered ? " and " : " where ";
  filtered = true;
  mysql::append_identifier(reading.text, link.column);
  reading.text += fmt::format(" in ({})", fmt::join(values, ","));
  if (link.vindex == nullptr) return;
  plan::Constraint constraint;
  constraint.vindex = link.vindex;
  constraint.columns = {link.key};
  for (const std::string& value : values) {
    plan::Operand operand;
    operand.constant = {plan::ValueKind::kInteger, value, {}};
    constraint.tuples.push_back({operand});
  }
  reading.destination.reach = plan::Destination::Reach::kByKey;
  reading.destination.constraints.push_back(std::move(constraint));
}

Reading reading_of(const ExecContext& context, const plan::GatheredTable& table, const LinkValues& links) {
  Reading reading{bind_text(table.select, context.bindings, context.session), table.destination};
  bool filtered = table.filtered;
  for (const plan::CopyLink& link : table.links) {
    const LinkValues::Column& column = links.of(link);
    if (!column.too_many) narrow(reading, filtered, link, column.values);
  }
  reading.text += table.locking;
  return reading;
}

Task<Result<void>> read_all(ExecContext& context, const plan::GatheredTable& table, const Reading& reading,
                            RowSink& sink, std::uint64_t& warnings) {
  if (reading.nothing) co_return Result<void>();
  Result<plan::ShardList> shards = resolve(context.plan, reading.destination, context.bindings);
  if (!shards) co_return failure(std::move(shards.error()));
  ShardRequest request;
  request.keyspace = reading.destination.keyspace;
  request.type = reading.destination.type;
  request.own_text = false;
  using Part = ShardRequest::Part;
  const Part own = context.part == Part::kStatement ? Part::kPart : context.part;
  request.part = table.shape.empty() ? Part::kCopyOut : own;
  request.text = reading.text;
  std::vector<ShardRequest> requests = to_each(*shards, request);
  if (requests.empty()) co_return Result<void>();
  Concatenation concatenation(context, std::move(requests), sink, Concatenation::Answers::kAll);
  Result<std::vector<mysql::OkPacket>> read = co_await concatenation.run();
  if (!read) co_return failure(std::move(read.error()));
  if (request.part == ShardRequest::Part::kPart) {
    for (const mysql::OkPacket& ok : *read) warnings += ok.warnings;
  }
  co_return Result<void>();
}

Task<Result<void>> create_copy(ExecContext& context, const plan::Gather& gather,
                               const plan::GatheredTable& table) {
  const bool shaped = !table.shape.empty();
  const std::string made_of =
      shaped ? table.definition + " IGNORE AS " + bind_text(table.shape, context.bindings, context.session)
             : table.definition;
  const ShardRequest::Part part = shaped ? ShardRequest::Part::kShape : ShardRequest::Part::kCopyIn;
  return on_copy(context, gather, part, fmt::format("CREATE TEMPORARY TABLE `{}` {}", table.name, made_of));
}

Task<Result<std::set<std::string>>> columns_of_copy(ExecContext& context, const plan::Gather& gather,
                                                    const plan::GatheredTable& table) {
  NamesSink sink;
  const std::string text = fmt::format("SELECT * FROM `{}` LIMIT 0", table.name);
  const ShardRequest request = at_copies(context, gather, ShardRequest::Part::kCopyIn, text);
  Result<void> asked = co_await context.shards.run(request, sink, context.cancel);
  if (!asked) co_return failure(std::move(asked.error()));
  co_return std::move(sink.names);
}

Task<Result<void>> copy_table(ExecContext& context, const plan::Gather& gather,
                              const plan::GatheredTable& table, ExecContext::Usage& used, LinkValues& links,
                              std::uint64_t& warnings) {
  std::set<std::string> known;
  if (table.appended) {
    Result<std::set<std::string>> names = co_await columns_of_copy(context, gather, table);
    if (!names) co_return failure(std::move(names.error()));
    known = std::move(*names);
  } else {
    Result<void> created = co_await create_copy(context, gather, table);
    if (!created) co_return created;
  }
  if (!table.same_as.empty()) {
    Result<void> filled =
        co_await on_copy(context, gather, ShardRequest::Part::kCopyIn,
                         fmt::format("INSERT INTO `{}` SELECT * FROM `{}`", table.name, table.same_as));
    co_return filled;
  }
  CopySink sink(context, gather, table, used, links, std::move(known));
  const Reading reading = reading_of(context, table, links);
  Result<void> copied = co_await read_all(context, table, reading, sink, warnings);
  if (copied) copied = co_await sink.finish();
  if (copied && !table.afterwards.empty())
    copied = co_await on_copy(context, gather, ShardRequest::Part::kCopyIn, table.afterwards);
  co_return copied;
}

/// Passes an answer on, with the warnings of what went before it counted in.
class CountingSink final : public RowSink {
 public:
  CountingSink(RowSink& sink, std::uint64_t warnings) : sink_(sink), warnings_(warnings) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    return sink_.columns(std::move(columns));
  }
  Task<Result<void>> rows(RowBatch batch) override { return sink_.rows(batch); }
  Task<Result<void>> done(mysql::OkPacket ok) override {
    ok.warnings = static_cast<std::uint16_t>(std::min<std::uint64_t>(ok.warnings + warnings_, UINT16_MAX));
    return sink_.done(std::move(ok));
  }

 private:
  RowSink& sink_;
  std::uint64_t warnings_;
};

Task<Result<void>> run_over_copies(ExecContext& context, const plan::Gather& gather, RowSink& sink) {
  ExecContext::Usage& used = context.gathered;
  LinkValues links(gather);
  std::uint64_t warnings = 0;
  for (const plan::GatheredTable& table : gather.tables) {
    Result<void> copied = co_await copy_table(context, gather, table, used, links, warnings);
    if (!copied) co_return copied;
  }
  const std::string text = bind_text(gather.text, context.bindings, context.session);
  const ShardRequest request = at_copies(context, gather, context.part, text);
  CountingSink counting(sink, warnings);
  Result<void> done = co_await context.shards.run(request, counting, context.cancel);
  co_return done;
}

/// Whatever became of the statement: the connection goes on.
Task<void> drop_copies(ExecContext& context, const plan::Gather& gather) {
  std::string drop;
  for (const plan::GatheredTable& table : gather.tables)
    drop += (drop.empty() ? "DROP TEMPORARY TABLE IF EXISTS `" : ", `") + table.name + '`';
  OkSink sink;
  const ShardRequest request = at_copies(context, gather, ShardRequest::Part::kCopyIn, drop);
  // If it cannot be dropped, neither can its name be used again: the next such statement says so.
  [[maybe_unused]] Result<void> dropped = co_await context.shards.run(request, sink, nullptr);
}

}  // namespace

Task<Result<void>> run_gather(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& gather = static_cast<const plan::Gather&>(node);
  Result<const plan::Route*> route = serving_route(context, gather);
  if (!route) co_return failure(std::move(route.error()));
  if (*route != nullptr) {
    Result<void> routed = co_await run_route(context, **route, sink);
    co_return routed;
  }
  Result<void> done = co_await run_over_copies(context, gather, sink);
  if (is_beside(gather)) {
    co_await drop_copies(context, gather);
  } else {
    co_await context.shards.end_scratch();
  }
  co_return done;
}

}  // namespace kintsugi::exec
