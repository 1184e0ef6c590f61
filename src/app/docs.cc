#include "app/docs.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "app/error_table.h"
#include "app/metrics_page.h"
#include "app/role.h"
#include "cli/cli.h"
#include "spec/fields.h"
#include "vschema/vindex.h"

namespace kintsugi::app {
namespace {

/// A page, or a part of one between `<!-- part: begin -->` and `<!-- part: end -->`.
struct Page {
  const char* file;
  const char* part;  ///< empty: the whole page
  std::string (*text)();
};

const Page kPages[] = {
    {"cli.md", "", cli::reference_page},
    {"configuration.md", "", configuration_page},
    {"errors.md", "", errors_page},
    {"metrics.md", "", metrics_page},
    {"cluster-spec.md", "fields", spec::reference_markdown},
    {"vschema.md", "vindexes", vschema::vindex_reference_markdown},
};

std::optional<std::string> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What the page should be; nothing if its markers are missing.
std::optional<std::string> wanted(const Page& page, const std::string& now) {
  if (page.part[0] == '\0') return page.text();
  const std::string begin = fmt::format("<!-- {}: begin -->\n", page.part);
  const auto from = now.find(begin);
  const auto to = now.find(fmt::format("<!-- {}: end -->", page.part));
  if (from == std::string::npos || to == std::string::npos || to < from) return std::nullopt;
  std::string text = page.text();
  if (!text.ends_with('\n')) text += '\n';
  return now.substr(0, from + begin.size()) + text + now.substr(to);
}

bool complain(const std::string& what) {
  std::fputs(("kintsugi docs: " + what + "\n").c_str(), stderr);
  return false;
}

bool bring_up_to_date(const Page& page, const std::string& directory, bool check_only) {
  const std::string path = directory + "/" + page.file;
  const std::string now = read(path).value_or("");
  const std::optional<std::string> text = wanted(page, now);
  if (!text) return complain(fmt::format("{} lacks the marks `<!-- {}: begin -->` and end", path, page.part));
  if (*text == now) return true;
  if (check_only) return complain(path + " is not what the tables in the code say: run ./dev docs");
  std::ofstream file(path, std::ios::binary);
  file << *text;
  if (!file.flush()) return complain("cannot write " + path);
  std::printf("wrote %s\n", path.c_str());
  return true;
}

}  // namespace

int write_docs(const std::vector<std::string>& arguments) {
  std::string directory = "docs";
  bool check_only = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--check") {
      check_only = true;
    } else if (arguments[i] == "--directory" && i + 1 < arguments.size()) {
      directory = arguments[++i];
    } else {
      std::fputs("usage: kintsugi docs [--directory docs] [--check]\n", stderr);
      return 2;
    }
  }
  bool ok = true;
  for (const Page& page : kPages) ok = bring_up_to_date(page, directory, check_only) && ok;
  return ok ? 0 : 1;
}

}  // namespace kintsugi::app
