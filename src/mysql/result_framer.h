#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mysql/capabilities.h"
#include "mysql/command.h"

namespace kintsugi::mysql {

/// Follows the answer to one command through a stream of bytes, so that a gate can pass them on as they are:
/// tells what each packet is and where the answer ends, by headers and first bytes only. Copies nothing and
/// holds no bytes: the caller keeps those that were not consumed.
///
///     ResultFramer framer(Command::query, capabilities);
///     for (;;) {
///       const ResultFramer::Step step = framer.next(buffer.substr(position));
///       if (step.kind == need_more) { pass on buffer[0, position), read until `needed` bytes are there; … }
///       position += step.size;
///       if (framer.done()) break;
///     }
///
/// Packets of which the caller may want to know what is in them (control packets) come one a step and whole;
/// rows and column definitions come many at once, and large ones in parts.
class ResultFramer {
 public:
  enum class Kind {
    need_more,  ///< nothing consumed: `needed` bytes are wanted
    header,     ///< a result set begins (its number of columns)
    prepared,   ///< the answer to COM_STMT_PREPARE begins
    columns,    ///< definitions of columns or parameters, any number of them, or a part of one
    end_of_columns,
    rows,  ///< any number of rows, or a part of one
    end_of_rows,
    ok,
    error,
    local_infile,  ///< the server waits for a file and, when it has it, goes on with an OK or ERR
    text,          ///< the answer to COM_STATISTICS
    malformed,     ///< no MySQL server says that here: drop the connection
  };

  struct Step {
    Kind kind = Kind::need_more;
    std::size_t size = 0;       ///< bytes of the input it covers, headers included
    std::size_t needed = 0;     ///< need_more: bytes that the input must have for the next call
    bool end_of_list = false;   ///< columns: the last definition of its list is complete with it
    std::uint64_t packets = 0;  ///< packets that ended in it
    /// It is so many whole frames, of one packet each, whose sequence ids follow one another; 0: look.
    std::uint64_t in_sequence = 0;
    /// Control packets: their payload, a view of the input; joined frames are never needed for these.
    std::string_view payload;
  };

  /// `command` has a reply and is not COM_CHANGE_USER or a binlog dump. `capabilities`: of the connection to
  /// the server.
  ResultFramer(Command command, Capabilities capabilities);

  /// Column definitions come one a step and whole, too.
  void hand_over_columns() { whole_columns_ = true; }

  /// `bytes`: the stream from the first byte that no step covered.
  Step next(std::string_view bytes);

  /// The whole answer is covered, all its result sets included.
  bool done() const { return state_ == State::done; }

  /// Nothing or whole packets are covered: another packet may be put in here.
  bool between_packets() const { return left_in_frame_ == 0 && !continued_; }

  std::uint16_t status() const { return status_; }      ///< of the last OK or EOF
  std::uint16_t warnings() const { return warnings_; }  ///< of the last OK or EOF
  bool failed() const { return failed_; }               ///< the last control packet was an ERR
  std::uint64_t rows() const { return rows_; }          ///< of all result sets
  std::uint64_t result_sets() const { return result_sets_; }
  /// Sequence id of the last frame that was begun.
  std::uint8_t sequence() const { return sequence_; }

 private:
  enum class State { first, columns, end_of_columns, field_list, rows, prepare_columns, done };

  struct Frame;
  Step step(std::string_view bytes, const Frame& frame);
  Step bulk(std::string_view bytes, Kind kind);
  std::size_t whole_packets(std::string_view bytes, bool counted, Step& found);
  Step control(std::string_view bytes, const Frame& frame, Kind kind);
  bool is_terminator(const Frame& frame) const;
  Step first(std::string_view bytes, const Frame& frame);
  Step begin_result_set(Step found);
  Step begin_prepared(Step found);
  Step end(Step found, bool eof_form);
  Step one_column(Step found);
  void end_column_list(Step& found);
  void next_definition_list();
  Step malformed();

  Command command_;
  Capabilities capabilities_;
  State state_ = State::first;
  bool whole_columns_ = false;
  bool skip_end_of_columns_;  // kDeprecateEof: no packet between column definitions and rows
  bool continued_ = false;    // the last frame of rows or columns was a full one: the next belongs to it
  std::uint64_t left_in_frame_ = 0;
  std::uint64_t columns_left_ = 0;
  std::uint64_t second_list_ = 0;  // COM_STMT_PREPARE: columns after the parameters
  std::uint16_t status_ = 0;
  std::uint16_t warnings_ = 0;
  bool failed_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t result_sets_ = 0;
  std::uint8_t sequence_ = 0;
};

}  // namespace kintsugi::mysql
