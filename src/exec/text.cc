#include "exec/op/text.h"

#include <algorithm>
#include <charconv>

#include "exec/executor.h"

namespace kintsugi::exec {

std::uint64_t whole_number(const plan::Operand& operand, const plan::Bindings& bindings) {
  constexpr std::uint64_t kMany = std::uint64_t{1} << 62;
  const std::string_view digits = operand.in(bindings).text;
  std::uint64_t value = kMany;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return std::min(value, kMany);
}

void append_text(std::string& out, const plan::Text& text, const plan::Bindings& bindings,
                 const SessionValues& session, std::optional<std::uint64_t> generated) {
  for (const plan::TextPiece& piece : text) {
    switch (piece.kind) {
      case plan::TextPiece::Kind::kText:
        out += piece.text;
        break;
      case plan::TextPiece::Kind::kSum:
        out += std::to_string(whole_number(piece.operand, bindings) + whole_number(piece.other, bindings));
        break;
      case plan::TextPiece::Kind::kGenerated:
        if (generated) {
          out += std::to_string(*generated);
          break;
        }
        [[fallthrough]];
      case plan::TextPiece::Kind::kOperand:
        append_sql(out, piece.operand, bindings);
        break;
      case plan::TextPiece::Kind::kSession:
        out += session.sql(piece.session, piece.text);
        break;
    }
  }
}

std::string bind_text(const plan::Text& text, const plan::Bindings& bindings, const SessionValues& session) {
  std::string out;
  append_text(out, text, bindings, session);
  return out;
}

}  // namespace kintsugi::exec
