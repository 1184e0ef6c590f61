#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::spec {

enum class FieldType {
  object,
  objects,  ///< a list of objects
  text,
  texts,  ///< a list of scalars
  integer,
  integers,  ///< a list of integers
  bytes,     ///< an integer with an optional K, M, G or T (powers of 1024; Ki, Mi, … are the same)
  choice,    ///< one of the words of `choices`
  text_map,  ///< names that the spec does not know → scalars
  document,  ///< anything; kept as JSON
};
std::string_view name(FieldType type);

/// One field of a cluster spec. Declared once, in fields.cc: the parser's checks, the defaults, the reference
/// page and the JSON schema come from here.
struct Field {
  std::string path;  ///< "spec.keyspaces[].name": the elements of a list stand behind "[]"
  FieldType type = FieldType::text;
  std::string help;  ///< sentences, in Markdown
  bool required = false;
  std::string default_text;  ///< as it would be written; empty: none
  std::int64_t min = 0;      ///< of integers, of bytes, and of the length of lists
  std::int64_t max = 0;      ///< 0: no bound
  std::vector<std::string> choices;
};

/// Parents come before their children.
const std::vector<Field>& fields();

/// nullptr if there is none of that path.
const Field* find_field(std::string_view path);
/// The last element of the path: "name" of "spec.keyspaces[].name".
std::string_view leaf(const Field& field);
/// The fields directly inside `path`, which is an object's ("", "spec.etcd", "spec.keyspaces[]").
std::vector<const Field*> children(std::string_view path);

/// The reference of all fields, as Markdown.
std::string reference_markdown();
/// A JSON schema (draft 2020-12) of the document: for editors, and for a CRD.
std::string json_schema();

}  // namespace kintsugi::spec
