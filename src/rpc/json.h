#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace google::protobuf {
class Message;
}

namespace kintsugi::rpc {

enum class UnknownFields { refuse, ignore };

/// Fills `into` from JSON (names in camelCase or as in the definition; an empty text is an empty message).
/// What does not fit is kInvalidArgument and names the field: "unknown field 'shrad' in GetTabletRequest".
Result<void> from_json(std::string_view json, google::protobuf::Message& into,
                       UnknownFields unknown = UnknownFields::refuse);

/// One line, or indented for people. Fields that have their default value are left out.
std::string to_json(const google::protobuf::Message& message, bool indented = false);

}  // namespace kintsugi::rpc
