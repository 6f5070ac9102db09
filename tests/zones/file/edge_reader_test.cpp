// SPDX-License-Identifier: Apache-2.0
#include "zones/file/edge_reader.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <string>

namespace file_edge_reader_test {

TEST_CASE("an edge that nothing checks is warned of when others are checked") {
    const auto warnings = [](const std::string& of_a, const std::string& of_b) {
        const auto [zone, problems] =
            reading::read_with(R"("edges": {"a": {"addresses": "192.0.2.1")" + of_a +
                               R"(}, "b": {"addresses": "192.0.2.2")" + of_b +
                               R"(}}, "records": {"@": {"steer": {"all": ["a", "b"]}}})");
        CHECK(zone != nullptr);
        return reading::joined(problems);
    };
    const std::string check = R"(, "check": {"tcp": 443})";
    const std::string origin = R"(, "origin": {"tcp": 443})";
    const std::string text =
        "edges.a: warning: no \"check\", other edges have one: this one counts as up for ever\n";
    CHECK(warnings("", check) == "1:77: " + text);
    CHECK(warnings("", origin) == "1:77: " + text);
    CHECK(warnings("", "").empty());
    CHECK(warnings(check, check).empty());
    CHECK(warnings(origin, check).empty());
}

}  // namespace file_edge_reader_test
