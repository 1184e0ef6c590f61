#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "base/time.h"

namespace kintsugi::gate {

/// An error that a client was told.
struct ErrorNote {
  WallTime at{};
  std::uint16_t mysql_errno = 0;
  std::string user;
  std::string target;
  std::string message;
  std::string statement;  ///< its first bytes
};

/// The last errors of one loop's clients: what the status page answers "what is failing?" with. Bounded. On
/// one loop.
class ErrorLog {
 public:
  static constexpr std::size_t kNotesMax = 20;
  static constexpr std::size_t kTextBytesMax = 200;

  void add(ErrorNote note) {
    for (std::string* text : {&note.message, &note.statement}) {
      if (text->size() > kTextBytesMax) text->resize(kTextBytesMax);
    }
    if (notes_.size() == kNotesMax) notes_.pop_back();
    notes_.push_front(std::move(note));
  }
  /// The last one first.
  const std::deque<ErrorNote>& notes() const { return notes_; }

 private:
  std::deque<ErrorNote> notes_;
};

}  // namespace kintsugi::gate
