#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"

namespace kintsugi::cli {

class Context;

/// A positional argument.
struct Argument {
  const char* name;  ///< "keyspace", shown as <keyspace>
  const char* help;
  bool required = true;
  bool repeated = false;  ///< takes all that follow; only the last argument may
};

/// An option. With an empty value_name it is a switch.
struct Flag {
  const char* name;        ///< "dry-run", written --dry-run
  const char* value_name;  ///< "file", shown as --vschema-file <file>
  const char* help;
  bool repeated = false;  ///< may be given several times
};

struct Example {
  const char* command;  ///< what follows "kintsugi "
  const char* what;
};

/// The words that one call of a command was given.
class Parsed {
 public:
  std::map<std::string, std::vector<std::string>, std::less<>> values;

  bool has(std::string_view name) const { return values.contains(name); }
  /// The value, or the empty string if it was not given.
  const std::string& get(std::string_view name) const;
  const std::vector<std::string>& all(std::string_view name) const;
};

/// One command. Declared once; the parser, the help and docs/cli.md are made of these tables.
struct Command {
  const char* words;  ///< "tablet list"
  const char* summary;
  const char* description;  ///< more than the summary; may be empty
  std::vector<Argument> arguments;
  std::vector<Flag> flags;
  std::vector<Example> examples;
  Task<Result<void>> (*run)(Context& context, const Parsed& parsed);
};

/// All commands, in the order of help.
const std::vector<Command>& commands();

}  // namespace kintsugi::cli
