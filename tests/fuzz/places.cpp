// SPDX-License-Identifier: Apache-2.0
// A places file: what is read of it is as its format promises.
#include "geo/source/places_file.hpp"
#include "tests/fuzz/target.hpp"

#include <cmath>

namespace {

void check(const geo::PlaceRow& row) {
    const auto& prefix = row.prefix;
    fuzz::expect(prefix.length <= 128, "a prefix is no longer than an address");
    fuzz::expect(prefix.contains(prefix.address), "a prefix holds its own address");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    geo::Problems problems;
    for (const auto& row : geo::read_places(fuzz::text_of({data, size}), "places.csv", problems))
        check(row);
    for (const auto& problem : problems)
        fuzz::expect(!geo::to_text(problem).empty(), "a problem has words");
    return 0;
}
