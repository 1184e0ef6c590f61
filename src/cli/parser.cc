#include "cli/parser.h"

#include <map>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/nearest.h"

namespace kintsugi::cli {
namespace {

/// A command as CLI11 fills it.
struct Slot {
  const Command* command;
  CLI::App* app;
  std::map<std::string, std::string> singles;  // a list would take the words of the arguments after it
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, bool> switches;
};

std::string footer(const Command& command) {
  std::string text;
  if (command.description[0] != '\0') text += fmt::format("\n{}\n", command.description);
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const Example& example : command.examples) {
    text += fmt::format("  kintsugi {}\n      {}\n", example.command, example.what);
  }
  text += "\nWith every command: --json prints the answer as JSON; --control host:port asks that control.\n";
  return text;
}

void add_arguments(Slot& slot) {
  for (const Argument& argument : slot.command->arguments) {
    CLI::Option* option =
        argument.repeated ? slot.app->add_option(argument.name, slot.values[argument.name], argument.help)
                          : slot.app->add_option(argument.name, slot.singles[argument.name], argument.help);
    option->required(argument.required)->option_text(argument.repeated ? "..." : "");
  }
  for (const Flag& flag : slot.command->flags) {
    const std::string name = fmt::format("--{}", flag.name);
    if (flag.value_name[0] == '\0') {
      slot.app->add_flag(name, slot.switches[flag.name], flag.help);
    } else {
      CLI::Option* option = slot.app->add_option(name, slot.values[flag.name], flag.help);
      option->expected(1)->option_text(fmt::format("<{}>", flag.value_name));
      if (flag.repeated) option->take_all();
    }
  }
}

using Groups = std::map<std::string, CLI::App*>;

/// The app for "tablet list": its groups are made as they are met.
CLI::App* app_for(CLI::App& root, Groups& groups, const Command& command) {
  std::istringstream words(command.words);
  CLI::App* app = &root;
  std::string path;
  for (std::string word; words >> word;) {
    path += " " + word;
    CLI::App*& next = groups[path];
    if (next == nullptr) {
      next = app->add_subcommand(word);
      next->require_subcommand(0, 1);
    }
    app = next;
  }
  app->description(command.summary);
  app->footer(footer(command));
  return app;
}

void describe_groups(CLI::App& root) {
  for (CLI::App* group : root.get_subcommands({})) {
    if (group->get_subcommands({}).empty()) continue;
    std::string words;
    for (const CLI::App* each : group->get_subcommands({})) {
      words += fmt::format("{}{}", words.empty() ? "" : ", ", each->get_name());
    }
    group->description(words);
  }
}

void collect(const Slot& slot, Parsed& parsed) {
  for (const auto& [name, value] : slot.singles) {
    if (!value.empty()) parsed.values[name] = {value};
  }
  for (const auto& [name, values] : slot.values) {
    if (!values.empty()) parsed.values[name] = values;
  }
  for (const auto& [name, on] : slot.switches) {
    if (on) parsed.values[name] = {"true"};
  }
}

/// The command or group that the words begin with, and the first word that it does not know.
struct Place {
  std::string path;  ///< "tablet list"; empty: none
  const CLI::App* app;
  std::string next;
};

Place place_of(const CLI::App& root, const Groups& groups, const std::vector<std::string>& arguments) {
  Place place{"", &root, ""};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--control") ++i;
    if (word.starts_with('-')) continue;
    const auto found = groups.find(place.path.empty() ? " " + word : " " + place.path + " " + word);
    if (found == groups.end()) {
      place.next = word;
      break;
    }
    place.path += place.path.empty() ? word : " " + word;
    place.app = found->second;
  }
  return place;
}

/// Help that was asked for, or what is wrong with the call and how it is made.
std::string show_error(const CLI::App& root, const Place& place, const CLI::Error& error, int& exit_code) {
  std::ostringstream out;
  std::ostringstream err;
  exit_code = root.exit(error, out, err) == 0 ? 0 : 2;
  if (exit_code == 0) return out.str();
  std::string message = error.what();
  const auto inside = place.app->get_subcommands([](const CLI::App*) { return true; });
  if (!inside.empty() && !place.next.empty()) {
    std::vector<std::string> known;
    for (const CLI::App* each : inside) known.push_back(each->get_name());
    const std::string_view near = nearest(place.next, {known.begin(), known.end()});
    message =
        fmt::format("there is no command '{}{}{}'", place.path, place.path.empty() ? "" : " ", place.next);
    if (!near.empty()) message += fmt::format("; did you mean '{}'?", near);
  }
  std::string words = place.path.empty() ? "" : " " + place.path;
  return fmt::format("kintsugi{}: {}\n`kintsugi{} --help` shows how it is called, with examples\n", words,
                     message, words);
}

}  // namespace

Invocation parse(const std::vector<std::string>& arguments) {
  CLI::App root("Many MySQL servers made into one database.", "kintsugi");
  Invocation invocation;
  invocation.control = kDefaultControl;
  root.add_flag("--json", invocation.json, "print the answer as JSON");
  root.add_option("--control", invocation.control, "where control answers, host:port")
      ->envname("KINTSUGI_CONTROL");
  root.require_subcommand(0, 1);
  root.fallthrough();
  std::vector<std::unique_ptr<Slot>> slots;
  Groups groups;
  for (const Command& command : commands()) {
    slots.push_back(std::make_unique<Slot>(Slot{&command, app_for(root, groups, command), {}, {}, {}}));
    add_arguments(*slots.back());
    slots.back()->app->fallthrough();
  }
  describe_groups(root);
  try {
    // CLI11 takes them from the back.
    root.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Error& error) {
    const Place place = place_of(root, groups, arguments);
    invocation.text = show_error(root, place, error, invocation.exit_code);
    return invocation;
  }
  for (const auto& slot : slots) {
    if (!slot->app->parsed() || !slot->app->get_subcommands().empty()) continue;
    invocation.command = slot->command;
    collect(*slot, invocation.parsed);
    return invocation;
  }
  const auto chosen = root.get_subcommands();
  invocation.text = (chosen.empty() ? &root : chosen.front())->help();
  invocation.exit_code = arguments.empty() ? 0 : 2;
  return invocation;
}

}  // namespace kintsugi::cli
