#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/testing/source_dir.h"

namespace kintsugi::sql {

/// A statement of testdata/*.sql.
struct Line {
  std::string file;
  int number;
  std::string sql;
};

/// All of them: one a line, lines that begin with -- are comments. For tests only, which know where they are.
inline std::vector<Line> read_corpus() {
  std::vector<Line> lines;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/src/sql/testdata")) {
    if (entry.path().extension() != ".sql") continue;
    std::ifstream in(entry.path());
    std::string sql;
    for (int number = 1; std::getline(in, sql); ++number) {
      if (!sql.empty() && !sql.starts_with("--")) lines.push_back({entry.path().filename(), number, sql});
    }
  }
  return lines;
}

inline const std::vector<Line>& corpus() {
  static const std::vector<Line> lines = read_corpus();
  return lines;
}

inline std::string where(const Line& line) {
  return line.file + ":" + std::to_string(line.number) + ": " + line.sql;
}

}  // namespace kintsugi::sql
