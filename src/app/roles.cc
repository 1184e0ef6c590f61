#include "app/role_list.h"

namespace kintsugi::app {

const std::vector<RoleEntry>& roles() {
  static const std::vector<RoleEntry> all = {
      {"gate", "what applications connect to: speaks MySQL, plans, routes", make_gate_role},
      {"tablet", "an agent beside one MySQL server", make_tablet_role},
      {"control", "the API, elections and what gates read; several run, one leads", make_control_role},
  };
  return all;
}

}  // namespace kintsugi::app
