#pragma once

#include "base/error.h"

namespace kintsugi {

/// An error code as the reference has it.
struct ErrorEntry {
  const ErrorCode* code;
  const char* folder;   ///< of src, that raises it: "gate"
  const char* meaning;  ///< a sentence: the comment at its declaration
};

}  // namespace kintsugi
