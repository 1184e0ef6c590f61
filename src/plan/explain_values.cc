#include "plan/explain_values.h"

#include <charconv>

#include "plan/lookup.h"

namespace kintsugi::plan {

bool is_known(const Operand& operand, const Bindings& bindings) {
  switch (operand.from) {
    case Operand::From::kLiteral:
      return operand.index < bindings.literals.size();
    case Operand::From::kParameter:
      return operand.index < bindings.parameters.size();
    case Operand::From::kRead:
      return operand.index < bindings.read.size();
    case Operand::From::kSet:
      return operand.index < bindings.set.size();
    case Operand::From::kConstant:
      break;
  }
  return true;
}

std::string value_text(const Operand& operand, const Bindings& bindings) {
  std::string out;
  if (is_known(operand, bindings)) {
    append_sql(out, operand, bindings);
  } else if (operand.from == Operand::From::kRead) {
    out = "{read " + std::to_string(operand.index) + "}";
  } else if (operand.from == Operand::From::kSet) {
    out = "{set " + std::to_string(operand.index) + "}";
  } else {
    out = operand.negated ? "-?" : "?";
  }
  return out;
}

std::string target_text(const Destination& destination, std::size_t count, std::size_t all) {
  const bool primary = destination.type == topo::TabletType::primary;
  const std::string type = primary ? "" : ", " + std::string(topo::name(destination.type)) + " tablets";
  switch (destination.reach) {
    case Destination::Reach::kAnyServer:
      return "any server" + type;
    case Destination::Reach::kAnyShard:
      return "any shard of " + destination.keyspace + type;
    case Destination::Reach::kShard:
      return "the chosen shard of " + destination.keyspace + type;
    default:
      break;
  }
  return (count == all && all > 1 ? "all " + std::to_string(all)
                                  : std::to_string(count) + " of " + std::to_string(all)) +
         (all == 1 ? " shard" : " shards") + " of " + destination.keyspace + type;
}

namespace {

std::string sum_text(const TextPiece& piece, const Bindings& bindings) {
  const std::string texts[] = {value_text(piece.operand, bindings), value_text(piece.other, bindings)};
  std::uint64_t sum = 0;
  for (const std::string& text : texts) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return texts[0] + "+" + texts[1];
    sum += number;
  }
  return std::to_string(sum);
}

}  // namespace

void append_text(std::string& out, const Text& text, const ExplainRequest& request) {
  const Bindings& bindings = request.bindings;
  for (const TextPiece& piece : text) {
    switch (piece.kind) {
      case TextPiece::Kind::kText:
        out += piece.text;
        break;
      case TextPiece::Kind::kOperand:
        out += value_text(piece.operand, bindings);
        break;
      case TextPiece::Kind::kSum:
        out += sum_text(piece, bindings);
        break;
      case TextPiece::Kind::kGenerated: {
        const bool given = is_known(piece.operand, bindings) && !piece.operand.in(bindings).is_null();
        out += given ? value_text(piece.operand, bindings) : "{next id}";
        break;
      }
      case TextPiece::Kind::kSession:
        out += request.session ? request.session(piece.session, piece.text)
                               : '{' + std::string(session_value_name(piece)) + '}';
        break;
    }
  }
}

void note_kept(const std::vector<std::shared_ptr<const OwnedLookup>>& lookups, const RowTriggers* before,
               const RowTriggers* after, ExplainedNode& out) {
  for (const auto& lookup : lookups) {
    out.notes.push_back((lookup->verified_only ? "must have an entry in " : "keeps its entries in ") +
                        lookup->table + ", of vindex " + lookup->vindex);
  }
  for (const RowTriggers* each : {before, after}) {
    for (std::size_t i = 0; each != nullptr && i < each->triggers.size(); ++i) {
      const vschema::TriggerSpec& trigger = each->triggers[i];
      out.notes.push_back(trigger.time + " each row the gate runs trigger " + trigger.name + " of " +
                          each->table);
    }
  }
}

}  // namespace kintsugi::plan
