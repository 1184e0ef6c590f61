#include "mysql/result_framer.h"

#include <algorithm>
#include <utility>

#include "mysql/packet.h"
#include "mysql/response.h"
#include "mysql/status_flags.h"

namespace kintsugi::mysql {
namespace {

/// An EOF packet has five bytes of payload; the OK that replaces it has seven and more.
constexpr std::size_t kEofPayload = 5;

}  // namespace

struct ResultFramer::Frame {
  FrameHeader header;
  std::uint8_t first = 0;
};

ResultFramer::ResultFramer(Command command, Capabilities capabilities)
    : command_(command),
      capabilities_(capabilities),
      skip_end_of_columns_((capabilities & capability::kDeprecateEof) != 0) {
  if (command == Command::stmt_fetch) state_ = State::rows;
  if (command == Command::field_list) state_ = State::field_list;
}

ResultFramer::Step ResultFramer::next(std::string_view bytes) {
  if (left_in_frame_ > 0 || continued_)
    return bulk(bytes, state_ == State::rows ? Kind::rows : Kind::columns);
  if (bytes.size() < kHeaderSize + 1) return {.needed = kHeaderSize + 1};
  const Frame frame{parse_header(bytes), static_cast<std::uint8_t>(bytes[kHeaderSize])};
  if (frame.header.length == 0) return malformed();
  return step(bytes, frame);
}

ResultFramer::Step ResultFramer::step(std::string_view bytes, const Frame& frame) {
  const bool error = frame.first == 0xff;
  switch (state_) {
    case State::first:
      return first(bytes, frame);
    case State::columns:
    case State::prepare_columns:
      if (error) return end(control(bytes, frame, Kind::error), false);
      return whole_columns_ ? one_column(control(bytes, frame, Kind::columns)) : bulk(bytes, Kind::columns);
    case State::end_of_columns: {
      Step found = control(bytes, frame, error ? Kind::error : Kind::end_of_columns);
      if (error) return end(found, false);
      if (frame.first != 0xfe) return malformed();
      if (found.kind == Kind::need_more) return found;
      next_definition_list();
      const Result<EofPacket> eof = parse_eof_packet(found.payload);
      if (!eof) return malformed();
      const bool cursor = command_ == Command::stmt_execute && (eof->status & status::kCursorExists) != 0;
      if (cursor || state_ == State::done) {
        state_ = State::done;
        status_ = eof->status;
        warnings_ = eof->warnings;
      }
      return found;
    }
    case State::field_list:
      if (error) return end(control(bytes, frame, Kind::error), false);
      if (is_terminator(frame)) return end(control(bytes, frame, Kind::end_of_rows), true);
      return whole_columns_ ? control(bytes, frame, Kind::columns) : bulk(bytes, Kind::columns);
    case State::rows:
      if (error) return end(control(bytes, frame, Kind::error), false);
      if (is_terminator(frame)) return end(control(bytes, frame, Kind::end_of_rows), true);
      return bulk(bytes, Kind::rows);
    case State::done:
      break;
  }
  return malformed();
}

ResultFramer::Step ResultFramer::first(std::string_view bytes, const Frame& frame) {
  if (command_ == Command::statistics && frame.first != 0xff) {
    Step found = control(bytes, frame, Kind::text);
    if (found.kind == Kind::text) state_ = State::done;
    return found;
  }
  switch (frame.first) {
    case 0xff:
      return end(control(bytes, frame, Kind::error), false);
    case 0xfb:
      return control(bytes, frame, Kind::local_infile);
    case 0xfe:
      return end(control(bytes, frame, Kind::ok), true);
    case 0x00:
      if (command_ == Command::stmt_prepare) return begin_prepared(control(bytes, frame, Kind::prepared));
      return end(control(bytes, frame, Kind::ok), false);
    default:
      return begin_result_set(control(bytes, frame, Kind::header));
  }
}

/// Frames of the state's kind, as many as are there; of the last one perhaps only its beginning.
ResultFramer::Step ResultFramer::bulk(std::string_view bytes, Kind kind) {
  Step found{.kind = kind};
  std::size_t at = 0;
  const bool rows = kind == Kind::rows;
  const bool counted = !rows && state_ != State::field_list;
  if (between_packets()) {
    at = whole_packets(bytes, counted, found);
    if (rows) rows_ += found.packets;
  }
  const std::size_t in_sequence = at;
  while (!counted || columns_left_ > 0) {
    const std::uint64_t part = std::min<std::uint64_t>(left_in_frame_, bytes.size() - at);
    at += part;
    left_in_frame_ -= part;
    if (left_in_frame_ > 0) break;
    if (at > 0 && !continued_ && part > 0) {
      ++found.packets;
      if (rows) ++rows_;
      if (counted && --columns_left_ == 0) break;
    }
    const std::string_view left = bytes.substr(at);
    if (left.size() < kHeaderSize + (continued_ ? 0 : 1)) break;
    const FrameHeader header = parse_header(left);
    if (!continued_) {
      const Frame frame{header, static_cast<std::uint8_t>(left[kHeaderSize])};
      if (header.length == 0 && at == 0) return malformed();
      if (header.length == 0) break;
      if (frame.first == 0xff || (!counted && is_terminator(frame))) break;
    }
    const bool empty_tail = continued_ && header.length == 0;
    sequence_ = header.sequence;
    continued_ = header.length == kMaxFrame;
    left_in_frame_ = header.length;
    at += kHeaderSize;
    if (empty_tail) {
      ++found.packets;
      if (rows) ++rows_;
      if (counted && --columns_left_ == 0) break;
    }
  }
  if (at == 0) return {.needed = kHeaderSize + 1};
  if (at != in_sequence) found.in_sequence = 0;
  found.size = at;
  if (counted && columns_left_ == 0) end_column_list(found);
  return found;
}

/// The usual case of bulk(): packets of one frame each that are there whole. Returns where the next one is,
/// which is anything.
std::size_t ResultFramer::whole_packets(std::string_view bytes, bool counted, Step& found) {
  std::size_t at = 0;
  bool in_sequence = true;
  while (bytes.size() - at > kHeaderSize && (!counted || columns_left_ > 0)) {
    const FrameHeader header = parse_header(bytes.substr(at));
    const bool may_be_end = static_cast<std::uint8_t>(bytes[at + kHeaderSize]) >= 0xfe;
    const bool whole = header.length <= bytes.size() - at - kHeaderSize;
    if (may_be_end || !whole || header.length == 0 || header.length == kMaxFrame) break;
    in_sequence = in_sequence && (at == 0 || header.sequence == static_cast<std::uint8_t>(sequence_ + 1));
    sequence_ = header.sequence;
    at += kHeaderSize + header.length;
    ++found.packets;
    if (counted) --columns_left_;
  }
  if (in_sequence) found.in_sequence = found.packets;
  return at;
}

ResultFramer::Step ResultFramer::one_column(Step found) {
  if (found.kind == Kind::columns && --columns_left_ == 0) end_column_list(found);
  return found;
}

void ResultFramer::end_column_list(Step& found) {
  found.end_of_list = true;
  if (skip_end_of_columns_) {
    next_definition_list();
  } else {
    state_ = State::end_of_columns;
  }
}

ResultFramer::Step ResultFramer::control(std::string_view bytes, const Frame& frame, Kind kind) {
  if (frame.header.length >= kMaxFrame) return malformed();
  const std::size_t size = kHeaderSize + frame.header.length;
  if (bytes.size() < size) return {.needed = size};
  sequence_ = frame.header.sequence;
  return {.kind = kind,
          .size = size,
          .packets = 1,
          .in_sequence = 1,
          .payload = bytes.substr(kHeaderSize, frame.header.length)};
}

bool ResultFramer::is_terminator(const Frame& frame) const {
  if (frame.first != 0xfe) return false;
  return frame.header.length < (skip_end_of_columns_ ? kMaxFrame : 9);
}

ResultFramer::Step ResultFramer::begin_result_set(Step found) {
  if (found.kind != Kind::header) return found;
  const Result<ResultSetHeader> header = parse_result_set_header(found.payload, capabilities_);
  if (!header) return malformed();
  ++result_sets_;
  columns_left_ = header->metadata_follows ? header->columns : 0;
  if (columns_left_ > 0) {
    state_ = State::columns;
  } else {
    state_ = skip_end_of_columns_ ? State::rows : State::end_of_columns;
  }
  return found;
}

ResultFramer::Step ResultFramer::begin_prepared(Step found) {
  if (found.kind != Kind::prepared) return found;
  const Result<PrepareOk> prepared = parse_prepare_ok(found.payload);
  if (!prepared) return malformed();
  failed_ = false;
  warnings_ = prepared->warnings;
  state_ = State::prepare_columns;
  columns_left_ = prepared->parameters;
  second_list_ = prepared->columns;
  if (columns_left_ == 0) next_definition_list();
  return found;
}

/// A list of definitions is over, its EOF included: what comes next.
void ResultFramer::next_definition_list() {
  if (command_ != Command::stmt_prepare) {
    state_ = State::rows;
    return;
  }
  columns_left_ = std::exchange(second_list_, 0);
  state_ = columns_left_ > 0 ? State::prepare_columns : State::done;
}

ResultFramer::Step ResultFramer::end(Step found, bool eof_form) {
  if (found.kind == Kind::need_more || found.kind == Kind::malformed) return found;
  failed_ = found.kind == Kind::error;
  if (failed_) {
    state_ = State::done;
    return found;
  }
  Reader reader(found.payload);
  reader.skip(1);
  if (eof_form && found.payload.size() <= kEofPayload) {
    warnings_ = reader.u16();
    status_ = reader.u16();
  } else {
    reader.lenenc();
    reader.lenenc();
    status_ = reader.u16();
    warnings_ = reader.u16();
  }
  if (!reader.ok()) return malformed();
  state_ = status_ & status::kMoreResults ? State::first : State::done;
  return found;
}

ResultFramer::Step ResultFramer::malformed() {
  state_ = State::done;
  failed_ = true;
  return {.kind = Kind::malformed};
}

}  // namespace kintsugi::mysql
