#include "wire/relay.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/result_framer.h"
#include "mysql/status_flags.h"

namespace kintsugi::wire {
namespace {

using mysql::ResultFramer;
using Kind = ResultFramer::Kind;
using End = RelayOutcome::End;

/// One answer on its way. `to` may be null: nothing is sent.
class Relay {
 public:
  Relay(PacketStream& from, PacketStream* to, const RelayOptions& options, RelayOutcome& outcome)
      : from_(from),
        to_(to),
        options_(options),
        framer_(options_.command, options_.from_capabilities),
        outcome_(outcome),
        sequence_(to != nullptr ? to->sequence() : 0) {
    constexpr mysql::Capabilities kShape =
        mysql::capability::kDeprecateEof | mysql::capability::kSessionTrack;
    const mysql::Capabilities differs = options_.from_capabilities ^ options_.to_capabilities;
    rewrite_ok_ = options_.editor != nullptr || (differs & kShape) != 0;
    rewrite_columns_ = (differs & mysql::capability::kMariadbExtendedMetadata) != 0;
    if (rewrite_columns_) framer_.hand_over_columns();
    from_has_eof_ = (options_.from_capabilities & mysql::capability::kDeprecateEof) == 0;
    to_has_eof_ = (options_.to_capabilities & mysql::capability::kDeprecateEof) == 0;
  }

  /// Has the relay in its frame, so that an answer costs one coroutine.
  static Task<void> run(PacketStream& from, PacketStream* to, RelayOptions options, RelayOutcome& outcome);

 private:
  bool on_step(const ResultFramer::Step& step);
  bool on_header(const ResultFramer::Step& step);
  bool on_columns(const ResultFramer::Step& step);
  void on_end_of_columns(const ResultFramer::Step& step);
  bool on_ok(const ResultFramer::Step& step);
  void on_error(const ResultFramer::Step& step);
  void pass(const ResultFramer::Step& step);
  void drop(std::size_t size);
  void replace(const ResultFramer::Step& step, std::string_view payload);
  void put(std::string_view payload);
  void put_eof(std::uint16_t status);
  void settle_owed_eof();
  void renumber(std::size_t begin, std::size_t end);
  void cut();
  bool lose_source(Error error);
  bool lose_sink(Error error);
  bool has_to_send() const;
  void forget_passed();
  Soon<Result<void>> send_passed();

  PacketStream& from_;
  PacketStream* to_;
  const RelayOptions& options_;
  ResultFramer framer_;
  RelayOutcome& outcome_;
  std::uint8_t sequence_;
  bool rewrite_ok_;
  bool rewrite_columns_;
  bool from_has_eof_;
  bool to_has_eof_;
  bool eof_owed_ = false;  // the client expects an EOF behind the columns that the server does not send
  /// Of what is buffered in from_: [0, passed_begin_) is done with, [passed_begin_, passed_end_) is to be
  /// sent as it is.
  std::size_t passed_begin_ = 0;
  std::size_t passed_end_ = 0;
  std::uint32_t left_in_frame_ = 0;
};

Task<void> Relay::run(PacketStream& from, PacketStream* to, RelayOptions options, RelayOutcome& outcome) {
  Relay relay(from, to, options, outcome);
  bool in_step = true;
  while (in_step && !relay.framer_.done()) {
    const std::span<char> bytes = relay.from_.buffered();
    const ResultFramer::Step step =
        relay.framer_.next({bytes.data() + relay.passed_end_, bytes.size() - relay.passed_end_});
    if (step.kind != Kind::need_more) {
      in_step = relay.on_step(step);
      continue;
    }
    if (relay.has_to_send()) {
      Result<void> sent = co_await relay.send_passed();
      if (!sent) {
        relay.lose_sink(std::move(sent.error()));
        co_return;
      }
    }
    relay.forget_passed();
    Result<void> filled = co_await relay.from_.fill(step.needed);
    if (!filled) in_step = relay.lose_source(std::move(filled.error()));
  }
  relay.outcome_.rows = relay.framer_.rows();
  relay.outcome_.result_sets = relay.framer_.result_sets();
  if (relay.has_to_send()) {
    Result<void> sent = co_await relay.send_passed();
    if (!sent) {
      relay.lose_sink(std::move(sent.error()));
      co_return;
    }
  }
  relay.forget_passed();
  if (relay.to_ != nullptr) {
    relay.to_->set_sequence(relay.sequence_);
    if (!relay.to_->pending().empty()) {
      Result<void> flushed = co_await relay.to_->flush();
      if (!flushed) relay.lose_sink(std::move(flushed.error()));
    }
  }
}

/// False: the answer cannot be followed any further.
bool Relay::on_step(const ResultFramer::Step& step) {
  switch (step.kind) {
    case Kind::header:
    case Kind::prepared:
      return on_header(step);
    case Kind::columns:
      return on_columns(step);
    case Kind::end_of_columns:
      on_end_of_columns(step);
      return true;
    case Kind::rows:
      settle_owed_eof();
      pass(step);
      return true;
    case Kind::text:
      pass(step);
      return true;
    case Kind::ok:
    case Kind::end_of_rows:
      return on_ok(step);
    case Kind::error:
      on_error(step);
      return true;
    case Kind::local_infile:
      return lose_source(
          Error(mysql::kMalformedPacket, "the server asks for a local file, which was not agreed on"));
    case Kind::malformed:
    case Kind::need_more:
      break;
  }
  return lose_source(Error(mysql::kMalformedPacket, "the server's answer makes no sense"));
}

bool Relay::on_header(const ResultFramer::Step& step) {
  if (step.kind == Kind::prepared) {
    Result<mysql::PrepareOk> prepared = mysql::parse_prepare_ok(step.payload);
    if (!prepared) return lose_source(std::move(prepared.error()));
    outcome_.prepared = *prepared;
    if (options_.statement_id) {
      std::string payload;
      prepared->statement_id = *options_.statement_id;
      mysql::write_prepare_ok(payload, *prepared, options_.to_capabilities);
      drop(step.size);
      put(payload);
      return true;
    }
  }
  options_.send_header ? pass(step) : drop(step.size);
  return true;
}

bool Relay::on_columns(const ResultFramer::Step& step) {
  settle_owed_eof();
  if (rewrite_columns_ && options_.send_header) {
    Result<mysql::ColumnDefinition> column =
        mysql::parse_column_definition(step.payload, options_.from_capabilities);
    if (!column) return lose_source(std::move(column.error()));
    std::string payload;
    mysql::write_column_definition(payload, *column, options_.to_capabilities,
                                   options_.command == mysql::Command::field_list);
    drop(step.size);
    put(payload);
  } else {
    options_.send_header ? pass(step) : drop(step.size);
  }
  if (!step.end_of_list || from_has_eof_ || !to_has_eof_ || !options_.send_header) return true;
  // A cursor's columns end the answer: then the server's end of rows is the EOF that the client waits for.
  eof_owed_ = true;
  if (options_.command == mysql::Command::stmt_prepare) settle_owed_eof();
  return true;
}

void Relay::on_end_of_columns(const ResultFramer::Step& step) {
  const bool wanted = options_.send_header && (to_has_eof_ || framer_.done());
  if (wanted && to_has_eof_) {
    pass(step);
    return;
  }
  drop(step.size);
  const bool cursor = framer_.done() && options_.command == mysql::Command::stmt_execute;
  if (!wanted || !cursor) return;
  std::string payload;
  mysql::write_end_of_rows(payload, {.status = framer_.status(), .warnings = framer_.warnings()},
                           options_.to_capabilities);
  put(payload);
}

bool Relay::on_ok(const ResultFramer::Step& step) {
  const bool rows = step.kind == Kind::end_of_rows;
  // An EOF may also answer a command without rows (COM_SET_OPTION).
  constexpr std::size_t kEofPayload = 5;
  const bool eof = step.payload.starts_with('\xfe') && step.payload.size() <= kEofPayload;
  const mysql::Capabilities form =
      eof ? options_.from_capabilities & ~mysql::capability::kDeprecateEof : options_.from_capabilities;
  Result<mysql::OkPacket> ok =
      eof ? mysql::parse_end_of_rows(step.payload, form) : mysql::parse_ok_packet(step.payload, form);
  if (!ok) return lose_source(std::move(ok.error()));
  if (eof_owed_ && (ok->status & mysql::status::kCursorExists) != 0 && framer_.rows() == 0 &&
      options_.command == mysql::Command::stmt_execute) {
    eof_owed_ = false;
  }
  settle_owed_eof();
  if (rows && !options_.send_end) {
    drop(step.size);
  } else if (!rewrite_ok_) {
    pass(step);
  } else {
    mysql::OkPacket edited = *ok;
    if (options_.editor != nullptr) options_.editor->edit_ok(edited);
    std::string payload;
    if (rows) {
      mysql::write_end_of_rows(payload, edited, options_.to_capabilities);
    } else {
      mysql::write_ok_packet(payload, edited, options_.to_capabilities);
    }
    replace(step, payload);
  }
  ok->changes.insert(ok->changes.begin(), std::make_move_iterator(outcome_.ok.changes.begin()),
                     std::make_move_iterator(outcome_.ok.changes.end()));
  outcome_.ok = std::move(*ok);
  return true;
}

void Relay::on_error(const ResultFramer::Step& step) {
  settle_owed_eof();
  outcome_.error = mysql::parse_error_packet(step.payload);
  const bool nothing_sent = outcome_.bytes == 0 && passed_begin_ == passed_end_;
  if (options_.hold_error && nothing_sent) {
    outcome_.held = true;
    drop(step.size);
  } else if (options_.editor != nullptr) {
    options_.editor->edit_error(*outcome_.error);
    std::string payload;
    mysql::write_error_packet(payload, *outcome_.error);
    drop(step.size);
    put(payload);
  } else {
    pass(step);
  }
}

/// Sends the next bytes as they are, later and together with their neighbours.
void Relay::pass(const ResultFramer::Step& step) {
  if (to_ == nullptr) {
    drop(step.size);
    return;
  }
  const auto first = static_cast<std::uint8_t>(from_.buffered()[passed_end_ + mysql::kHeaderSize - 1]);
  if (step.in_sequence > 0 && left_in_frame_ == 0 && first == sequence_) {
    sequence_ = static_cast<std::uint8_t>(sequence_ + step.in_sequence);
  } else {
    renumber(passed_end_, passed_end_ + step.size);
  }
  passed_end_ += step.size;
}

void Relay::drop(std::size_t size) {
  cut();
  passed_begin_ += size;
  passed_end_ += size;
}

/// Passes `payload` in the place of the step's: where it stands, if it has the same length, so that an answer
/// stays one piece.
void Relay::replace(const ResultFramer::Step& step, std::string_view payload) {
  if (to_ != nullptr && payload.size() == step.payload.size()) {
    std::ranges::copy(payload, from_.buffered().data() + passed_end_ + mysql::kHeaderSize);
    pass(step);
  } else {
    drop(step.size);
    put(payload);
  }
}

/// Sends a packet of our own behind what was passed.
void Relay::put(std::string_view payload) {
  if (to_ == nullptr) return;
  cut();
  outcome_.bytes += payload.size() + mysql::kHeaderSize;
  mysql::append_packet(to_->pending(), sequence_, payload);
}

void Relay::put_eof(std::uint16_t status) {
  std::string payload;
  mysql::write_eof_packet(payload, {.status = status});
  put(payload);
}

void Relay::settle_owed_eof() {
  if (std::exchange(eof_owed_, false)) put_eof(options_.status_hint);
}

/// Gives the frames of these bytes the client's sequence ids. Steps never end within a header.
void Relay::renumber(std::size_t begin, std::size_t end) {
  char* const bytes = from_.buffered().data();
  while (begin < end) {
    if (left_in_frame_ == 0) {
      mysql::FrameHeader header = mysql::parse_header({bytes + begin, mysql::kHeaderSize});
      left_in_frame_ = header.length;
      header.sequence = sequence_++;
      mysql::write_header(bytes + begin, header);
      begin += mysql::kHeaderSize;
    }
    const std::size_t part = std::min<std::size_t>(left_in_frame_, end - begin);
    begin += part;
    left_in_frame_ -= static_cast<std::uint32_t>(part);
  }
}

/// What was passed so far goes behind what is pending, since something else comes behind it.
void Relay::cut() {
  if (passed_begin_ == passed_end_) return;
  to_->pending().append(from_.buffered().data() + passed_begin_, passed_end_ - passed_begin_);
  outcome_.bytes += passed_end_ - passed_begin_;
  passed_begin_ = passed_end_;
}

bool Relay::lose_source(Error error) {
  outcome_.end = End::source_lost;
  outcome_.between_packets = framer_.between_packets();
  outcome_.failure = std::move(error);
  return false;
}

bool Relay::lose_sink(Error error) {
  outcome_.end = End::sink_lost;
  outcome_.failure = std::move(error);
  return false;
}

bool Relay::has_to_send() const {
  return passed_begin_ < passed_end_ || (to_ != nullptr && to_->should_flush());
}

/// Takes all that is done with out of the source's buffer.
void Relay::forget_passed() {
  from_.consume(passed_end_);
  passed_begin_ = passed_end_ = 0;
}

/// Sends what was passed, or what is pending. A failure: the client is gone.
Soon<Result<void>> Relay::send_passed() {
  const std::string_view frames(from_.buffered().data() + passed_begin_, passed_end_ - passed_begin_);
  outcome_.bytes += frames.size();
  return frames.empty() ? to_->flush() : to_->send_frames(frames);
}

}  // namespace

Task<void> relay_response(PacketStream& from, PacketStream& to, RelayOptions options, RelayOutcome& outcome) {
  return Relay::run(from, &to, options, outcome);
}

Task<RelayOutcome> drain_response(PacketStream& from, mysql::Command command,
                                  mysql::Capabilities capabilities) {
  RelayOptions options;
  options.command = command;
  options.from_capabilities = capabilities;
  options.to_capabilities = capabilities;
  RelayOutcome outcome;
  co_await Relay::run(from, nullptr, options, outcome);
  co_return outcome;
}

}  // namespace kintsugi::wire
