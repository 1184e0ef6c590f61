#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "local/state.h"

namespace kintsugi::local {

/// What `kintsugi local` was asked.
struct Arguments {
  std::string word;
  std::string spec_file;
  std::string dir;
  std::string process;  ///< of `logs`
  int lines = 50;
  int lock_fd = -1;  ///< of the words that only this program calls
  bool foreground = false;
  bool json = false;
  bool follow = false;
  bool allow_data_loss = false;
  bool remove_data = false;
  bool help = false;
};

/// kUsage.
Result<Arguments> parse_arguments(const std::vector<std::string>& arguments);

/// The state folder: --dir, or .kintsugi/<cluster> beside the spec.
Result<Layout> layout_of(const Arguments& arguments);

}  // namespace kintsugi::local
