// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/seen_signatures.hpp"

#include <doctest/doctest.h>

namespace tsig_seen_signatures_test {

using transfer::SeenSignatures;
using transfer::SignatureStamp;

namespace {

SignatureStamp stamp(transfer::UnixSeconds time, std::size_t number = 0) {
    SignatureStamp made{.time = time};
    for (std::size_t i = 0; i < 4; ++i)
        made.mac[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return made;
}

}  // namespace

TEST_CASE("a signature is first once, in whatever order messages come") {
    SeenSignatures seen;
    CHECK(seen.is_first(stamp(1000, 1)));
    CHECK(seen.is_first(stamp(1000, 2)));
    CHECK(seen.is_first(stamp(990, 1)));
    CHECK(seen.is_first(stamp(1001, 1)));
    for (const auto& again : {stamp(1000, 1), stamp(1000, 2), stamp(990, 1), stamp(1001, 1)})
        CHECK_FALSE(seen.is_first(again));
}

TEST_CASE("what is forgotten, as there were so many, is not taken for new") {
    SeenSignatures seen;
    for (std::size_t i = 0; i < 3 * SeenSignatures::most; ++i)
        CHECK(seen.is_first(stamp(1000 + i / 4, i)));
    for (std::size_t i = 0; i < 3 * SeenSignatures::most; ++i)
        CHECK_FALSE(seen.is_first(stamp(1000 + i / 4, i)));
    CHECK_FALSE(seen.is_first(stamp(999, 5)));
    CHECK(seen.is_first(stamp(5000, 5)));
}

TEST_CASE("a flood within one second ends, and the next second is heard") {
    SeenSignatures seen;
    std::size_t first = 0;
    for (std::size_t i = 0; i < 5000; ++i) first += seen.is_first(stamp(1000, i)) ? 1U : 0U;
    CHECK(first == SeenSignatures::most + 1);
    CHECK(seen.is_first(stamp(1001)));
}

}  // namespace tsig_seen_signatures_test
