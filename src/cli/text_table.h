#pragma once

#include <string>
#include <vector>

namespace kintsugi::cli {

/// Rows of cells, printed in columns as wide as their widest cell, two spaces apart.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// Lines with '\n' at their ends; no trailing spaces.
  std::string text() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace kintsugi::cli
