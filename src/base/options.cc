#include "base/options.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/units.h"

namespace kintsugi {
namespace {

constexpr std::string_view kEnvironmentPrefix = "KINTSUGI_";
constexpr std::string_view kMask = "********";

std::string replaced(std::string_view text, char from, char to) {
  std::string out(text);
  std::replace(out.begin(), out.end(), from, to);
  return out;
}

std::string environment_name(std::string_view option) {
  std::string out(kEnvironmentPrefix);
  for (const char c : option) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string flag_name(std::string_view option) { return "--" + replaced(option, '_', '-'); }

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::optional<bool> parse_bool(std::string_view text) {
  for (const std::string_view word : {"true", "yes", "on", "1"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"false", "no", "off", "0"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column == 0 || indent + column + 1 + word.size() > width) {
      if (!out.empty()) out += '\n';
      out += std::string(indent, ' ');
      column = 0;
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + '\n';
}

}  // namespace

std::string_view name(OptionOrigin origin) {
  constexpr std::string_view kNames[] = {"default", "file", "environment", "flag"};
  return kNames[static_cast<std::size_t>(origin)];
}

// --------------------------------------------------------------------------------------------- declaration

Option& Option::secret() {
  secret_ = true;
  return *this;
}
Option& Option::reloadable() {
  reloadable_ = true;
  return *this;
}
Option& Option::required() {
  required_ = true;
  return *this;
}
Option& Option::valid_if(std::function<Result<void>(std::string_view)> valid) {
  valid_ = std::move(valid);
  return *this;
}

Option& OptionTable::add(std::string name, std::string type, std::string expects, std::string help) {
  if (find(name) != nullptr) {
    std::fprintf(stderr, "broken invariant: option %s is declared twice\n", name.c_str());
    std::abort();
  }
  Option& option = options_.emplace_back();
  option.name_ = std::move(name);
  option.section_ = section_;
  option.type_ = std::move(type);
  option.expects_ = std::move(expects);
  option.help_ = std::move(help);
  return option;
}

Option& OptionTable::finish(Option& option) {
  option.default_ = option.get_();
  return option;
}

Option& OptionTable::flag(std::string name, bool& field, std::string help) {
  Option& option = add(std::move(name), "true or false", "true or false", std::move(help));
  option.is_flag_ = true;
  option.set_ = [&field](std::string_view text) {
    const std::optional<bool> value = parse_bool(text);
    if (value) field = *value;
    return value.has_value();
  };
  option.get_ = [&field] { return std::string(field ? "true" : "false"); };
  return finish(option);
}

Option& OptionTable::add_integer(std::string name, Range range, std::string help, std::string unit,
                                 std::function<void(std::int64_t)> set, std::function<std::int64_t()> get) {
  const Range all;
  std::string expects = "a whole number";
  if (range.min != all.min && range.max != all.max) {
    expects += fmt::format(" from {} to {}", range.min, range.max);
  } else if (range.min != all.min) {
    expects += fmt::format(" of at least {}", range.min);
  } else if (range.max != all.max) {
    expects += fmt::format(" of at most {}", range.max);
  }
  Option& option = add(std::move(name), "integer", std::move(expects), std::move(help));
  option.unit_ = std::move(unit);
  option.set_ = [range, set = std::move(set)](std::string_view text) {
    std::int64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last || value < range.min || value > range.max) return false;
    set(value);
    return true;
  };
  option.get_ = [get = std::move(get)] { return std::to_string(get()); };
  return finish(option);
}

Option& OptionTable::duration(std::string name, Duration& field, DurationRange range, std::string help) {
  std::string expects = "a time such as 250ms, 10s, 5m, 1h or 2d";
  if (range.max != Duration::max()) {
    expects += fmt::format(", from {} to {}", duration_text(range.min), duration_text(range.max));
  } else if (range.min != Duration::zero()) {
    expects += fmt::format(", at least {}", duration_text(range.min));
  }
  Option& option = add(std::move(name), "duration", std::move(expects), std::move(help));
  option.set_ = [&field, range](std::string_view text) {
    Duration value;
    if (!parse_duration(text, value) || value < range.min || value > range.max) return false;
    field = value;
    return true;
  };
  option.get_ = [&field] { return duration_text(field); };
  return finish(option);
}

Option& OptionTable::bytes(std::string name, std::uint64_t& field, Range range, std::string help) {
  const auto least = static_cast<std::uint64_t>(std::max<std::int64_t>(range.min, 0));
  const auto most = static_cast<std::uint64_t>(range.max);
  std::string expects = "a size such as 4096, 64KiB, 16MiB or 1GiB";
  if (range.max != Range().max)
    expects += fmt::format(", from {} to {}", bytes_text(least), bytes_text(most));
  Option& option = add(std::move(name), "size", std::move(expects), std::move(help));
  option.set_ = [&field, least, most](std::string_view text) {
    std::uint64_t value = 0;
    if (!parse_bytes(text, value) || value < least || value > most) return false;
    field = value;
    return true;
  };
  option.get_ = [&field] { return bytes_text(field); };
  return finish(option);
}

Option& OptionTable::text(std::string name, std::string& field, std::string help) {
  Option& option = add(std::move(name), "text", "a text", std::move(help));
  option.set_ = [&field](std::string_view text) {
    field = text;
    return true;
  };
  option.get_ = [&field] { return field; };
  return finish(option);
}

Option& OptionTable::file(std::string name, std::string& field, std::string help) {
  Option& option = text(std::move(name), field, std::move(help));
  option.type_ = "file";
  option.expects_ = "the path of a file";
  return option;
}

Option& OptionTable::add_choice(std::string name, Names words, std::string help,
                                std::function<void(std::size_t)> set, std::function<std::size_t()> get) {
  const std::string all = joined(words, ", ");
  Option& option = add(std::move(name), "one of " + all, "one of " + all, std::move(help));
  option.set_ = [words, set = std::move(set)](std::string_view text) {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) return false;
    set(static_cast<std::size_t>(found - words.begin()));
    return true;
  };
  option.get_ = [words, get = std::move(get)] { return words.at(get()); };
  return finish(option);
}

Option& OptionTable::list(std::string name, std::vector<std::string>& field, std::string help) {
  Option& option = add(std::move(name), "list", "values separated by commas", std::move(help));
  option.set_ = [&field](std::string_view text) {
    field = split_commas(text);
    return true;
  };
  option.get_ = [&field] { return joined(field, ","); };
  return finish(option);
}

// ------------------------------------------------------------------------------------------------- parsing

Option* OptionTable::find(std::string_view name) {
  const std::string wanted = replaced(name, '-', '_');
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const Option& option) { return option.name_ == wanted; });
  return found == options_.end() ? nullptr : &*found;
}

Error OptionTable::unknown(std::string_view wrong, bool as_flag) const {
  std::vector<std::string_view> names;
  for (const Option& option : options_) names.push_back(option.name_);
  const std::string_view near = nearest(replaced(wrong, '-', '_'), names);
  std::string message = role_ + " has no such option";
  if (!near.empty()) {
    message += fmt::format("; did you mean {}?", as_flag ? flag_name(near) : fmt::format("'{}'", near));
  }
  return Error(kBadOption, std::move(message));
}

Result<void> OptionTable::assign(Option& option, std::string_view text, OptionOrigin origin) {
  const std::string shown = option.secret_ ? std::string(kMask) : std::string(text);
  // A list that is given as several flags grows.
  std::string whole(text);
  if (option.type_ == "list" && origin == OptionOrigin::flag && option.origin_ == origin) {
    whole = option.get_() + ',' + whole;
  }
  if (option.valid_) {
    const Result<void> valid = option.valid_(text);
    if (!valid) return failure(kBadOption, fmt::format("'{}': {}", shown, valid.error().message()));
  }
  if (!option.set_(whole)) return failure(kBadOption, fmt::format("'{}' is not {}", shown, option.expects_));
  option.origin_ = origin;
  return {};
}

Result<void> OptionTable::set(std::string_view name, std::string_view text) {
  Option* option = find(name);
  if (option == nullptr) return failure(unknown(name, false));
  return assign(*option, text, OptionOrigin::file);
}

Result<void> OptionTable::parse_map(const std::map<std::string, std::string>& values,
                                    const std::string& source) {
  for (const auto& [key, value] : values) {
    const Result<void> done = set(key, value);
    if (!done) return failure(done.error().with_context(fmt::format("{}: {}", source, key)));
  }
  return {};
}

Result<void> OptionTable::parse_environment(const char* const* variables) {
  std::map<std::string, Option*> by_name;
  for (Option& option : options_) by_name[environment_name(option.name_)] = &option;
  for (; *variables != nullptr; ++variables) {
    const std::string_view variable = *variables;
    const std::string_view key = variable.substr(0, variable.find('='));
    const auto found = by_name.find(std::string(key));
    if (found == by_name.end() || key.size() == variable.size()) continue;
    const Result<void> assigned =
        assign(*found->second, variable.substr(key.size() + 1), OptionOrigin::environment);
    if (!assigned) return failure(assigned.error().with_context(found->first));
  }
  return {};
}

Result<void> OptionTable::parse_flags(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      help_requested_ = true;
      return {};
    }
    if (!argument.starts_with("--") || argument.size() == 2) {
      return failure(kBadOption,
                     fmt::format("'{}' is no option: {} takes only --name value", argument, role_));
    }
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    Option* option = find(std::string_view(flag).substr(2));
    if (option == nullptr) return failure(unknown(std::string_view(flag).substr(2), true).with_context(flag));
    std::string value = "true";
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (!option->is_flag_) {
      if (i + 1 == arguments.size()) {
        return failure(kBadOption, fmt::format("{}: a value is missing; it is {}", flag, option->expects_));
      }
      value = arguments[++i];
    }
    const Result<void> assigned = assign(*option, value, OptionOrigin::flag);
    if (!assigned) return failure(assigned.error().with_context(flag));
  }
  return {};
}

Result<void> OptionTable::check() const {
  for (const Option& option : options_) {
    if (!option.required_ || !option.get_().empty()) continue;
    return failure(kBadOption,
                   fmt::format("{} is required: {} Give it as a flag, as {} in the environment, or in "
                               "the configuration file",
                               flag_name(option.name_), option.help_, environment_name(option.name_)));
  }
  return {};
}

// ------------------------------------------------------------------------------------------------- showing

std::vector<OptionValue> OptionTable::values() const {
  std::vector<OptionValue> all;
  for (const Option& option : options_) {
    const auto masked = [&](std::string value) {
      return option.secret_ && !value.empty() ? std::string(kMask) : std::move(value);
    };
    all.push_back({.name = option.name_,
                   .section = option.section_,
                   .type = option.type_,
                   .value = masked(option.get_()),
                   .default_value = masked(option.default_),
                   .help = option.help_,
                   .environment = environment_name(option.name_),
                   .origin = option.origin_,
                   .secret = option.secret_,
                   .reloadable = option.reloadable_});
  }
  return all;
}

OptionTable::Difference OptionTable::difference(const OptionTable& fresh) const {
  Difference result;
  for (std::size_t i = 0; i < options_.size() && i < fresh.options_.size(); ++i) {
    const Option& option = options_[i];
    if (option.get_() == fresh.options_[i].get_()) continue;
    (option.reloadable_ ? result.reloadable : result.need_restart).push_back(option.name_);
  }
  return result;
}

std::string OptionTable::help_text() const {
  constexpr std::size_t kIndent = 6;
  constexpr std::size_t kColumns = 100;
  std::string out;
  const std::string* last = nullptr;
  for (const Option& option : options_) {
    if (last == nullptr || *last != option.section_) {
      out += fmt::format("{}{}:\n", last == nullptr ? "" : "\n", option.section_);
      last = &option.section_;
    }
    out += fmt::format("  {}{}\n", flag_name(option.name_),
                       option.is_flag_ ? "" : fmt::format(" <{}>", option.type_));
    std::string facts;
    if (option.required_) facts = " Required.";
    if (!option.default_.empty() && !option.secret_) {
      facts +=
          fmt::format(" Default: {}{}{}.", option.default_, option.unit_.empty() ? "" : " ", option.unit_);
    }
    out += wrapped(option.help_ + facts, kIndent, kColumns);
  }
  return out +
         fmt::format(
             "\nEach can also be set in the environment ({}… in capitals) or in the configuration file.\n",
             kEnvironmentPrefix);
}

std::string OptionTable::reference_markdown() const {
  std::string out;
  const std::string* last = nullptr;
  for (const Option& option : options_) {
    if (last == nullptr || *last != option.section_) {
      out += fmt::format("{}### {}\n\n| option | what it may be | default | meaning |\n|---|---|---|---|\n",
                         last == nullptr ? "" : "\n", option.section_);
      last = &option.section_;
    }
    const auto cell = [](std::string_view text) {
      std::string escaped;
      for (const char c : text) {
        if (c == '|') escaped += '\\';
        escaped += c;
      }
      return escaped;
    };
    const std::string unit = option.unit_.empty() ? "" : " " + option.unit_;
    std::string fallback = option.required_ ? "required" : "";
    if (!option.default_.empty() && !option.secret_) fallback = fmt::format("`{}`{}", option.default_, unit);
    out += fmt::format("| `{}` | {} | {} | {}{}{} |\n", option.name_, cell(option.expects_), cell(fallback),
                       cell(option.help_), option.reloadable_ ? " *Takes effect while running.*" : "",
                       option.secret_ ? " *Secret: shown nowhere.*" : "");
  }
  return out;
}

std::string OptionTable::values_json() const {
  std::string out = "[";
  for (const OptionValue& option : values()) {
    out +=
        fmt::format(R"({}{{"name":{},"value":{},"origin":{},"default":{},"reloadable":{},"environment":{}}})",
                    out.size() == 1 ? "" : ",", json_quoted(option.name), json_quoted(option.value),
                    json_quoted(kintsugi::name(option.origin)), json_quoted(option.default_value),
                    option.reloadable, json_quoted(option.environment));
  }
  return out + "]";
}

}  // namespace kintsugi
