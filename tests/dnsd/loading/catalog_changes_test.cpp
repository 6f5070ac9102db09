// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/catalog_changes.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace loading_catalog_changes_test {

namespace {

std::shared_ptr<const zones::Zone> zone(const std::string& name, unsigned serial) {
    return support::zone_of(R"({"zone": ")" + name + R"(", "soa": {"serial": )" +
                            std::to_string(serial) +
                            R"(}, "nameservers": {"ns1": "192.0.2.1"}, "records": {}})");
}

zones::Catalog catalog(const std::vector<std::shared_ptr<const zones::Zone>>& zones) {
    std::vector<zones::ServedZone> served;
    for (const auto& each : zones) served.push_back({.zone = each});
    return zones::Catalog{std::move(served)};
}

}  // namespace

TEST_CASE("a reload says which zones have changed, come and gone, and their serials") {
    const auto a = zone("a.test.", 5);
    const auto b = zone("b.test.", 7);
    const auto before = catalog({a, b});
    CHECK(control::changes_text(before, catalog({a, b})) == "no zone has changed");
    CHECK(control::changes_text(before, catalog({zone("a.test.", 6), b})) ==
          "changed: a.test. (serial 6, was 5)");
    CHECK(control::changes_text(before, catalog({zone("a.test.", 5), b})) ==
          "read again: a.test. (serial 5)");
    CHECK(control::changes_text(before, catalog({zone("a.test.", 9), zone("sub.b.test.", 1)})) ==
          "changed: a.test. (serial 9, was 5); new: sub.b.test. (serial 1); gone: b.test.");
    CHECK(control::changes_text(before, catalog({})) == "gone: a.test., b.test.");
}

TEST_CASE("however many zones there are, the line stays one that can be read") {
    std::vector<std::shared_ptr<const zones::Zone>> many;
    for (int i = 0; i < 200; ++i) many.push_back(zone("zone" + std::to_string(i) + ".test.", 1));
    const auto text = control::changes_text(catalog({}), catalog(many));
    CHECK(text.starts_with("new: zone0.test. (serial 1), "));
    CHECK(text.ends_with(" and 192 more"));
    CHECK(text.size() < 400);
    CHECK(control::zones_text(catalog(many)).ends_with(" and 192 more"));
    CHECK(control::zones_text(catalog({many[3]})) == "zone3.test. (serial 1)");
}

}  // namespace loading_catalog_changes_test
