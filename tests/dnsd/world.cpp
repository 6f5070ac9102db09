// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/world.hpp"

#include "geo/compile/compiler.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"
#include "zones/file/zone_file.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace support {
namespace {

constexpr std::size_t guard = 64;  // octets behind the room for a response
constexpr std::uint8_t untouched = 0xA5;

std::string joined(const geo::Problems& problems) {
    std::string text;
    for (const auto& problem : problems) text += geo::to_text(problem) + "\n";
    return text;
}

std::size_t limit_of(const engine::Snapshot& snapshot, const engine::Client& client) {
    return client.transport == engine::Transport::Tcp ? 65535 : snapshot.udp_payload;
}

}  // namespace

const std::string three_edges = R"("edges": {
    "newyork":   {"addresses": ["192.0.2.1", "2001:db8::1"], "location": [40.7, -74.0]},
    "frankfurt": {"addresses": ["192.0.2.2", "2001:db8::2"], "location": [50.1, 8.7]},
    "singapore": {"addresses": ["192.0.2.3", "2001:db8::3"], "location": [1.35, 103.8]}})";

std::string zone_text(std::string_view name, std::string_view records, std::string_view members) {
    std::string text = R"({"zone": ")" + std::string{name} + R"(", "soa": {"serial": 7})";
    text += R"(, "nameservers": {"ns1": ["192.0.2.53"], "ns2": ["198.51.100.53"]})";
    if (!members.empty()) text += ", " + std::string{members};
    return text + R"(, "records": {)" + std::string{records} + "}}";
}

std::shared_ptr<const zones::Zone> zone_of(std::string text) {
    geo::Problems problems;
    auto zone = zones::read_zone(std::move(text), "test.json", 7, problems);
    if (zone == nullptr) throw std::invalid_argument{joined(problems)};
    return zone;
}

std::vector<std::uint8_t> three_countries() {
    const auto place = [](const char* country, double latitude, double longitude) {
        return nlohmann::json{{"country", {{"iso_code", country}}},
                              {"location", {{"latitude", latitude}, {"longitude", longitude}}}};
    };
    const auto us = place("US", 40.5, -74.5);
    const auto de = place("DE", 50.5, 8.5);
    const auto sg = place("SG", 1.25, 103.75);
    return write_mmdb({
        {prefix("16.0.0.0/6"), us},
        {prefix("20.0.0.0/6"), de},
        {prefix("24.0.0.0/6"), sg},
        {prefix("20.5.0.0/16"), us},
        {prefix("2600::/12"), us},
        {prefix("2a00::/12"), de},
        {prefix("2400::/12"), sg},
    });
}

geo::Sources open_three_countries() {
    const TemporaryFolder folder;
    geo::Problems problems;
    auto sources = geo::Sources::open({.databases = {folder.write("three.mmdb", three_countries())},
                                       .places = {},
                                       .builtin = geo::SourceFiles::Builtin::LeftOut},
                                      problems);
    if (!sources) throw std::runtime_error{joined(problems)};
    return std::move(*sources);
}

World::World(std::vector<std::string> zones, const geo::Sources* sources) {
    std::vector<geo::MapRequest> requests;
    for (auto& text : zones) {
        served_.push_back({.zone = zone_of(std::move(text))});
        const auto& zone = *served_.back().zone;
        for (const auto& steer : zone.steers())
            requests.push_back({.policy = &steer.policy, .sites = &zone.sites()});
    }
    if (!requests.empty()) {
        const auto own = sources == nullptr ? std::optional{open_three_countries()} : std::nullopt;
        auto maps = geo::compile(own ? *own : *sources, requests);
        if (!maps) throw std::runtime_error{maps.error().text};
        auto next = maps->begin();
        for (auto& zone : served_) {
            for (std::size_t i = 0; i < zone.zone->steers().size(); ++i)
                zone.maps.push_back(*next++);
        }
    }
    snapshot.catalog = zones::Catalog{served_};
    snapshot.identity = {
        .version = "9.9.9", .name = "test-node", .may_ask = {prefix("127.0.0.0/8")}};
}

World with_boards(const World& world, std::size_t lanes) {
    auto other = world;
    auto served = world.snapshot.catalog.zones();
    for (auto& zone : served) {
        zone.board = std::make_shared<geo::EdgeBoard>(zone.zone->edges().size(), lanes);
    }
    other.snapshot.catalog = zones::Catalog{std::move(served)};
    return other;
}

Answer World::ask(const Bytes& message) const {
    static thread_local Bytes out(65535 + guard);
    const auto limit = limit_of(snapshot, client);
    std::ranges::fill(std::span{out}.subspan(limit, guard), untouched);
    geo::Random random{seed};
    // A copy of exactly its size, so that a read past its end is one past an allocation.
    const auto exact = std::make_unique<std::uint8_t[]>(message.size());
    std::ranges::copy(message, exact.get());
    const auto size = engine::respond(snapshot, {exact.get(), message.size()}, client, random,
                                      std::span{out}.first(65535));
    if (size > limit) throw std::runtime_error{"the response is longer than it may be"};
    for (const auto octet : std::span{out}.subspan(limit, guard)) {
        if (octet != untouched) throw std::runtime_error{"octets are written past the limit"};
    }
    auto answer = decode(std::span{out}.first(size));
    if (answer.silent()) return answer;
    if (message.size() < 2 || message[0] != out[0] || message[1] != out[1] || (out[2] & 0x80) == 0)
        throw std::runtime_error{"the response does not belong to the query"};
    return answer;
}

Answer World::ask(const Query& query) const {
    return ask(to_bytes(query));
}

Answer World::ask(std::string name, std::string type) const {
    return ask(Query{.name = std::move(name), .type = std::move(type)});
}

Answer World::ask(std::string name, std::string type, std::string_view subnet) const {
    return ask(query_from(std::move(name), std::move(type), subnet));
}

World World::over_tcp() const {
    auto other = *this;
    other.client.transport = engine::Transport::Tcp;
    return other;
}

World World::from(const geo::Address& address) const {
    auto other = *this;
    other.client.address = address;
    return other;
}

World World::from(std::string_view text) const {
    return from(address(text));
}

}  // namespace support
