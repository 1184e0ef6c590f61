#include "local/arguments.h"

#include <charconv>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "base/nearest.h"
#include "local/commands.h"
#include "local/errors.h"

namespace kintsugi::local {

namespace {

struct Word {
  const char* name;
  const char* help;  ///< null: only this program calls it
};

constexpr Word kWords[] = {
    {"up", "start the cluster of a spec, or bring a running one to it; returns when it answers queries"},
    {"apply", "bring a running cluster to a changed spec, without touching what is the same"},
    {"status", "what runs, how it is, and where it listens"},
    {"down", "stop it; the data stays"},
    {"logs", "the ends of the logs: of all processes, or of one"},
    {"check", "check a spec and say what is wrong with it"},
    {"schema", "print the JSON schema of a spec"},
    {"supervise", nullptr},
    {"guard", nullptr},
};

struct Flag {
  const char* name;
  const char* value;  ///< what it stands for in the help; null: it takes none
  const char* help;
};

constexpr Flag kFlags[] = {
    {"--file", "SPEC", "the cluster spec (-f)"},
    {"--dir", "DIR", "the state folder; without it .kintsugi/<cluster> beside the spec"},
    {"--foreground", nullptr, "up: stay, and stop the cluster with Ctrl-C"},
    {"--allow-data-loss", nullptr,
     "up, apply: a keyspace that the spec no longer has may be removed with its data"},
    {"--remove-data", nullptr, "down: remove the state folder with all data as well"},
    {"--json", nullptr, "status: as JSON"},
    {"--follow", nullptr, "logs: go on with what comes (-F)"},
    {"--lines", "N", "logs: how many of each (50)"},
};

void set_flag(Arguments& out, std::string_view name) {
  if (name == "--foreground") out.foreground = true;
  if (name == "--allow-data-loss") out.allow_data_loss = true;
  if (name == "--remove-data") out.remove_data = true;
  if (name == "--json") out.json = true;
  if (name == "--follow") out.follow = true;
}

Result<void> set_value(Arguments& out, std::string_view name, const std::string& value) {
  if (name == "--file") out.spec_file = value;
  if (name == "--dir") out.dir = value;
  if (name == "--lines" || name == "--lock-fd") {
    int& number = name == "--lines" ? out.lines : out.lock_fd;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < 0) {
      return failure(kUsage, fmt::format("{} takes a number, not '{}'", name, value));
    }
  }
  return {};
}

/// The flag's full name, and whether it takes a value.
const Flag* find_flag(std::string_view text) {
  static constexpr Flag kLockFd{"--lock-fd", "N", ""};
  if (text == "-f") text = "--file";
  if (text == "-F") text = "--follow";
  if (text == "-n") text = "--lines";
  if (text == kLockFd.name) return &kLockFd;
  for (const Flag& each : kFlags) {
    if (text == each.name) return &each;
  }
  return nullptr;
}

std::string unknown(const char* kind, std::string_view text, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(text, known);
  return fmt::format("there is no {} '{}'{}", kind, text,
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

Result<void> check(const Arguments& out) {
  bool known = false;
  for (const Word& each : kWords) known = known || out.word == each.name;
  if (out.word.empty()) return failure(kUsage, "which word: up, apply, status, down, logs, check or schema?");
  if (!known) {
    std::vector<std::string_view> words;
    for (const Word& each : kWords) words.emplace_back(each.name);
    return failure(kUsage, unknown("word", out.word, words));
  }
  const bool needs_spec = out.word == "up" || out.word == "apply" || out.word == "check";
  if (needs_spec && out.spec_file.empty())
    return failure(kUsage, fmt::format("{} needs a spec: -f cluster.yaml", out.word));
  if (!out.process.empty() && out.word != "logs") {
    return failure(kUsage, fmt::format("what is '{}'? {} takes no name", out.process, out.word));
  }
  if (out.word != "schema" && out.spec_file.empty() && out.dir.empty()) {
    return failure(kUsage, fmt::format("which cluster? Give -f cluster.yaml or --dir DIR to {}", out.word));
  }
  return {};
}

}  // namespace

Result<Arguments> parse_arguments(const std::vector<std::string>& arguments) {
  Arguments out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& text = arguments[i];
    if (text == "-h" || text == "--help" || text == "help") {
      out.help = true;
      return out;
    }
    if (!text.starts_with('-')) {
      if (!out.word.empty() && !out.process.empty())
        return failure(kUsage, fmt::format("what is '{}'?", text));
      (out.word.empty() ? out.word : out.process) = text;
      continue;
    }
    const std::size_t equals = text.find('=');
    const Flag* flag = find_flag(text.substr(0, equals));
    if (flag == nullptr) {
      std::vector<std::string_view> names;
      for (const Flag& each : kFlags) names.emplace_back(each.name);
      return failure(kUsage, unknown("flag", text.substr(0, equals), names));
    }
    if (flag->value == nullptr) {
      if (equals != std::string::npos) return failure(kUsage, fmt::format("{} takes no value", flag->name));
      set_flag(out, flag->name);
      continue;
    }
    if (equals == std::string::npos && i + 1 == arguments.size()) {
      return failure(kUsage, fmt::format("{} takes a value: {} {}", flag->name, flag->name, flag->value));
    }
    const std::string value = equals == std::string::npos ? arguments[++i] : text.substr(equals + 1);
    if (Result<void> set = set_value(out, flag->name, value); !set) return failure(set.error());
  }
  if (Result<void> good = check(out); !good) return failure(good.error());
  return out;
}

std::string help() {
  std::string out =
      "usage: kintsugi local <word> -f cluster.yaml [flags]\n\nRuns a whole cluster on this machine.\n\n";
  for (const Word& each : kWords) {
    if (each.help != nullptr) out += fmt::format("  {:<22} {}\n", each.name, each.help);
  }
  out += "\n";
  for (const Flag& each : kFlags) {
    const std::string left = each.value == nullptr ? each.name : fmt::format("{} {}", each.name, each.value);
    out += fmt::format("  {:<22} {}\n", left, each.help);
  }
  out +=
      "\nExamples:\n"
      "  kintsugi local up -f examples/commerce.yaml\n"
      "  kintsugi local status -f examples/commerce.yaml\n"
      "  kintsugi local logs gate-1 -f examples/commerce.yaml --follow\n"
      "  kintsugi local down -f examples/commerce.yaml --remove-data\n";
  return out;
}

Result<Layout> layout_of(const Arguments& arguments) {
  namespace fs = std::filesystem;
  if (!arguments.dir.empty()) return Layout{fs::absolute(arguments.dir).lexically_normal().string()};
  const Result<std::string> name = spec::cluster_name(arguments.spec_file);
  if (!name) return failure(name.error());
  const fs::path file = fs::absolute(arguments.spec_file).lexically_normal();
  return Layout{(file.parent_path() / ".kintsugi" / *name).string()};
}

}  // namespace kintsugi::local
