#include <fmt/format.h>

#include "plan/explain.h"

namespace kintsugi::plan {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::string milliseconds(Duration took) {
  return fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(took).count());
}

/// One fact on a line; a value of several lines goes on below its first.
class Lines {
 public:
  explicit Lines(std::string& out) : out_(out) {}

  void fact(int depth, std::string_view name, std::string_view value) {
    const std::string indent(static_cast<std::size_t>(depth), ' ');
    out_ += fmt::format("{}{:<8} ", indent, name);
    for (const char c : value) {
      out_ += c;
      if (c == '\n') out_ += indent + std::string(9, ' ');
    }
    out_ += '\n';
  }

 private:
  std::string& out_;
};

std::string key_text(const ExplainedKey& key) {
  std::string out = key.type == "pinned" ? "pinned"
                    : key.vindex == key.type
                        ? fmt::format("{}({})", key.type, key.columns)
                        : fmt::format("{}({}), of type {}", key.vindex, key.columns, key.type);
  for (const ExplainedKey::Value& value : key.values) {
    out += key.values.size() > 1 ? "\n" : ": ";
    out += value.value;
    out +=
        (value.value.empty() ? "" : " -> ") + (value.keyspace_id.empty() ? value.place : value.keyspace_id);
    if (!value.shard.empty()) out += " -> " + value.shard;
  }
  return out;
}

std::string estimate_text(const Estimate& estimate) {
  return fmt::format("{} {} row{}", estimate.at_most ? "at most about" : "about", estimate.rows,
                     estimate.rows == 1 ? "" : "s");
}

std::string shard_text(const ExplainedShard& shard) {
  std::string out = shard.name;
  if (shard.measured) {
    const Measured& done = *shard.measured;
    out += fmt::format("  {} rows, {} bytes, {} ms", done.rows, done.bytes, milliseconds(done.took));
    if (done.affected > 0) out += fmt::format(", {} affected", done.affected);
  }
  if (shard.estimate)
    out += fmt::format("{}estimated {}", shard.measured ? "; " : "  ", estimate_text(*shard.estimate));
  return out;
}

std::string shards_text(const ExplainedText& text) {
  std::string out;
  for (const ExplainedShard& shard : text.shards) {
    if (!out.empty()) out += shard.measured || shard.estimate ? "\n" : ", ";
    out += shard_text(shard);
  }
  return out;
}

Estimate sum(const Estimate& a, const Estimate& b) { return {a.rows + b.rows, a.at_most || b.at_most}; }

/// What a query over copies has copied; nothing where a copy's rows are unknown.
std::optional<Estimate> copied(const ExplainedNode& node) {
  if (node.tier != "gather") return std::nullopt;
  Estimate all;
  for (const ExplainedNode& input : node.inputs) {
    if (input.tier != "copy" && input.tier != "part") continue;
    for (const ExplainedText& text : input.texts) {
      const std::optional<Estimate> one = estimate_of(text);
      if (!one) return std::nullopt;
      all = sum(all, *one);
    }
  }
  return all;
}

void append(std::string& out, const ExplainedNode& node, int depth) {
  Lines lines(out);
  if (depth > 0) out += std::string(static_cast<std::size_t>(depth - 3), ' ') + "-> ";
  out += node.tier;
  if (node.writes && node.tier != "insert") out += " (write)";
  if (!node.target.empty()) out += ": " + node.target;
  out += '\n';
  const int inside = depth + 2;
  if (!node.reason.empty()) lines.fact(inside, "why", node.reason);
  for (const ExplainedKey& key : node.keys) lines.fact(inside, "vindex", key_text(key));
  for (const std::string& note : node.notes) lines.fact(inside, "note", note);
  if (const std::optional<Estimate> rows = copied(node))
    lines.fact(inside, "estimate", estimate_text(*rows) + " copied");
  for (const Bound& bound : node.bounds)
    lines.fact(inside, "bound", fmt::format("{} = {} ({})", bound.name, bound.value, bound.set_by));
  for (const ExplainedText& text : node.texts) {
    if (!text.shards.empty()) lines.fact(inside, "shards", shards_text(text));
    if (const auto all = estimate_of(text); all && text.shards.size() > 1)
      lines.fact(inside, "estimate", estimate_text(*all) + " of all shards");
    lines.fact(inside, "sql", text.sql);
  }
  if (!node.pass.empty()) lines.fact(inside, "decided", "by the planner's pass " + node.pass);
  for (const ExplainedNode& input : node.inputs) append(out, input, inside + 3);
}

/// Writes JSON; commas between members come by themselves.
class Json {
 public:
  void open(char bracket) {
    comma();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    comma();
    quote(name);
    out_ += ':';
    first_ = true;
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    comma();
    quote(value);
  }
  /// Left out if it is empty.
  void some(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void raw(std::string_view name, std::string_view value) {
    key(name);
    comma();
    out_ += value;
  }
  void item(std::string_view value) {
    comma();
    quote(value);
  }
  std::string take() { return std::move(out_); }

 private:
  void comma() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  void quote(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < 0x20) {
        out_ += "\\u00";
        out_ += kHex[byte >> 4];
        out_ += kHex[byte & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  bool first_ = true;
};

template <class List, class Each>
void array(Json& json, std::string_view name, const List& list, const Each& each) {
  if (list.empty()) return;
  json.key(name);
  json.open('[');
  for (const auto& one : list) each(one);
  json.close(']');
}

void write(Json& json, const ExplainedKey& key) {
  json.open('{');
  json.some("vindex", key.vindex);
  json.text("type", key.type);
  json.some("columns", key.columns);
  array(json, "values", key.values, [&json](const ExplainedKey::Value& value) {
    json.open('{');
    json.some("value", value.value);
    json.some("keyspaceId", value.keyspace_id);
    json.some("shard", value.shard);
    json.some("place", value.place);
    json.close('}');
  });
  json.close('}');
}

void write(Json& json, const ExplainedText& text) {
  json.open('{');
  json.text("sql", text.sql);
  array(json, "shards", text.shards, [&json](const ExplainedShard& shard) {
    json.open('{');
    json.text("name", shard.name);
    if (shard.estimate) {
      json.raw("estimatedRows", std::to_string(shard.estimate->rows));
      if (shard.estimate->at_most) json.raw("estimatedAtMost", "true");
    }
    if (shard.measured) {
      json.raw("rows", std::to_string(shard.measured->rows));
      json.raw("bytes", std::to_string(shard.measured->bytes));
      json.raw("affectedRows", std::to_string(shard.measured->affected));
      json.raw("milliseconds", milliseconds(shard.measured->took));
    }
    json.close('}');
  });
  json.close('}');
}

void write(Json& json, const ExplainedNode& node) {
  json.open('{');
  json.text("tier", node.tier);
  if (node.writes) json.raw("writes", "true");
  json.some("target", node.target);
  json.some("pass", node.pass);
  json.some("reason", node.reason);
  array(json, "keys", node.keys, [&json](const ExplainedKey& key) { write(json, key); });
  array(json, "bounds", node.bounds, [&json](const Bound& bound) {
    json.open('{');
    json.text("name", bound.name);
    json.raw("value", std::to_string(bound.value));
    json.text("setBy", bound.set_by);
    json.close('}');
  });
  array(json, "notes", node.notes, [&json](const std::string& note) { json.item(note); });
  array(json, "texts", node.texts, [&json](const ExplainedText& text) { write(json, text); });
  array(json, "inputs", node.inputs, [&json](const ExplainedNode& input) { write(json, input); });
  json.close('}');
}

}  // namespace

std::optional<Estimate> estimate_of(const ExplainedText& text) {
  if (text.shards.empty()) return std::nullopt;
  Estimate all;
  for (const ExplainedShard& shard : text.shards) {
    if (!shard.estimate) return std::nullopt;
    all = sum(all, *shard.estimate);
  }
  return all;
}

std::string to_text(const ExplainedNode& root) {
  std::string out;
  append(out, root, 0);
  return out;
}

std::string to_json(const ExplainedNode& root) {
  Json json;
  write(json, root);
  return json.take();
}

}  // namespace kintsugi::plan
