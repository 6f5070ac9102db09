// SPDX-License-Identifier: Apache-2.0
// The files that schema_test.py holds the schema against, read by the parser.
#include "tests/support/quoted_words.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace file_files_test {

namespace {

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{TEST_DATA "/zones/" + folder}) {
        if (entry.path().extension() == ".json") found.push_back(entry.path().string());
    }
    std::ranges::sort(found);
    REQUIRE(found.size() > 5);
    return found;
}

void check_bad(const std::string& folder) {
    for (const auto& path : files_in(folder)) {
        CAPTURE(path);
        const auto [zone, problems] = reading::read(support::contents(path));
        CHECK(zone == nullptr);
        const auto expected = path.substr(0, path.size() - 4) + "expected";
        CHECK(reading::joined(problems) == support::contents(expected));
    }
}

}  // namespace

TEST_CASE("good zone files are read without a fault or a warning") {
    for (const auto& path : files_in("good")) {
        CAPTURE(path);
        const auto [zone, problems] = reading::read(support::contents(path));
        CHECK(zone != nullptr);
        CHECK(reading::joined(problems).empty());
    }
}

TEST_CASE("the example is read without a fault or a warning") {
    geo::Problems problems;
    const auto zone = zones::load_zone(TEST_DATA "/../../zones/plex.example.com.json", problems);
    CHECK(zone != nullptr);
    CHECK(problems.empty());
}

TEST_CASE("files of a bad shape are refused with all their faults") {
    check_bad("bad-shape");
}

TEST_CASE("files of a bad meaning are refused with all their faults") {
    check_bad("bad-meaning");
}

}  // namespace file_files_test
