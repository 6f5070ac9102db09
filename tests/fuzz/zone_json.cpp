// SPDX-License-Identifier: Apache-2.0
// A zone's JSON: it has faults or can be served.
#include "tests/fuzz/served.hpp"
#include "tests/fuzz/target.hpp"
#include "zones/file/zone_file.hpp"

#include <string>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    geo::Problems problems;
    const auto zone =
        zones::read_zone(std::string{fuzz::text_of({data, size})}, "fuzz.json", 7, problems);
    fuzz::expect((zone == nullptr) == geo::any_fault(problems), "a zone is refused with a reason");
    for (const auto& problem : problems)
        fuzz::expect(!geo::to_text(problem).empty(), "a problem has words");
    if (zone == nullptr) return 0;
    if (const auto served = fuzz::Served::make(zone)) served->ask_around();
    return 0;
}
