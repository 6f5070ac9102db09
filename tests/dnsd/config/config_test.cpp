// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/config.hpp"

#include "tests/dnsd/config/read_config.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace config_config_test {

using support::read_config;

TEST_CASE("every key of the config file is taken over") {
    const auto [config, problems, folder] = read_config(R"({
        "$schema": "x",
        "listen": ["127.0.0.1:5300", "[::1]:5301"],
        "zones": ["zones", "/srv/extra.json"],
        "databases": ["city.mmdb", "/var/lib/asn.mmdb"],
        "places": "places.csv",
        "workers": 3,
        "pin_workers": true,
        "identity": "node-7",
        "allow": {"identity": ["192.0.2.0/24", "2001:db8::1"], "dashboard": "198.51.100.0/24"},
        "state": "kept",
        "udp_payload": 1400,
        "tcp": {"connections": 500, "of_network": 50, "idle": "20s"}
    })");
    CHECK(problems.empty());
    REQUIRE(config.has_value());
    CHECK(config->listen ==
          std::vector{*net::read_endpoint("127.0.0.1:5300"), *net::read_endpoint("[::1]:5301")});
    CHECK(config->zones == std::vector<std::string>{folder + "/zones", "/srv/extra.json"});
    CHECK(config->sources.databases ==
          std::vector<std::string>{folder + "/city.mmdb", "/var/lib/asn.mmdb"});
    CHECK(config->sources.places == folder + "/places.csv");
    CHECK(config->workers == 3);
    CHECK(config->pinned);
    CHECK(config->identity == "node-7");
    CHECK(config->may_identify ==
          std::vector{support::prefix("192.0.2.0/24"), support::prefix("2001:db8::1/128")});
    CHECK(config->observers == std::vector{support::prefix("198.51.100.0/24")});
    CHECK(config->state == folder + "/kept");
    CHECK(config->udp_payload == 1400);
    CHECK(config->tcp.connections == 500);
    CHECK(config->tcp.of_network == 50);
    CHECK(config->tcp.idle == std::chrono::seconds{20});
}

TEST_CASE("an empty object, comments and single values leave the defaults") {
    const auto [config, problems, folder] = read_config("// nothing yet\n{ /* later */ }");
    REQUIRE(config.has_value());
    const auto defaults = control::default_config();
    CHECK(config->listen.empty());
    CHECK(config->zones.empty());
    CHECK(config->workers == 0);
    CHECK(!config->pinned);
    CHECK(config->udp_payload == 1232);
    CHECK(config->may_identify == defaults.may_identify);
    CHECK(config->may_identify ==
          std::vector{support::prefix("127.0.0.0/8"), support::prefix("::1/128")});
    CHECK(config->observers ==
          std::vector{support::prefix("127.0.0.0/8"), support::prefix("::1/128")});
    CHECK(config->state == "/var/lib/isochrone");
    CHECK(config->tcp.connections == defaults.tcp.connections);
    const auto single =
        read_config(R"({"listen": "127.0.0.1", "zones": "a.json", "allow": {"identity": []}})");
    REQUIRE(single.config.has_value());
    CHECK(single.config->listen.size() == 1);
    CHECK(single.config->zones == std::vector{single.folder + "/a.json"});
    CHECK(single.config->may_identify.empty());
    CHECK(single.config->observers == defaults.observers);
}

TEST_CASE("the dashboard may be open to nobody, to everybody, and to others than the identity") {
    CHECK(read_config(R"({"allow": {"dashboard": []}})").config.value().observers.empty());
    const auto open =
        read_config(R"({"allow": {"dashboard": ["0.0.0.0/0", "::/0"]}})").config.value();
    CHECK(open.observers == std::vector{support::prefix("0.0.0.0/0"), support::prefix("::/0")});
    CHECK(open.may_identify == control::default_config().may_identify);
}

TEST_CASE("a list of who may look or ask leaves out the machine's own addresses") {
    const auto none = read_config("{}").config.value();
    CHECK(none.own_may_observe);
    CHECK(none.own_may_identify);
    CHECK(none.loopback);
    const auto some =
        read_config(R"({"allow": {"dashboard": "::1"}, "loopback": false})").config.value();
    CHECK_FALSE(some.own_may_observe);
    CHECK(some.own_may_identify);
    CHECK_FALSE(some.loopback);
    CHECK_FALSE(read_config(R"({"allow": {"identity": []}})").config.value().own_may_identify);
}

TEST_CASE("a state folder is relative to the config file, unless it says the whole path") {
    CHECK(read_config(R"({"state": "/srv/state"})").config.value().state == "/srv/state");
    const auto beside = read_config(R"({"state": "../state"})");
    CHECK(beside.config.value().state == beside.folder + "/../state");
}

TEST_CASE("a fault of the config file is told with its place") {
    struct Row {
        const char* text;
        std::size_t line;
        std::size_t column;
        const char* path;
        const char* says;
    };
    const Row rows[] = {
        {R"({"listn": "127.0.0.1"})", 1, 2, "listn", "listen"},
        {R"({"listen": "somewhere"})", 1, 12, "listen", "somewhere"},
        {"{\n  \"listen\": [\"::1\", 7]}", 2, 21, "listen[1]", "7"},
        {R"({"zones": 7})", 1, 11, "zones", "path"},
        {R"({"databases": [true]})", 1, 16, "databases[0]", "path"},
        {R"({"places": []})", 1, 12, "places", "path"},
        {R"({"workers": 0})", 1, 13, "workers", "1 to 256"},
        {R"({"workers": 257})", 1, 13, "workers", "1 to 256"},
        {R"({"workers": 1.5})", 1, 13, "workers", "integer"},
        {R"({"pin_workers": 1})", 1, 17, "pin_workers", "true or false"},
        {R"({"udp_payload": 511})", 1, 17, "udp_payload", "512 to 4096"},
        {R"({"udp_payload": 4097})", 1, 17, "udp_payload", "512 to 4096"},
        {R"({"identity": 5})", 1, 14, "identity", "64 octets"},
        {R"({"allow": []})", 1, 11, "allow", "object"},
        {R"({"allow": {"identiti": []}})", 1, 12, "allow.identiti", "identity"},
        {R"({"allow": {"identity": "home"}})", 1, 24, "allow.identity", "192.0.2.0/24"},
        {R"({"allow": {"identity": ["192.0.2.1/24"]}})", 1, 25, "allow.identity[0]", "prefix"},
        {R"({"allow": {"dashboard": true}})", 1, 25, "allow.dashboard", "prefix"},
        {R"({"allow": {"dashbord": []}})", 1, 12, "allow.dashbord", "dashboard"},
        {R"({"state": ["a"]})", 1, 11, "state", "path"},
        {R"({"tcp": 5})", 1, 9, "tcp", "idle"},
        {R"({"tcp": {"connections": 0}})", 1, 25, "tcp.connections", "1 to 1000000"},
        {R"({"tcp": {"of_network": 0}})", 1, 24, "tcp.of_network", "1 to 1000000"},
        {R"({"tcp": {"idle": 0}})", 1, 18, "tcp.idle", "1s to 1h"},
        {R"({"tcp": {"idle": "2h"}})", 1, 18, "tcp.idle", "1s to 1h"},
        {R"({"tcp": {"idle": "soon"}})", 1, 18, "tcp.idle", "soon"},
        {R"([])", 1, 1, "", "object"},
        {R"({"workers": 1, "workers": 2})", 1, 16, "workers", "twice"},
        {"{\n\"zones\": [\"a\"", 2, 14, "zones", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto [config, problems, folder] = read_config(row.text);
        CHECK_FALSE(config.has_value());
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].file == folder + "/isochrone.json");
        CHECK(problems[0].line == row.line);
        CHECK(problems[0].column == row.column);
        CHECK(problems[0].path == row.path);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
        CAPTURE(problems[0].text);
    }
}

TEST_CASE("an identity has 64 octets at most, and all faults of a file are told at once") {
    CHECK(read_config("{\"identity\": \"" + std::string(64, 'n') + "\"}").config.has_value());
    CHECK_FALSE(read_config("{\"identity\": \"" + std::string(65, 'n') + "\"}").config.has_value());
    const auto many = read_config(
        R"({"workers": 0, "udp_payload": 1, "places": 3, "nope": 1, "tcp": {"idle": "x"}})");
    CHECK(many.problems.size() == 5);
    CHECK_FALSE(many.config.has_value());
}

TEST_CASE("the rate limit is read, and leaves loopback out unless it is told") {
    const auto [config, problems, folder] = read_config(
        R"({"rate_limit": {"per_second": 7, "errors_per_second": 3, "all_errors_per_second": 9, "slip": 5,
                                "exempt": ["192.0.2.0/24", "2001:db8::/32"]}})");
    REQUIRE(config.has_value());
    const auto& limit = config->rate_limit;
    CHECK(limit.per_second == 7);
    CHECK(limit.errors_per_second == 3);
    CHECK(limit.all_errors_per_second == 9);
    CHECK(limit.slip == 5);
    CHECK(limit.exempt ==
          std::vector{support::prefix("192.0.2.0/24"), support::prefix("2001:db8::/32")});
    const auto defaults = read_config("{}").config.value().rate_limit;
    CHECK(defaults.per_second == 200);
    CHECK(defaults.errors_per_second == 50);
    CHECK(defaults.all_errors_per_second == 1000);
    CHECK(defaults.slip == 2);
    CHECK(defaults.exempt ==
          std::vector{support::prefix("127.0.0.0/8"), support::prefix("::1/128")});
    CHECK(
        read_config(R"({"rate_limit": {"exempt": []}})").config.value().rate_limit.exempt.empty());
    CHECK(read_config(R"({"rate_limit": {"per_second": 0, "slip": 0}})").config.has_value());
    for (const auto* text :
         {R"({"rate_limit": 5})", R"({"rate_limit": {"per_second": -1}})",
          R"({"rate_limit": {"per_second": 1000001}})", R"({"rate_limit": {"slip": 11}})",
          R"({"rate_limit": {"errors_per_second": "5"}})", R"({"rate_limit": {"burst": 5}})",
          R"({"rate_limit": {"exempt": ["192.0.2.1/24"]}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read_config(text).config.has_value());
    }
}

TEST_CASE("the file of cookies' secrets is named, relative to the config's folder") {
    const auto [config, problems, folder] = read_config(R"({"cookies": {"secret": "cookies"}})");
    REQUIRE(config.has_value());
    CHECK(config->cookie_secrets == folder + "/cookies");
    CHECK(read_config("{}").config->cookie_secrets.empty());
    for (const auto* text :
         {R"({"cookies": "cookies"})", R"({"cookies": {}})", R"({"cookies": {"secret": ""}})",
          R"({"cookies": {"secret": 1}})", R"({"cookies": {"secrets": "cookies"}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read_config(text).config.has_value());
    }
}

TEST_CASE("a config file that is not there is a fault that names it") {
    geo::Problems problems;
    CHECK_FALSE(control::load_config("/nowhere/isochrone.json", problems).has_value());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].file == "/nowhere/isochrone.json");
}

}  // namespace config_config_test
