#include "cli/result_text.h"

#include <algorithm>
#include <cwchar>

#include <fmt/format.h>

#include "cli/format.h"

namespace kintsugi::cli {
namespace {

// The code point that starts at `at`, which is moved past it. A byte that is not UTF-8 is one of its own.
char32_t next_code_point(const std::string& text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  char32_t point = more == 0 ? first : first & (0x3fu >> more);
  for (int i = 0; i < more && at < text.size() && (text[at] & 0xc0) == 0x80; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3f);
  }
  return point;
}

bool is_wide(char32_t point) {
  return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
         (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
         (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
         (point >= 0xffe0 && point <= 0xffe6) || (point >= 0x1f300 && point <= 0x1faff) ||
         (point >= 0x20000 && point <= 0x3fffd);
}

bool is_combining(char32_t point) {
  return (point >= 0x0300 && point <= 0x036f) || (point >= 0x200b && point <= 0x200f) || point == 0xfeff;
}

std::string shown(const std::optional<std::string>& value) { return value ? *value : "NULL"; }

std::string rule(const std::vector<std::size_t>& widths) {
  std::string line = "+";
  for (const std::size_t width : widths) line += std::string(width + 2, '-') + "+";
  return line + "\n";
}

void append_cell(std::string& out, const std::string& text, std::size_t width, bool right) {
  const std::string padding(width - display_width(text), ' ');
  out += right ? " " + padding + text + " |" : " " + text + padding + " |";
}

std::string escaped_for_tabs(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\0':
        out += "\\0";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::size_t display_width(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    width += is_combining(point) ? 0 : is_wide(point) ? 2 : 1;
  }
  return width;
}

std::string framed(const ResultTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(display_width(column));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(shown(row[i])));
  }
  std::string out = rule(widths) + "|";
  for (std::size_t i = 0; i < widths.size(); ++i) append_cell(out, table.columns[i], widths[i], false);
  out += "\n" + rule(widths);
  for (const auto& row : table.rows) {
    out += "|";
    for (std::size_t i = 0; i < row.size(); ++i) append_cell(out, shown(row[i]), widths[i], table.numeric[i]);
    out += "\n";
  }
  return out + rule(widths);
}

std::string vertical(const ResultTable& table) {
  std::size_t width = 0;
  for (const std::string& column : table.columns) width = std::max(width, display_width(column));
  std::string out;
  for (std::size_t number = 0; number < table.rows.size(); ++number) {
    out += fmt::format("{:*^54}\n", fmt::format(" {}. row ", number + 1));
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      out += std::string(width - display_width(table.columns[i]), ' ') + table.columns[i] + ": " +
             shown(table.rows[number][i]) + "\n";
    }
  }
  return out;
}

std::string tabbed(const ResultTable& table) {
  std::string out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += (i > 0 ? "\t" : "") + escaped_for_tabs(table.columns[i]);
  }
  out += "\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i > 0 ? "\t" : "") + (row[i] ? escaped_for_tabs(*row[i]) : "NULL");
    }
    out += "\n";
  }
  return out;
}

std::string as_json(const ResultTable& table) {
  std::string out = R"({"columns":[)";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    out += (i > 0 ? "," : "") + json_string(table.columns[i]);
  out += R"(],"rows":[)";
  for (std::size_t number = 0; number < table.rows.size(); ++number) {
    out += number > 0 ? ",[" : "[";
    const auto& row = table.rows[number];
    for (std::size_t i = 0; i < row.size(); ++i)
      out += (i > 0 ? "," : "") + (row[i] ? json_string(*row[i]) : "null");
    out += "]";
  }
  return out + "]}";
}

}  // namespace kintsugi::cli
