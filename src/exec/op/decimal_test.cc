#include "exec/op/decimal.h"

#include <gtest/gtest.h>

namespace kintsugi::exec {
namespace {

TEST(Decimal, ComparesByValue) {
  EXPECT_LT(compare_decimals("-3.50", "2.00"), 0);
  EXPECT_LT(compare_decimals("-3.50", "-3.49"), 0);
  EXPECT_GT(compare_decimals("10", "9.99"), 0);
  EXPECT_EQ(compare_decimals("1.50", "1.5"), 0);
  EXPECT_EQ(compare_decimals("-0.00", "0"), 0);
}

TEST(Decimal, AddsWhateverTheSigns) {
  EXPECT_EQ(add_decimals("12.50", "0.75"), "13.25");
  EXPECT_EQ(add_decimals("-12.50", "0.75"), "-11.75");
  EXPECT_EQ(add_decimals("0.75", "-12.50"), "-11.75");
  EXPECT_EQ(add_decimals("-1", "-999"), "-1000");
  EXPECT_EQ(add_decimals("1000", "-999"), "1");
  EXPECT_EQ(add_decimals("5.10", "-5.10"), "0.00");
  EXPECT_EQ(add_decimals("0", "0"), "0");
  EXPECT_EQ(add_decimals("1.5", "1.255"), "2.755");
  EXPECT_EQ(add_decimals("99999999999999999999999999999999", "1"), "100000000000000000000000000000000");
}

TEST(Decimal, CountsDigits) {
  EXPECT_EQ(digits_of("-012.50"), 4u);
  EXPECT_EQ(digits_of("0"), 0u);
}

TEST(Decimal, AveragesRoundHalvesAwayFromZero) {
  EXPECT_EQ(average("10", 4, 4), "2.5000");
  EXPECT_EQ(average("2", 3, 4), "0.6667");
  EXPECT_EQ(average("-2", 3, 4), "-0.6667");
  EXPECT_EQ(average("1", 3, 4), "0.3333");
  EXPECT_EQ(average("0.00", 7, 6), "0.000000");
  EXPECT_EQ(average("0.01", 800, 6), "0.000013");
  EXPECT_EQ(average("-0.01", 80000, 6), "0.000000");
  EXPECT_EQ(average("99999999999999999999", 2, 4), "49999999999999999999.5000");
  EXPECT_EQ(average("19999.99999", 2, 4), "10000.0000");
}

TEST(Decimal, AveragesOfWholeGroupsOfDigitsAreCutOff) {
  EXPECT_EQ(average("2.00000", 3, 9), "0.666666666");
  EXPECT_EQ(average("2.000000", 3, 10), "0.6666666667");
}

TEST(Decimal, CountsMayBeAsLargeAsThereAre) {
  EXPECT_EQ(average("18446744073709551615", 18446744073709551615U, 4), "1.0000");
}

}  // namespace
}  // namespace kintsugi::exec
