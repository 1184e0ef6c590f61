#include "gate/pins.h"

namespace kintsugi::gate {

std::string Pins::text(bool in_transaction) const {
  std::string all;
  for (std::size_t pin = 0; pin < kPinCount; ++pin) {
    const bool has = by_reason[pin] > 0 || (in_transaction && static_cast<Pin>(pin) == Pin::transaction);
    if (!has) continue;
    if (!all.empty()) all += ", ";
    all += text_of(static_cast<Pin>(pin));
  }
  return all;
}

}  // namespace kintsugi::gate
