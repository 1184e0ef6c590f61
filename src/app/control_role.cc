#include <fmt/format.h>

#include "admin/build_info.h"
#include "app/process.h"
#include "app/role_list.h"
#include "base/options.h"
#include "control/control.h"

namespace kintsugi::app {

namespace {

class ControlRole : public Role {
 public:
  void declare(OptionTable& table) override {
    table.section("Control");
    table.text("name", name_, "The control's name in pages and logs.");
    table.text("advertise_host", advertise_host_,
               "The host under which others reach this control. Default: the one in --http-host.");
  }
  std::string advertised_host() const override { return advertise_host_; }
  std::uint16_t default_http_port() const override { return 15000; }

  admin::About about(const CommonOptions& common) const override {
    return {.role = "control",
            .name = name_,
            .cluster = common.cluster,
            .cell = "",
            .purpose = "Answers the command line, elects primaries and derives what gates read."};
  }

  Result<void> make(Process& process) override {
    control_ =
        std::make_unique<control::Control>(control::Control::Parts{.cluster = process.options().cluster,
                                                                   .version = admin::build_info().version,
                                                                   .store = process.store(),
                                                                   .http = process.http(),
                                                                   .metrics = process.metrics(),
                                                                   .readiness = process.readiness(),
                                                                   .status = process.status()});
    return {};
  }

  Task<Result<void>> start(Process& process) override {
    const std::string host = advertise_host_.empty() ? process.http_address().host : advertise_host_;
    control_->start(fmt::format("{}:{}", host, process.http_address().port));
    started_ = true;
    co_return Result<void>();
  }

  Task<void> stop() override {
    if (started_) co_await control_->stop();
  }

 private:
  std::string name_ = "control";
  std::string advertise_host_;
  std::unique_ptr<control::Control> control_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Role> make_control_role() { return std::make_unique<ControlRole>(); }

}  // namespace kintsugi::app
