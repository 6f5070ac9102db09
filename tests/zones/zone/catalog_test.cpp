// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/catalog.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <string>

namespace zone_catalog_test {

using reading::name;

namespace {

std::string found_for(const zones::Catalog& catalog, std::string_view text) {
    const auto* served = catalog.find(name(text));
    return served == nullptr ? "none" : served->zone->apex().text();
}

zones::Catalog catalog_of(std::initializer_list<std::string> apexes) {
    std::vector<zones::ServedZone> served;
    for (const auto& apex : apexes) {
        const auto text = R"({"zone": ")" + apex + R"(", "nameservers": {"ns.invalid.": []}})";
        served.push_back({.zone = reading::read(text).zone});
    }
    return zones::Catalog{std::move(served)};
}

}  // namespace

TEST_CASE("the nearest zone above a name is found, or the one at it") {
    const auto catalog = catalog_of({"example.com", "sub.example.com", "example.net"});
    CHECK(found_for(catalog, "example.com.") == "example.com.");
    CHECK(found_for(catalog, "WWW.Example.COM.") == "example.com.");
    CHECK(found_for(catalog, "sub.example.com.") == "sub.example.com.");
    CHECK(found_for(catalog, "a.b.sub.example.com.") == "sub.example.com.");
    CHECK(found_for(catalog, "a.example.org.") == "none");
    CHECK(found_for(catalog, "com.") == "none");
    CHECK(found_for(catalog, ".") == "none");
    CHECK(found_for(catalog, "badexample.com.") == "none");
}

TEST_CASE("an empty catalog holds no name") {
    CHECK(found_for(zones::Catalog{}, "example.com.") == "none");
    CHECK(found_for(zones::Catalog{}, ".") == "none");
}

TEST_CASE("a root zone holds every name that no other zone holds") {
    const auto text = R"({"zone": ".", "nameservers": {"ns": "192.0.2.1"}})";
    const auto inner = R"({"zone": "com", "nameservers": {"ns.invalid.": []}})";
    const zones::Catalog catalog{
        {{.zone = reading::read(text).zone}, {.zone = reading::read(inner).zone}}};
    CHECK(found_for(catalog, ".") == ".");
    CHECK(found_for(catalog, "example.net.") == ".");
    CHECK(found_for(catalog, "example.com.") == "com.");
}

}  // namespace zone_catalog_test
