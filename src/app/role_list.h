#pragma once

#include <memory>

#include "app/role.h"

/// The roles, one file each.
namespace kintsugi::app {

std::unique_ptr<Role> make_control_role();
std::unique_ptr<Role> make_gate_role();
std::unique_ptr<Role> make_tablet_role();

}  // namespace kintsugi::app
