#pragma once

#include "control/view.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::control {

// Pictures as the API's messages.
void fill(const TabletView& view, v1::TabletInfo& info);
void fill(const ShardView& view, v1::ShardInfo& info);
void fill(const KeyspaceView& view, v1::KeyspaceInfo& info);

}  // namespace kintsugi::control
