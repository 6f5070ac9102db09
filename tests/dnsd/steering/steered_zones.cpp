// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/steering/steered_zones.hpp"

#include "dnsd/explain/explain.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace support {
namespace {

using control::Steering;

constexpr const char* by_latency =
    R"("@": {"steer": {"latency": ["newyork", "frankfurt", "singapore"]}})";

}  // namespace

const std::string steered::renumbered = R"("edges": {
    "singapore": {"addresses": ["192.0.2.3", "2001:db8::3"], "location": [1.35, 103.8]},
    "frankfurt": {"addresses": ["192.0.2.2", "2001:db8::2"], "location": [50.1, 8.7]},
    "newyork":   {"addresses": ["192.0.2.1", "2001:db8::1"], "location": [40.7, -74.0]}})";

std::string steered::line(double milliseconds) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return "rtt=" + std::to_string(milliseconds) +
           "ms samples=14 seen=" + std::to_string(now.time_since_epoch().count());
}

SteeredZones::SteeredZones(const control::SteeringRules& rules, const std::string& zone)
    : database{folder.write("three.mmdb", three_countries())},
      loader{
          control::Loader{{first_zones()}, sources(), 1},
          Steering{*zones::Name::from_text(zone, zones::Name{}), "frankfurt", sources(), rules}} {}

std::string SteeredZones::first_zones() const {
    std::filesystem::create_directory(folder.path("zones"));
    write("example.json", "example.");
    return folder.path("zones");
}

control::SteeringRules SteeredZones::fast() {
    control::SteeringRules rules;
    rules.interval = std::chrono::milliseconds{0};
    rules.rebase = std::chrono::milliseconds{0};
    return rules;
}

geo::SourceFiles SteeredZones::sources() const {
    return {.databases = {database}, .places = {}, .builtin = geo::SourceFiles::Builtin::LeftOut};
}

void SteeredZones::write(const std::string& file, const std::string& zone,
                         const std::string& members) const {
    folder.write("zones/" + file, zone_text(zone, by_latency, members));
}

void SteeredZones::tell(const std::string& owner, const std::array<double, 3>& milliseconds) {
    for (std::size_t i = 0; i < steered::edges.size(); ++i)
        steering().hear(steered::edges[i], {{owner, steered::line(milliseconds[i])}}, {});
}

void SteeredZones::tell_of_forty(const std::array<double, 3>& milliseconds) {
    for (int i = 0; i < 40; ++i)
        tell("20-1-" + std::to_string(100 + i) + "-0/24.clients", milliseconds);
}

void SteeredZones::take_back(const std::string& owner) {
    for (const auto* edge : steered::edges) steering().hear(edge, {}, {owner});
}

void SteeredZones::load() {
    world.snapshot.catalog = loader.load(problems);
    const auto first = problems.empty() ? std::string{} : geo::to_text(problems.front());
    CAPTURE(first);
    REQUIRE(!geo::any_fault(problems));
}

void SteeredZones::learn(Steering::Clock::time_point now) {
    steering().learn(world.snapshot.catalog.zones().front().zone.get(), now);
}

void SteeredZones::steer() {
    const auto patience = Steering::Clock::now() + std::chrono::seconds{60};
    std::optional<zones::Catalog> catalog;
    while (!catalog && Steering::Clock::now() < patience) catalog = loader.steer(problems);
    REQUIRE(catalog.has_value());
    REQUIRE(!geo::any_fault(problems));
    world.snapshot.catalog = std::move(*catalog);
}

Lines SteeredZones::answer(const std::string& subnet, const std::string& zone) const {
    return world.ask(zone, "A", subnet).data("A");
}

Lines SteeredZones::answer_to(const char* resolver) const {
    return world.from(resolver).ask("example.", "A").data("A");
}

std::string SteeredZones::explained(const char* subnet) {
    return control::to_text(control::explain(world.snapshot,
                                             *geo::Sources::open(sources(), problems),
                                             *zones::Name::from_text("example.", {}),
                                             {.prefix = prefix(subnet)}, nullptr, geo::Random{1}));
}

}  // namespace support
