#include "recovery/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::recovery {
namespace {

using ::testing::HasSubstr;

const Time kNow = Time{} + 1h;
const topo::TabletAlias kOld{"zone1", 101}, kSecond{"zone1", 102}, kThird{"zone2", 103};

Server replica(topo::TabletAlias alias) {
  Server server;
  server.alias = std::move(alias);
  server.agent_alive = server.heard = server.answers = server.caught_up = server.receives = true;
  server.position = "0-101-7";
  return server;
}

/// All is well: a primary and two replicas.
struct Picture {
  Picture() {
    shard.name = "customer/-80";
    shard.epoch = 3;
    shard.primary = kOld;
    Server primary = replica(kOld);
    primary.read_only = primary.receives = false;
    primary.acknowledging = 2;
    shard.servers = {primary, replica(kSecond), replica(kThird)};
  }

  Server& old() { return shard.servers[0]; }
  Server& second() { return shard.servers[1]; }
  Server& third() { return shard.servers[2]; }

  /// Its server is down and its agent says so.
  Picture& crash() {
    old().crashed = true;
    old().answers = false;
    return *this;
  }
  /// An unplanned change has begun and everybody has come to rest.
  Picture& fence() {
    shard.change = Change{};
    shard.epoch = 4;
    for (Server& server : shard.servers) server.fenced_epoch = 4;
    second().receives = third().receives = false;
    return *this;
  }
  Picture& hand_over_to(topo::TabletAlias to) {
    shard.change = Change{.planned = true, .to = std::move(to)};
    shard.epoch = 4;
    return *this;
  }

  /// What is decided once the symptom has been seen for so long.
  Decision decide_after(Duration seen) const {
    const Decision first = decide(shard, Memory(), kNow);
    return decide(shard, first.memory, kNow + seen);
  }
  Decision decide_now() const { return decide_after(0s); }

  Shard shard;
};

TEST(Decide, NothingWhereAllIsWell) { EXPECT_EQ(Picture().decide_after(1h).step, Step::nothing); }

TEST(Decide, BeginsAtOnceWhenTheServerHasEnded) {
  const Decision decision = Picture().crash().decide_now();
  EXPECT_EQ(decision.step, Step::begin);
  EXPECT_EQ(decision.reason, "the primary zone1-101 of customer/-80: its server has ended");
}

TEST(Decide, HasPatienceWithWhatIsOnlySeenFromOutside) {
  struct Case {
    const char* what;
    void (*damage)(Picture&);
    Duration patience;
  };
  const Case cases[] = {
      {"hung", [](Picture& p) { p.old().answers = false; }, 1s},
      {"lost",
       [](Picture& p) {
         p.old().heard = false;
         p.second().receives = p.third().receives = false;
       },
       500ms},
      {"unheard", [](Picture& p) { p.old().heard = false; }, 10s},
      {"cut off",
       [](Picture& p) {
         p.old().waiting_commits = 1;
         p.old().acknowledging = 0;
       },
       3s},
      {"no lease", [](Picture& p) { p.old().agent_alive = false; }, 3s},
  };
  for (const Case& c : cases) {
    Picture picture;
    c.damage(picture);
    EXPECT_EQ(picture.decide_after(c.patience - 1ms).step, Step::wait) << c.what;
    EXPECT_EQ(picture.decide_after(c.patience).step, Step::begin) << c.what;
  }
}

TEST(Decide, APrimaryThatCountsReplicasWhichDoNotReachItIsDeserted) {
  Picture picture;
  picture.old().waiting_commits = 1;
  picture.second().receives = picture.third().receives = false;
  EXPECT_EQ(picture.decide_after(1s - 1ms).step, Step::wait)
      << "the replicas have waited for seconds already";
  EXPECT_EQ(picture.decide_after(1s).step, Step::begin);
  picture.third().receives = true;
  EXPECT_EQ(picture.decide_after(1h).step, Step::nothing) << "a large transaction takes its time";
}

TEST(Decide, AnAcknowledgementThatWasLostIsNotWaitedForForEver) {
  Picture picture;
  picture.old().waiting_commits = 2;
  picture.old().waits_for = 4s;
  EXPECT_EQ(picture.decide_after(1s - 1ms).step, Step::wait);
  EXPECT_THAT(picture.decide_after(1s).reason, HasSubstr("an acknowledgement was lost"));
  picture.old().waits_for = 3999ms;
  EXPECT_EQ(picture.decide_after(1h).step, Step::nothing);
  picture.old().waits_for = 1h;
  picture.old().position = "0-101-8";
  EXPECT_EQ(picture.decide_after(1h).step, Step::nothing) << "nobody else has it yet";
  picture.third().position = "0-101-8";
  EXPECT_EQ(picture.decide_after(1s).step, Step::begin);
}

TEST(Decide, AReplicaWhoseDataIsMadeAnewIsNobodysWork) {
  Picture picture;
  picture.old().read_only = false;
  picture.old().waiting_commits = 1;
  picture.old().acknowledging = 0;
  for (Server* server : {&picture.second(), &picture.third()}) {
    server->receives = server->caught_up = false;
    server->copy = CopyNeed::own;
  }
  const auto needs_help = [&picture] { return picture.decide_after(1h).needs_help; };
  EXPECT_FALSE(needs_help()) << "it begins by itself";
  EXPECT_THAT(picture.decide_after(1h).reason, HasSubstr("the data of zone1-102 is made anew"));
  picture.third().recloning = true;
  EXPECT_FALSE(needs_help()) << "it is under way";
  EXPECT_THAT(picture.decide_after(1h).reason, HasSubstr("the data of zone2-103 is made anew"));
  picture.third().recloning = false;
  picture.second().copy = picture.third().copy = CopyNeed::foreign;
  EXPECT_TRUE(needs_help()) << "a person must say so";
}

TEST(Decide, AnotherSymptomBeginsPatienceAnew) {
  Picture picture;
  picture.old().answers = false;
  const Decision hung = decide(picture.shard, Memory(), kNow);
  picture.old().heard = false;
  const Decision unheard = decide(picture.shard, hung.memory, kNow + 5s);
  EXPECT_EQ(unheard.step, Step::wait);
  EXPECT_EQ(unheard.memory.since, kNow + 5s);
}

TEST(Decide, CommitsThatWaitForNobodyInParticularAreNoSymptom) {
  Picture picture;
  picture.old().waiting_commits = 5;
  EXPECT_EQ(picture.decide_after(1h).step, Step::nothing);
  picture.old().waiting_commits = 0;
  picture.old().acknowledging = 0;
  EXPECT_EQ(picture.decide_after(1h).step, Step::nothing) << "nobody waits";
}

TEST(Decide, DoesNotBeginWhatCouldNotEnd) {
  struct Case {
    void (*damage)(Server&);
    const char* why;
  };
  const Case cases[] = {
      {[](Server& s) { s.heard = false; }, "zone2-103 is not heard"},
      {[](Server& s) { s.heard = s.agent_alive = false; }, "zone2-103 is not there"},
      {[](Server& s) { s.answers = false; }, "zone2-103 has no server that answers"},
      {[](Server& s) { s.caught_up = false; }, "zone2-103 has not caught up"},
  };
  for (const Case& c : cases) {
    Picture picture;
    picture.old().heard = picture.old().agent_alive = false;
    picture.second().receives = picture.third().receives = false;
    c.damage(picture.third());
    const Decision decision = picture.decide_after(1h);
    EXPECT_EQ(decision.step, Step::wait) << c.why;
    EXPECT_TRUE(decision.needs_help) << c.why;
    EXPECT_THAT(decision.reason, HasSubstr(c.why));
  }
}

TEST(Decide, CallsAPersonOnlyForWhatDoesNotPassByItself) {
  Picture picture;
  picture.old().answers = picture.second().answers = false;
  EXPECT_FALSE(picture.decide_after(5900ms).needs_help);
  EXPECT_TRUE(picture.decide_after(6s).needs_help);
}

/// The primary is gone, and so is the third, which may have what nobody else has.
Picture two_gone() {
  Picture picture;
  picture.old().heard = picture.old().agent_alive = false;
  picture.third().heard = picture.third().agent_alive = false;
  picture.second().receives = false;
  return picture;
}

TEST(Force, EndsWithTheOneThatWasAskedFor) {
  Picture picture = two_gone();
  EXPECT_EQ(objection_to_force(picture.shard, kSecond), "");
  picture.shard.change = Change{.forced = true, .to = kSecond};
  picture.shard.epoch = 4;
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "it has not come to rest";
  picture.second().fenced_epoch = 4;
  picture.second().caught_up = false;
  const Decision decision = picture.decide_now();
  EXPECT_EQ(decision.step, Step::promote);
  EXPECT_EQ(decision.alias, kSecond);
  picture.old().agent_alive = true;
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "the old one may still serve";
  picture.old().agent_alive = false;
  picture.third().heard = picture.third().answers = true;
  EXPECT_EQ(picture.decide_now().step, Step::wait)
      << "who is back must not acknowledge for the old one any more";
}

TEST(Force, IsRefusedWhereNothingNeedBeLost) {
  struct Case {
    void (*change)(Picture&);
    topo::TabletAlias to;
    const char* objection;
  };
  const Case cases[] = {
      {[](Picture& p) { p = Picture(); }, kSecond, "is well: without --accept-loss it hands over"},
      {[](Picture& p) { p = Picture().crash(); }, kSecond, "takes over from zone1-101 by itself"},
      {[](Picture&) {}, kOld, "is the primary of customer/-80 already"},
      {[](Picture&) {}, kThird, "the agent of zone2-103 is not heard"},
      {[](Picture&) {}, {"zone9", 1}, "is no tablet of"},
      {[](Picture& p) { p.second().answers = false; }, kSecond, "does not answer"},
      {[](Picture& p) { p.second().may_be_primary = false; }, kSecond, "its type is rdonly"},
  };
  for (const Case& c : cases) {
    Picture picture = two_gone();
    c.change(picture);
    EXPECT_THAT(objection_to_force(picture.shard, c.to), HasSubstr(c.objection));
  }
}

TEST(Forget, IsRefusedWhereACommitMayBeLost) {
  struct Case {
    const char* what;
    void (*change)(Picture&);
    bool accept_loss;
    const char* objection;  // empty: none
  };
  const Case cases[] = {
      {"another has all", [](Picture&) {}, false, ""},
      {"it never acknowledged", [](Picture& p) { p.third().may_have_acknowledged = p.old().heard = false; },
       false, ""},
      {"it is alive", [](Picture& p) { p.third().agent_alive = true; }, true, "stop it and its server first"},
      {"the other is behind", [](Picture& p) { p.old().position = "0-101-8"; }, false,
       "no other replica has all"},
      {"the other is behind, and that is known", [](Picture& p) { p.old().position = "0-101-8"; }, true, ""},
      {"the other has not caught up", [](Picture& p) { p.second().caught_up = false; }, false,
       "no other replica has all"},
      {"the other does not count", [](Picture& p) { p.second().may_have_acknowledged = false; }, false,
       "no other replica has all"},
      {"the primary is down", [](Picture& p) { p.crash(); }, false, "takes no writes"},
      {"a change is under way", [](Picture& p) { p.fence(); }, false, "takes no writes"},
      {"and that is known", [](Picture& p) { p.fence(); }, true, ""},
  };
  for (const Case& c : cases) {
    Picture picture;
    picture.third().agent_alive = picture.third().heard = false;
    c.change(picture);
    const std::string objection = objection_to_forget(picture.shard, kThird, c.accept_loss);
    EXPECT_THAT(objection, HasSubstr(c.objection)) << c.what;
    EXPECT_EQ(objection.empty(), *c.objection == '\0') << c.what << ": " << objection;
  }
  EXPECT_THAT(objection_to_forget(Picture().shard, kOld, true), HasSubstr("another must take over first"));
  EXPECT_THAT(objection_to_forget(Picture().shard, {"zone9", 1}, true), HasSubstr("is no tablet of"));
}

TEST(Redundancy, IsThereWhileEverybodyIsReady) {
  Picture picture;
  EXPECT_EQ(lack_of_redundancy(picture.shard), "");
  picture.second().caught_up = false;
  EXPECT_THAT(lack_of_redundancy(picture.shard), HasSubstr("zone1-102 has not caught up"));
  picture.shard.servers.resize(1);
  EXPECT_EQ(lack_of_redundancy(picture.shard), "") << "nobody meant it to be there";
}

TEST(Decide, WhoHasNeverAcknowledgedIsNotWaitedFor) {
  Picture picture;
  picture.crash().third().caught_up = false;
  picture.third().may_have_acknowledged = false;
  EXPECT_EQ(picture.decide_now().step, Step::begin);
  picture.fence();
  picture.third().fenced_epoch = 0;
  picture.third().heard = false;
  EXPECT_EQ(picture.decide_now().alias, kSecond);
}

TEST(Decide, ACrashedPrimaryGoesOnWhereNoOtherCan) {
  Picture picture;
  picture.crash().second().heard = false;
  EXPECT_EQ(picture.decide_after(2s).step, Step::wait);
  const Decision decision = picture.decide_after(3s);
  EXPECT_EQ(decision.step, Step::resume);
  EXPECT_THAT(decision.reason, HasSubstr("it goes on: a server may have commits that nobody else has, and"));
}

TEST(Decide, ChangesNothingByItselfWhereAPersonHoldsIt) {
  Picture picture;
  picture.shard.held = true;
  picture.old().answers = false;
  EXPECT_EQ(picture.decide_after(1h).step, Step::wait);
  EXPECT_THAT(picture.decide_after(1h).reason, HasSubstr("automatic recovery is held"));
  EXPECT_EQ(picture.crash().decide_after(1h).step, Step::resume);
}

TEST(Decide, PromotesWhoHasMost) {
  Picture picture;
  picture.crash().fence();
  picture.third().position = "0-101-8";
  EXPECT_EQ(picture.decide_now().step, Step::promote);
  EXPECT_EQ(picture.decide_now().alias, kThird);
  picture.second().position = "0-101-9";
  EXPECT_EQ(picture.decide_now().alias, kSecond);
}

TEST(Decide, OfEqualsTheOneInTheSameCell) {
  Picture picture;
  picture.crash().fence();
  std::swap(picture.shard.servers[1], picture.shard.servers[2]);
  EXPECT_EQ(picture.decide_now().alias, kSecond);
}

TEST(Decide, PromotesNobodyBeforeAllHaveComeToRest) {
  Picture picture;
  picture.crash().fence();
  picture.third().fenced_epoch = 3;
  EXPECT_EQ(picture.decide_now().step, Step::wait);
  EXPECT_THAT(picture.decide_now().reason, HasSubstr("zone2-103 must stop receiving"));
  picture.fence().third().caught_up = false;
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "it may have lost what it acknowledged";
}

TEST(Decide, PromotesNobodyWhileTheOldOneMayStillServe) {
  Picture picture;
  picture.fence();
  picture.old().fenced_epoch = 0;
  EXPECT_EQ(picture.decide_now().step, Step::wait);
  picture.old().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::wait);
  EXPECT_THAT(picture.decide_now().reason, HasSubstr("the lease of its agent must end"));
  picture.old().agent_alive = false;
  EXPECT_EQ(picture.decide_now().step, Step::promote);
}

TEST(Decide, TheOldOneGoesOnIfTheOthersDoNotComeToRest) {
  Picture picture;
  picture.crash().fence();
  picture.third().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::wait);
  picture.shard.change->age = kFenceMax;
  EXPECT_EQ(picture.decide_now().step, Step::resume);
  picture.old().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "nobody knows whether it could";
}

TEST(Decide, AsksAPersonWhereEachHasWhatTheOtherLacks) {
  Picture picture;
  picture.crash().fence();
  picture.second().position = "0-101-7,0-102-8";
  picture.third().position = "0-101-8";
  const Decision decision = picture.decide_now();
  EXPECT_EQ(decision.step, Step::wait);
  EXPECT_TRUE(decision.needs_help);
  EXPECT_THAT(decision.reason, HasSubstr("at 0-101-7,0-102-8"));
}

TEST(Decide, AFormerPrimaryThatIsKeptOutHasNoSay) {
  Picture picture;
  picture.crash().fence();
  picture.third().may_have_acknowledged = picture.third().caught_up = false;
  picture.third().position = "0-103-8";
  EXPECT_EQ(picture.decide_now().step, Step::promote);
  EXPECT_EQ(picture.decide_now().alias, kSecond);
}

TEST(Decide, CrossCellCountsWordsOfOtherCellsOnly) {
  Picture picture;
  picture.shard.durability = Durability::cross_cell;
  picture.crash().second().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::begin);
  picture.fence();
  EXPECT_EQ(picture.decide_now().alias, kThird);
  picture.third().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::wait);
}

TEST(Decide, WithoutDurabilityTheMostAdvancedThatIsThere) {
  Picture picture;
  picture.shard.durability = Durability::none;
  picture.crash().second().heard = false;
  EXPECT_EQ(picture.decide_now().step, Step::begin);
  picture.fence();
  EXPECT_EQ(picture.decide_now().alias, kThird);
  picture.second().heard = true;
  picture.second().fenced_epoch = 3;
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "it may have more";
  picture.shard.change->age = kFenceMax;
  EXPECT_EQ(picture.decide_now().alias, kThird);
}

TEST(Decide, ALonePrimaryIsWaitedFor) {
  Picture picture;
  picture.shard.servers.resize(1);
  picture.old().answers = false;
  EXPECT_EQ(picture.decide_after(1h).step, Step::wait);
  EXPECT_FALSE(picture.decide_after(1h).needs_help) << "its agent does what can be done";
}

TEST(HandOver, EndsWhenTheNewOneHasAll) {
  Picture picture;
  picture.hand_over_to(kThird);
  EXPECT_EQ(picture.decide_now().step, Step::wait) << "it still writes";
  picture.old().fenced_epoch = 4;
  picture.old().position = "0-101-8";
  EXPECT_EQ(picture.decide_now().step, Step::wait);
  EXPECT_THAT(picture.decide_now().reason, HasSubstr("zone2-103 applies the last of it"));
  picture.third().position = "0-101-8";
  EXPECT_EQ(picture.decide_now().step, Step::promote);
  EXPECT_EQ(picture.decide_now().alias, kThird);
}

TEST(HandOver, IsTakenBackAfterAWhile) {
  Picture picture;
  picture.hand_over_to(kThird).shard.change->age = kHandOverMax;
  EXPECT_EQ(picture.decide_now().step, Step::resume);
  EXPECT_THAT(picture.decide_now().reason, HasSubstr("could not end its writes in time"));
  picture.shard.change->to = {"zone9", 1};
  EXPECT_THAT(picture.decide_now().reason, HasSubstr("is not in customer/-80 any more"));
}

TEST(HandOver, BecomesUnplannedWhenThePrimaryDies) {
  Picture picture;
  picture.hand_over_to(kThird).crash();
  EXPECT_EQ(picture.decide_now().step, Step::begin);
}

TEST(HandOver, IsRefusedWithAReason) {
  struct Case {
    void (*damage)(Picture&);
    topo::TabletAlias to;
    const char* why;
  };
  const Case cases[] = {
      {[](Picture&) {}, {"zone9", 1}, "zone9-1 is no tablet of customer/-80"},
      {[](Picture&) {}, kOld, "is the primary of customer/-80 already"},
      {[](Picture& p) { p.third().may_be_primary = false; }, kThird, "its type is rdonly"},
      {[](Picture& p) { p.third().heard = false; }, kThird, "is not heard"},
      {[](Picture& p) { p.third().answers = false; }, kThird, "does not answer"},
      {[](Picture& p) { p.third().receives = false; }, kThird, "does not receive from the primary"},
      {[](Picture& p) { p.third().caught_up = false; }, kThird, "has not caught up"},
      {[](Picture& p) { p.old().answers = false; }, kThird, "zone1-101 is not there to hand over"},
      {[](Picture& p) { p.third().position = "0-101-7,0-103-8", p.old().position = "0-101-8"; }, kThird,
       "has transactions that the primary lacks"},
  };
  for (const Case& c : cases) {
    Picture picture;
    c.damage(picture);
    EXPECT_THAT(objection_to_hand_over(picture.shard, c.to), HasSubstr(c.why));
  }
  EXPECT_EQ(objection_to_hand_over(Picture().shard, kThird), "");
}

TEST(HandOver, ChoosesInTheSameCellIfItCan) {
  Picture picture;
  EXPECT_EQ(choose_successor(picture.shard), kSecond);
  picture.second().receives = false;
  EXPECT_EQ(choose_successor(picture.shard), kThird);
  picture.third().heard = false;
  EXPECT_EQ(choose_successor(picture.shard), std::nullopt);
}

TEST(Describe, SaysHowEachLooks) {
  Picture picture;
  picture.third().heard = picture.third().agent_alive = false;
  EXPECT_EQ(describe(picture.shard),
            "zone1-101 (primary): writable, 2 acknowledge, 0 commits wait, at 0-101-7; zone1-102: read-only, "
            "receives, at 0-101-7; zone2-103: its agent has no lease, not heard");
}

}  // namespace
}  // namespace kintsugi::recovery
