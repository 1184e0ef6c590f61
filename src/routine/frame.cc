#include "routine/frame.h"

#include <algorithm>

#include <fmt/format.h>

namespace kintsugi::routine {
namespace {

/// How well a handler's condition fits: 0 not at all, 3 by number.
int fit(const Program& program, const sql::Expr& named, const Condition& raised) {
  const sql::Expr* condition = program.condition(named);
  if (condition == nullptr) condition = &named;
  if (const auto* word = sql::as<sql::Keyword>(condition)) {
    if (word->word == "sqlwarning") return raised.is_warning() ? 1 : 0;
    if (word->word == "not found") return raised.is_not_found() ? 1 : 0;
    return raised.is_exception() ? 1 : 0;
  }
  const auto* literal = sql::as<sql::Literal>(condition);
  if (literal == nullptr) return 0;
  if (literal->literal == sql::LiteralKind::kInteger)
    return literal->text == std::to_string(raised.code) ? 3 : 0;
  return literal->text == raised.sqlstate ? 2 : 0;
}

void append_filled(std::string& out, const Hole& hole, const Frame& frame,
                   const mysql::QuoteOptions& quoting) {
  if (hole.slot < 0) return;
  const Value* value = frame.value(hole);
  if (value == nullptr) {  // for the server to refuse
    out += hole.field;
    return;
  }
  const bool alone = hole.place == Hole::Place::item;
  const bool typed = (alone || hole.place == Hole::Place::column) && hole.field.empty();
  const std::string text =
      typed ? typed_literal(*value, frame.slot(hole.slot).type, alone, quoting) : literal(*value, quoting);
  out += hole.place == Hole::Place::order ? fmt::format("coalesce({})", text) : text;
}

}  // namespace

const Value* Frame::value(const Hole& hole) const {
  if (hole.field.empty()) return &value(hole.slot);
  for (const auto& [name, held] : records[static_cast<std::size_t>(hole.slot)]) {
    if (equal_names(name, hole.field)) return &held;
  }
  return nullptr;
}

const Value* Frame::value(const Piece& piece, const sql::ColumnRef& name) const {
  for (const Hole& hole : piece.holes) {
    if (hole.offset == name.offset && hole.length == name.length) return value(hole);
  }
  return nullptr;
}

std::pair<const sql::DeclareHandler*, std::size_t> find_handler(const Frame& frame,
                                                                const Condition& condition) {
  for (std::size_t i = frame.blocks.size(); i-- > 0;) {
    const sql::DeclareHandler* best = nullptr;
    int best_fit = 0;
    for (const sql::DeclareHandler* handler : frame.blocks[i].handlers) {
      for (const sql::Expr* named : handler->conditions) {
        const int how_well = fit(frame.program, *named, condition);
        if (how_well <= best_fit) continue;
        best = handler;
        best_fit = how_well;
      }
    }
    if (best != nullptr) return {best, i};
  }
  return {nullptr, 0};
}

std::string with_values(const Piece& piece, const Frame& frame, const mysql::QuoteOptions& quoting) {
  std::string out;
  std::size_t copied = piece.offset;
  auto alias = piece.aliases.begin();
  const auto copy_to = [&](std::size_t end) {
    out += piece.text.substr(copied - piece.offset, end - copied);
    copied = end;
  };
  const auto aliases_to = [&](std::size_t end) {
    for (; alias != piece.aliases.end() && alias->at <= end; ++alias) {
      copy_to(alias->at);
      out += " AS ";
      mysql::append_identifier(out, alias->name);
    }
  };
  for (const Hole& hole : piece.holes) {
    aliases_to(hole.offset);
    copy_to(hole.offset);
    append_filled(out, hole, frame, quoting);
    copied = hole.offset + hole.length;
  }
  const std::size_t end = piece.offset + piece.text.size();
  aliases_to(end);
  copy_to(end);
  return out;
}

std::string declaration(const Slot& slot, const Value& value, const mysql::QuoteOptions& quoting) {
  return fmt::format("declare {} {} default {};", name_of(slot), slot.type.sql, literal(value, quoting));
}

std::string query_of_variables(const std::vector<std::pair<Slot, Value>>& variables, bool blocks,
                               const mysql::QuoteOptions& quoting) {
  std::string declared, selected;
  for (const auto& [slot, value] : variables) {
    declared += declaration(slot, value, quoting);
    if (!selected.empty()) selected += ", ";
    if (!blocks) selected += typed_literal(value, slot.type, true, quoting) + " as ";
    selected += name_of(slot);
  }
  return blocks ? fmt::format("begin not atomic {}select {}; end", declared, selected) : "select " + selected;
}

std::string block_around(std::initializer_list<const Piece*> pieces, const Frame& frame,
                         std::string_view inside, const mysql::QuoteOptions& quoting) {
  return block_around(std::vector<const Piece*>(pieces), frame, inside, quoting);
}

std::string block_around(const std::vector<const Piece*>& pieces, const Frame& frame, std::string_view inside,
                         const mysql::QuoteOptions& quoting) {
  std::string out = "begin not atomic ";
  std::vector<int> declared;
  for (const Piece* piece : pieces) {
    for (const Hole& hole : piece->holes) {
      if (std::ranges::find(declared, hole.slot) != declared.end()) continue;
      declared.push_back(hole.slot);
      out += declaration(frame.slot(hole.slot), frame.value(hole.slot), quoting);
    }
  }
  out += inside;
  out += " end";
  return out;
}

std::string in_block(const Piece& piece, const Frame& frame) {
  std::string out;
  std::size_t copied = 0;
  for (const Hole& hole : piece.holes) {
    if (hole.slot < 0 || !hole.field.empty() || !frame.slot(hole.slot).is_of_row()) continue;
    const std::size_t at = hole.offset - piece.offset;
    out += piece.text.substr(copied, at - copied);
    out += name_of(frame.slot(hole.slot));
    copied = at + hole.length;
  }
  return out += piece.text.substr(copied);
}

bool fits_block(const Piece& piece) {
  return !piece.planned && std::ranges::all_of(piece.holes, [](const Hole& hole) {
    return hole.slot >= 0 && hole.field.empty();
  });
}

std::string name_of(const Slot& slot) { return mysql::quoted_identifier(slot.name); }

std::string read_of(const Slot& slot) {
  return slot.type.is_float ? fmt::format("cast({} as double)", name_of(slot)) : name_of(slot);
}

}  // namespace kintsugi::routine
