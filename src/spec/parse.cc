#include "spec/parse.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

#include "spec/detail/extract.h"
#include "spec/errors.h"

namespace kintsugi::spec {

namespace {

constexpr std::size_t kFileBytesMax = 4u << 20;

/// True if one of the paths is inside the other: a field that is wrong by itself needs no second complaint.
bool related(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '.' || b[a.size()] == '[');
}

}  // namespace

std::string Problem::text() const {
  std::string out = file;
  if (line > 0) out += fmt::format(":{}:{}", line, column);
  out += ": ";
  if (!path.empty()) out += path + ": ";
  return out + message;
}

Parsed parse(const std::string& text, const std::string& file, const std::string& directory,
             const ReadFile& read_named, const PartChecks& checks) {
  Parsed parsed;
  tl::expected<detail::Node, detail::SyntaxError> root = detail::read_yaml(text);
  if (!root) {
    const detail::SyntaxError& error = root.error();
    parsed.problems.push_back({file, error.position.line, error.position.column, "", error.message});
    return parsed;
  }
  const detail::Node original = *root;
  std::vector<detail::Finding> findings = detail::check_structure(*root);
  std::vector<detail::Finding> later;
  parsed.cluster = detail::extract(*root, directory, read_named, later);
  std::ranges::move(detail::check_rules(parsed.cluster, checks), std::back_inserter(later));
  const std::size_t structural = findings.size();
  for (detail::Finding& finding : later) {
    const auto said = [&](const detail::Finding& earlier) { return related(earlier.path, finding.path); };
    if (std::any_of(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(structural), said))
      continue;
    finding.position = detail::locate(original, finding.path);
    findings.push_back(std::move(finding));
  }
  for (detail::Finding& finding : findings) {
    parsed.problems.push_back({file, finding.position.line, finding.position.column, std::move(finding.path),
                               std::move(finding.message)});
  }
  std::ranges::sort(parsed.problems, [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column, a.path) < std::tie(b.line, b.column, b.path);
  });
  return parsed;
}

Result<Cluster> checked(Parsed parsed) {
  if (parsed.ok()) return std::move(parsed.cluster);
  std::string message = parsed.problems.size() == 1 ? "" : fmt::format("{} mistakes", parsed.problems.size());
  for (const Problem& each : parsed.problems) message += (message.empty() ? "" : "\n") + each.text();
  return failure(kBadSpec, message);
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return failure(kSpecUnreadable, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad() || text.fail()) {
    return failure(kSpecUnreadable,
                   fmt::format("cannot read {}: is it a regular file with something in it?", path));
  }
  if (text.view().size() > kFileBytesMax) {
    return failure(kSpecUnreadable, fmt::format("{} is larger than {} bytes", path, kFileBytesMax));
  }
  return text.str();
}

Result<std::string> cluster_name(const std::string& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return failure(text.error());
  const ReadFile read_nothing = [](const std::string&) -> Result<std::string> { return std::string("{}"); };
  Parsed parsed = parse(*text, file, "/", read_nothing);
  std::erase_if(parsed.problems,
                [](const Problem& each) { return !each.path.empty() && !each.path.starts_with("metadata"); });
  if (!parsed.ok()) return failure(checked(std::move(parsed)).error());
  return std::move(parsed.cluster.name);
}

Result<Cluster> load(const std::string& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return failure(text.error());
  std::error_code ignored;
  const std::string directory = std::filesystem::absolute(file, ignored).parent_path().string();
  return checked(parse(*text, file, directory, read_file));
}

}  // namespace kintsugi::spec
