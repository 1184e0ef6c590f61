#include "tablet/detail/role_grants.h"

#include <algorithm>

#include "kintsugi/tablet/v1/tablet.pb.h"
#include "rpc/client.h"
#include "runtime/cancel.h"
#include "runtime/http_client.h"
#include "runtime/task_group.h"

namespace kintsugi::tablet {
namespace {

/// The asking side counts on less than the giving side promises, for the time that closing takes.
constexpr Duration kMargin = 1s;

}  // namespace

Task<void> HeldGrant::ask(Question question, Time deadline, runtime::Cancel* cancel) {
  auto answered = std::make_shared<runtime::Event>();
  runtime::TaskGroup asking;
  for (std::size_t i = 0; i < question.replicas.size(); ++i)
    asking.spawn(ask_one(question, i, deadline, &asking.cancel(), answered));
  const runtime::Cancel::Callback stopped(cancel, [answered] { answered->set(); });
  [[maybe_unused]] const bool any = co_await answered->wait(deadline);
  asking.cancel().request();
  co_await asking.join();
}

Task<void> HeldGrant::ask_one(Question question, std::size_t which, Time deadline, runtime::Cancel* cancel,
                              std::shared_ptr<runtime::Event> answered) {
  const Time asked = Clock::now();
  runtime::HttpClient http(question.replicas[which]);
  rpc::Client client(http);
  v1::GrantRoleRequest request;
  request.set_primary(question.self.text());
  request.set_epoch(question.epoch);
  const Result<v1::GrantRoleResponse> answer = co_await client.call<v1::GrantRoleResponse>(
      "kintsugi.tablet.v1.Tablet/GrantRole", request, deadline, cancel);
  if (!answer || !answer->granted()) co_return;
  const Time until = asked + GivenGrant::kLength - kMargin;
  until_ = epoch_ == question.epoch ? std::max(until_, until) : until;
  epoch_ = question.epoch;
  answered->set();
}

}  // namespace kintsugi::tablet
