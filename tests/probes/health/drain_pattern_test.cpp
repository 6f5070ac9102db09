// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_pattern.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("a pattern names edges by globs, in one zone, some or all") {
    struct Row {
        std::string pattern;
        std::string zone;
        std::string edge;
        bool expected;
    };
    const std::string zone = "plex.example.com";
    const Row rows[] = {
        {"newyork", zone, "newyork", true},
        {"newyork", zone, "newyork2", false},
        {"newyork", zone, "new", false},
        {"NewYork", zone, "newyork", false},
        {"new*", zone, "newyork", true},
        {"*", zone, "newyork", true},
        {"us-?", zone, "us-1", true},
        {"us-?", zone, "us-12", false},
        {"us-[1-3]", zone, "us-2", true},
        {"us-[1-3]", zone, "us-4", false},
        {"us-[!1-3]", zone, "us-4", true},
        {"us-[1", zone, "us-1", false},
        {"", zone, "newyork", false},
        {"plex.example.com/newyork", zone, "newyork", true},
        {"plex.example.com/newyork", zone, "singapore", false},
        {"plex.example.com/newyork", "film.example.com", "newyork", false},
        {"plex.example.com/newyork", "a.plex.example.com", "newyork", false},
        {"plex.example.com./newyork", zone, "newyork", true},
        {"plex.example.com/newyork", "plex.example.com.", "newyork", true},
        {"plex.example.com/newyork", "Plex.Example.COM.", "newyork", true},
        {"PLEX.example.com/newyork", zone, "newyork", true},
        {"PLEX.example.com/NEWYORK", zone, "newyork", false},
        {"*.example.com/newyork", zone, "newyork", true},
        {"*.EXAMPLE.com./new*", zone, "newyork", true},
        {"*/newyork", zone, "newyork", true},
        {"*/*", zone, "newyork", true},
        {"plex.example.com/", zone, "newyork", false},
        {"/newyork", zone, "newyork", false},
        {"./newyork", ".", "newyork", true},
        {"./newyork", zone, "newyork", false},
        {"0/25.2.0.192.example/a", "0/25.2.0.192.example.", "a", true},
        {"25.2.0.192.example/a", "0/25.2.0.192.example.", "a", false},
        {"*2.0.192.example/a", "0/25.2.0.192.example.", "a", true},
        {"a\\032b.example/newyork", "a\\032b.example.", "newyork", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.pattern);
        CAPTURE(row.zone);
        CAPTURE(row.edge);
        CHECK(probes::matches(row.pattern, row.zone, row.edge) == row.expected);
    }
}
