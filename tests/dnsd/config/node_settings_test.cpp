// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/node_settings.hpp"

#include "tests/dnsd/config/read_config.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace config_node_settings_test {

using support::read_config;

TEST_CASE("a node has an edge, a zone and a key file, and peers where they are elsewhere") {
    const auto [config, problems, folder] = read_config(R"({"node": {"edge": "newyork",
        "zone": "Plex.example.com", "key_file": "a.key", "expire": "90s",
        "peers": {"singapore": "198.51.100.20:5300", "tokyo": "2001:db8::1"}}})");
    REQUIRE(config.has_value());
    REQUIRE(config->node.has_value());
    const auto& node = *config->node;
    CHECK(node.edge == "newyork");
    CHECK(node.zone.text() == "plex.example.com.");
    CHECK(node.key_file == folder + "/a.key");
    CHECK(node.expire == std::chrono::seconds{90});
    CHECK(node.peers.size() == 2);
    CHECK(node.peers.at("singapore") == *net::read_endpoint("198.51.100.20:5300"));
    CHECK(node.peers.at("tokyo") == *net::read_endpoint("[2001:db8::1]:53"));
    CHECK(!read_config("{}").config->node);
}

TEST_CASE("what is wrong with a node is told with its place") {
    struct Row {
        std::string node;
        const char* path;
        const char* says;
    };
    const std::string good = R"("edge": "a", "zone": "example.com", "key_file": "k")";
    const Row rows[] = {
        {R"("newyork")", "node", "an object"},
        {R"({"zone": "example.com", "key_file": "k"})", "node", "\"edge\" is missing"},
        {R"({"edge": "a", "key_file": "k"})", "node", "\"zone\" is missing"},
        {R"({"edge": "a", "zone": "example.com"})", "node", "isochrone key"},
        {R"({"edge": "a", "zone": "a..b", "key_file": "k"})", "node.zone", "the name of a zone"},
        {R"({"edge": "", "zone": "example.com", "key_file": "k"})", "node.edge", "stands"},
        {"{" + good + R"(, "peer": {}})", "node.peer", "peers"},
        {"{" + good + R"(, "peers": ["a"]})", "node.peers", "by edge"},
        {"{" + good + R"(, "peers": {"b": "here"}})", "node.peers.b", "here"},
        {"{" + good + R"(, "expire": "1s"})", "node.expire", "2s to 24h"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.node);
        const auto [config, problems, folder] = read_config("{\"node\": " + row.node + "}");
        CHECK_FALSE(config.has_value());
        REQUIRE(problems.size() == 1);
        CAPTURE(problems[0].text);
        CHECK(problems[0].path == row.path);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
    }
}

}  // namespace config_node_settings_test
