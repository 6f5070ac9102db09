// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/geography.hpp"

#include <filesystem>
#include <iterator>

namespace wan {
namespace {

/// One way, in milliseconds, from the sites of a row to frankfurt, newyork and singapore.
struct Ways {
    const char* name;
    int milliseconds[3];
};
constexpr Ways ways[] = {
    {"home", {5, 35, 60}},      {"parent", {5, 40, 80}},    {"london", {7, 36, 85}},
    {"boston", {45, 4, 115}},   {"bangkok", {90, 120, 15}}, {"lisbon", {16, 70, 95}},
    {"frankfurt", {0, 42, 80}}, {"newyork", {42, 0, 115}},  {"singapore", {80, 115, 0}},
};
constexpr const char* edge_names[] = {"frankfurt", "newyork", "singapore"};

std::string edge_text(const Row& row) {
    const std::string place = row.place;
    const auto coordinates = place.substr(0, place.rfind(','));
    return "\"" + std::string{row.name} + R"(": { "addresses": ")" + address_in(row) +
           R"(", "location": [)" + coordinates + R"(],
          "check": { "tcp": 32400, "interval": "1s", "timeout": "800ms", "rise": 1, "fall": 2,
                     "damping": false },
          "origin": { "http": 32400, "path": "/identity", "interval": "2s", "timeout": "2s",
                      "rise": 1, "fall": 2 } })";
}

}  // namespace

std::string address_in(const Row& row) {
    return std::string{row.network} + ".10";
}

std::string resolver_in(const Row& row) {
    return std::string{row.network} + ".53";
}

std::string zone_text() {
    std::string edges;
    std::string servers;
    for (const auto& row : geography) {
        if (row.role != Role::Edge) continue;
        edges += (edges.empty() ? "" : ",\n") + edge_text(row);
        servers += (servers.empty() ? "\"ns-" : ", \"ns-") + std::string{row.name} + "\": \"" +
                   address_in(row) + "\"";
    }
    return "{ \"zone\": \"" + std::string{zone_name} +
           "\", \"ttl\": 2, \"min_ttl\": 1,\n\"nameservers\": { " + servers + " },\n\"edges\": { " +
           edges +
           " },\n\"records\": { \"@\": { \"steer\": { \"latency\": [\"frankfurt\", \"newyork\", "
           "\"singapore\"] } } } }\n";
}

std::string places_text(const std::map<std::string, std::string>& misplaced) {
    std::string text;
    for (const auto& row : geography) {
        const auto other = misplaced.find(row.name);
        text += std::string{row.network} + ".0/24," +
                (other == misplaced.end() ? row.place : other->second) + ",\n";
    }
    return text;
}

std::string ways_text() {
    std::string text;
    // Between those that no row has: a client and its own network's servers of the parent zone.
    for (const auto& one : geography) {
        for (const auto& other : geography) {
            text += "set " + std::string{one.name} + " " + other.name +
                    " delay=15ms jitter=300us rate=50mbit\n";
        }
    }
    for (const auto& row : ways) {
        for (std::size_t i = 0; i < std::size(edge_names); ++i) {
            text += "pair " + std::string{row.name} + " " + edge_names[i] +
                    " delay=" + std::to_string(row.milliseconds[i]) + "ms\n";
        }
    }
    return text;
}

void write_key(const support::TemporaryFolder& folder) {
    const auto path = folder.write("isochrone.key",
                                   "key \"wan.test\" {\n\talgorithm hmac-sha256;\n\tsecret "
                                   "\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\";\n};\n");
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
}

std::string node_setting(const std::string& edge) {
    return R"("node": { "edge": ")" + edge + R"(", "zone": ")" + zone_name +
           R"(", "key_file": "isochrone.key" }, )";
}

}  // namespace wan
