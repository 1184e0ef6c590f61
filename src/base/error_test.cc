#include "base/error.h"

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

constexpr ErrorCode kSample{2999, "sample", 1290, "25006", "Retry"};

TEST(Error, TextHasCodeMessageAndNextStep) {
  EXPECT_EQ(Error(kSample, "shard customer/-80 has no primary").text(),
            "KT2999: shard customer/-80 has no primary. Retry");
  EXPECT_EQ(Error(kSample, "did you mean 'up'?").text(), "KT2999: did you mean 'up'? Retry");
}

TEST(Error, CarriesWhatAMysqlClientGets) {
  Error error(kSample, "x");
  EXPECT_EQ(error.mysql_errno(), 1290);
  EXPECT_EQ(error.sqlstate(), "25006");
}

TEST(Error, ServerErrorTravelsUnchanged) {
  Error error = Error::from_server(1062, "23000", "Duplicate entry '1' for key 'PRIMARY'");
  EXPECT_EQ(error.text(), "Duplicate entry '1' for key 'PRIMARY'");
  EXPECT_EQ(error.mysql_errno(), 1062);
  EXPECT_EQ(error.sqlstate(), "23000");
  EXPECT_TRUE(error.is(kServerError));
}

TEST(Error, ContextIsPutInFront) {
  EXPECT_EQ(Error(kSample, "x").with_context("tablet zone1-101").message(), "tablet zone1-101: x");
}

}  // namespace
}  // namespace kintsugi
