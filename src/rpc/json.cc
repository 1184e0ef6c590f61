#include "rpc/json.h"

#include <memory>

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

namespace kintsugi::rpc {
namespace {

namespace util = google::protobuf::util;

// protobuf says "(a.b) name: Cannot find field."; we say it as a sentence.
std::string in_our_words(std::string_view said, std::string_view message_name) {
  constexpr std::string_view kUnknown = ": Cannot find field.";
  std::string_view place;
  if (said.starts_with('(') && said.find(") ") != said.npos) {
    place = said.substr(1, said.find(") ") - 1);
    said.remove_prefix(said.find(") ") + 2);
  }
  const std::string where =
      place.empty() ? std::string(message_name) : fmt::format("'{}' of {}", place, message_name);
  if (said.ends_with(kUnknown)) {
    said.remove_suffix(kUnknown.size());
    return fmt::format("unknown field '{}' in {}", said, where);
  }
  return fmt::format("{} in {}", said, where);
}

}  // namespace

Result<void> from_json(std::string_view json, google::protobuf::Message& into, UnknownFields unknown) {
  into.Clear();
  if (json.find_first_not_of(" \t\r\n") == json.npos) return {};
  util::JsonParseOptions options;
  options.ignore_unknown_fields = unknown == UnknownFields::ignore;
  const auto status = util::JsonStringToMessage({json.data(), json.size()}, &into, options);
  if (status.ok()) return {};
  const auto message = status.message();
  return failure(kInvalidArgument,
                 in_our_words({message.data(), message.size()}, into.GetDescriptor()->name()));
}

// By way of bytes whose maps are ordered, so that the same message is the same text in every process.
std::string to_json(const google::protobuf::Message& message, bool indented) {
  constexpr const char* kPrefix = "type.googleapis.com";
  static const std::unique_ptr<util::TypeResolver> types(
      util::NewTypeResolverForDescriptorPool(kPrefix, google::protobuf::DescriptorPool::generated_pool()));
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  util::JsonPrintOptions options;
  options.add_whitespace = indented;
  std::string json;
  // Fails only for an Any whose type is not linked in; no message has one.
  const auto status = util::BinaryToJsonString(
      types.get(), fmt::format("{}/{}", kPrefix, message.GetDescriptor()->full_name()), bytes, &json,
      options);
  return status.ok() ? json : "{}";
}

}  // namespace kintsugi::rpc
