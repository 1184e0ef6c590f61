#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"

namespace google::protobuf {
class Message;
}
namespace kintsugi::topo::v1 {
class Tablet;
}

namespace kintsugi::control {

/// One call of an agent's API, kintsugi.tablet.v1.Tablet/<method>, on a connection of its own. What keeps the
/// agent from answering is kTabletSilent with its alias and address; what the agent answers with stays as it
/// is. `response` must outlive the await.
Task<Result<void>> call_tablet(const topo::v1::Tablet& tablet, const char* method,
                               const google::protobuf::Message& request, google::protobuf::Message& response,
                               Duration timeout);

}  // namespace kintsugi::control
