#include "tablet/detail/opened.h"

#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/json.h"
#include "tablet/detail/files.h"

namespace kintsugi::tablet {

Opened::Opened(std::string path) : path_(std::move(path)) {
  const Result<std::string> text = read_file(path_);
  if (!text && text.error().is(kNotFound)) return;
  v1::OpenedServer stored;
  if (text) [[maybe_unused]]
    const Result<void> parsed = rpc::from_json(*text, stored);
  word_ = Word{stored.epoch(), static_cast<pid_t>(stored.mysqld_pid())};
}

Result<void> Opened::write(Word word) {
  v1::OpenedServer stored;
  stored.set_epoch(word.epoch);
  stored.set_mysqld_pid(static_cast<std::uint32_t>(word.pid));
  if (Result<void> written = write_file(path_, rpc::to_json(stored, true), 0640); !written) return written;
  word_ = word;
  return {};
}

void Opened::note_end() {
  if (word_ && word_->pid != 0) [[maybe_unused]]
    const Result<void> written = write({word_->epoch, 0});
  if (word_) word_->pid = 0;
}

Result<void> Opened::clear() {
  Result<void> removed = remove_file(path_);
  if (removed) word_.reset();
  return removed;
}

}  // namespace kintsugi::tablet
