#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace kintsugi::tablet {

/// The word on the disk that this server was opened for writers as the shard's primary and not closed again:
/// after a crash, of the server or the agent or both, it says that there may be commits here that nobody
/// acknowledged, and that control must decide who goes on.
class Opened {
 public:
  struct Word {
    std::uint32_t epoch = 0;  ///< of the Shard record
    pid_t pid = 0;            ///< of the server that was opened; 0: it has ended
  };

  /// Reads what an earlier life of the agent has left. A file that cannot be read counts as a word of epoch
  /// 0.
  explicit Opened(std::string path);

  const std::optional<Word>& word() const { return word_; }
  /// Before the server is opened.
  Result<void> write(Word word);
  /// The server of the word has ended. Numbers of processes come again.
  void note_end();
  /// After it was closed, with nothing under way.
  Result<void> clear();

 private:
  std::string path_;
  std::optional<Word> word_;
};

}  // namespace kintsugi::tablet
