#include "gate/bindings.h"

#include <variant>

#include "mysql/quote.h"

namespace kintsugi::gate {
namespace {

using plan::ValueKind;

ValueKind kind_of(sql::LiteralKind kind) { return plan::literal_value(kind, {}).kind; }

bool is_bare(sql::LiteralKind kind) {
  return kind == sql::LiteralKind::kInteger || kind == sql::LiteralKind::kDecimal ||
         kind == sql::LiteralKind::kFloat;
}

ValueKind kind_of(mysql::FieldType type) {
  using mysql::FieldType;
  switch (type) {
    case FieldType::null:
      return ValueKind::kNull;
    case FieldType::tiny:
    case FieldType::short_:
    case FieldType::long_:
    case FieldType::longlong:
    case FieldType::int24:
    case FieldType::year:
      return ValueKind::kInteger;
    case FieldType::float_:
    case FieldType::double_:
      return ValueKind::kFloat;
    case FieldType::decimal:
    case FieldType::newdecimal:
      return ValueKind::kDecimal;
    case FieldType::tiny_blob:
    case FieldType::medium_blob:
    case FieldType::long_blob:
    case FieldType::blob:
    case FieldType::bit:
    case FieldType::geometry:
      return ValueKind::kBytes;
    case FieldType::date:
    case FieldType::newdate:
      return ValueKind::kDate;
    case FieldType::time:
    case FieldType::time2:
      return ValueKind::kTime;
    case FieldType::timestamp:
    case FieldType::datetime:
    case FieldType::timestamp2:
    case FieldType::datetime2:
      return ValueKind::kTimestamp;
    default:
      return ValueKind::kString;
  }
}

}  // namespace

void BoundValues::clear() {
  constexpr std::size_t kKeptBytes = 4096;
  constexpr std::size_t kKeptValues = 256;
  literals_.clear();
  parameters_.clear();
  if (literals_.capacity() > kKeptValues) literals_ = {};
  if (parameters_.capacity() > kKeptValues) parameters_ = {};
  if (parameter_text_.size() > kKeptValues) parameter_text_ = {};
  if (literal_text_.capacity() > kKeptBytes) literal_text_ = {};
  for (std::string& text : parameter_text_) {
    if (text.capacity() > kKeptBytes) text = {};
  }
}

void BoundValues::set_literals(std::string_view sql, const sql::Fingerprint& fingerprint,
                               const sql::LexerMode& mode) {
  literals_.clear();
  literal_text_.clear();
  // Escaped values are collected in one buffer, which may move while it grows: first lengths, then views.
  for (const sql::LiteralToken& token : fingerprint.literals) {
    const std::string_view text = sql.substr(token.offset, token.length);
    plan::Value value{.kind = kind_of(token.kind)};
    if (is_bare(token.kind)) {
      value.text = text;
    } else if (token.kind == sql::LiteralKind::kString && token.plain && text.size() >= 2) {
      value.text = text.substr(1, text.size() - 2);
    } else {
      const std::size_t before = literal_text_.size();
      sql::literal_value(sql, token, mode, literal_text_);
      value.text = {nullptr, literal_text_.size() - before};
    }
    literals_.push_back(value);
  }
  std::size_t offset = 0;
  for (plan::Value& value : literals_) {
    if (value.text.data() != nullptr) continue;
    value.text = std::string_view(literal_text_).substr(offset, value.text.size());
    offset += value.text.size();
  }
}

void BoundValues::set_parameters(std::span<const mysql::Parameter> parameters) {
  parameters_.clear();
  if (parameter_text_.size() < parameters.size()) parameter_text_.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    plan::Value value;
    const mysql::Parameter& parameter = parameters[i];
    if (!mysql::is_null(parameter.value)) {
      value.kind = kind_of(parameter.type.type);
      if (const auto* text = std::get_if<std::string_view>(&parameter.value)) {
        value.text = *text;
      } else {
        parameter_text_[i] = mysql::to_text(parameter.value, parameter.type.type).value_or("");
        value.text = parameter_text_[i];
      }
    }
    parameters_.push_back(value);
  }
}

std::string with_literals(std::string_view sql, const sql::LexerMode& mode,
                          std::span<const mysql::Parameter> parameters, std::string_view charset) {
  const mysql::QuoteOptions options{mode.no_backslash_escapes, charset};
  std::string out;
  std::size_t copied = 0;
  sql::Lexer lexer(sql, mode);
  for (sql::Token token = lexer.next(); !parameters.empty(); token = lexer.next()) {
    if (token.cls == sql::TokenClass::kEnd || token.cls == sql::TokenClass::kInvalid) break;
    if (token.cls != sql::TokenClass::kParameter) continue;
    out += sql.substr(copied, token.offset - copied);
    mysql::append_literal(out, parameters.front().value, parameters.front().type.type, options);
    copied = token.offset + token.length;
    parameters = parameters.subspan(1);
  }
  out += sql.substr(copied);
  return out;
}

}  // namespace kintsugi::gate
