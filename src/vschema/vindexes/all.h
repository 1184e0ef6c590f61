#pragma once

#include "vschema/vindex.h"

namespace kintsugi::vschema {

extern const VindexType kBinaryVindex;
extern const VindexType kBinaryMd5Vindex;
extern const VindexType kCfcVindex;
extern const VindexType kConsistentLookupVindex;
extern const VindexType kConsistentLookupUniqueVindex;
extern const VindexType kHashVindex;
extern const VindexType kLookupVindex;
extern const VindexType kLookupUniqueVindex;
extern const VindexType kMulticolVindex;
extern const VindexType kNullVindex;
extern const VindexType kNumericVindex;
extern const VindexType kNumericStaticMapVindex;
extern const VindexType kRegionExperimentalVindex;
extern const VindexType kRegionJsonVindex;
extern const VindexType kReverseBitsVindex;
extern const VindexType kUnicodeLooseMd5Vindex;
extern const VindexType kUnicodeLooseXxhashVindex;
extern const VindexType kXxhashVindex;

/// The table: what the vschema may name, in the order of the reference.
inline constexpr const VindexType* kAllVindexes[] = {
    &kHashVindex,
    &kXxhashVindex,
    &kUnicodeLooseXxhashVindex,
    &kUnicodeLooseMd5Vindex,
    &kBinaryMd5Vindex,
    &kBinaryVindex,
    &kNumericVindex,
    &kReverseBitsVindex,
    &kNumericStaticMapVindex,
    &kCfcVindex,
    &kMulticolVindex,
    &kRegionExperimentalVindex,
    &kRegionJsonVindex,
    &kLookupVindex,
    &kLookupUniqueVindex,
    &kConsistentLookupVindex,
    &kConsistentLookupUniqueVindex,
    &kNullVindex,
};

}  // namespace kintsugi::vschema
