// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/config.hpp"

#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace config_config_test {

using control::Config;

namespace {

struct Read {
    std::optional<Config> config;
    geo::Problems problems;
    std::string folder;
};

Read read(std::string_view text) {
    const support::TemporaryFolder folder;
    Read result;
    const auto path = folder.write("isochrone.json", text);
    result.folder = path.substr(0, path.find_last_of('/'));
    result.config = control::load_config(path, result.problems);
    return result;
}

}  // namespace

TEST_CASE("every key of the config file is taken over") {
    const auto [config, problems, folder] = read(R"({
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
    const auto [config, problems, folder] = read("// nothing yet\n{ /* later */ }");
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
        read(R"({"listen": "127.0.0.1", "zones": "a.json", "allow": {"identity": []}})");
    REQUIRE(single.config.has_value());
    CHECK(single.config->listen.size() == 1);
    CHECK(single.config->zones == std::vector{single.folder + "/a.json"});
    CHECK(single.config->may_identify.empty());
    CHECK(single.config->observers == defaults.observers);
}

TEST_CASE("the dashboard may be open to nobody, to everybody, and to others than the identity") {
    CHECK(read(R"({"allow": {"dashboard": []}})").config.value().observers.empty());
    const auto open = read(R"({"allow": {"dashboard": ["0.0.0.0/0", "::/0"]}})").config.value();
    CHECK(open.observers == std::vector{support::prefix("0.0.0.0/0"), support::prefix("::/0")});
    CHECK(open.may_identify == control::default_config().may_identify);
}

TEST_CASE("a list of who may look or ask leaves out the machine's own addresses") {
    const auto none = read("{}").config.value();
    CHECK(none.own_may_observe);
    CHECK(none.own_may_identify);
    CHECK(none.loopback);
    const auto some = read(R"({"allow": {"dashboard": "::1"}, "loopback": false})").config.value();
    CHECK_FALSE(some.own_may_observe);
    CHECK(some.own_may_identify);
    CHECK_FALSE(some.loopback);
    CHECK_FALSE(read(R"({"allow": {"identity": []}})").config.value().own_may_identify);
}

TEST_CASE("a state folder is relative to the config file, unless it says the whole path") {
    CHECK(read(R"({"state": "/srv/state"})").config.value().state == "/srv/state");
    const auto beside = read(R"({"state": "../state"})");
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
        const auto [config, problems, folder] = read(row.text);
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
    CHECK(read("{\"identity\": \"" + std::string(64, 'n') + "\"}").config.has_value());
    CHECK_FALSE(read("{\"identity\": \"" + std::string(65, 'n') + "\"}").config.has_value());
    const auto many =
        read(R"({"workers": 0, "udp_payload": 1, "places": 3, "nope": 1, "tcp": {"idle": "x"}})");
    CHECK(many.problems.size() == 5);
    CHECK_FALSE(many.config.has_value());
}

TEST_CASE("the rate limit is read, and leaves loopback out unless it is told") {
    const auto [config, problems, folder] = read(
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
    const auto defaults = read("{}").config.value().rate_limit;
    CHECK(defaults.per_second == 200);
    CHECK(defaults.errors_per_second == 50);
    CHECK(defaults.all_errors_per_second == 1000);
    CHECK(defaults.slip == 2);
    CHECK(defaults.exempt ==
          std::vector{support::prefix("127.0.0.0/8"), support::prefix("::1/128")});
    CHECK(read(R"({"rate_limit": {"exempt": []}})").config.value().rate_limit.exempt.empty());
    CHECK(read(R"({"rate_limit": {"per_second": 0, "slip": 0}})").config.has_value());
    for (const auto* text :
         {R"({"rate_limit": 5})", R"({"rate_limit": {"per_second": -1}})",
          R"({"rate_limit": {"per_second": 1000001}})", R"({"rate_limit": {"slip": 11}})",
          R"({"rate_limit": {"errors_per_second": "5"}})", R"({"rate_limit": {"burst": 5}})",
          R"({"rate_limit": {"exempt": ["192.0.2.1/24"]}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text).config.has_value());
    }
}

TEST_CASE("the file of cookies' secrets is named, relative to the config's folder") {
    const auto [config, problems, folder] = read(R"({"cookies": {"secret": "cookies"}})");
    REQUIRE(config.has_value());
    CHECK(config->cookie_secrets == folder + "/cookies");
    CHECK(read("{}").config->cookie_secrets.empty());
    for (const auto* text :
         {R"({"cookies": "cookies"})", R"({"cookies": {}})", R"({"cookies": {"secret": ""}})",
          R"({"cookies": {"secret": 1}})", R"({"cookies": {"secrets": "cookies"}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text).config.has_value());
    }
}

TEST_CASE("a config file that is not there is a fault that names it") {
    geo::Problems problems;
    CHECK_FALSE(control::load_config("/nowhere/isochrone.json", problems).has_value());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].file == "/nowhere/isochrone.json");
}

TEST_CASE("the relay's ports are read, with how often its connections are") {
    const auto [config, problems, folder] =
        read(R"({"relay": {"ports": [32400, 443], "interval": "30s"}})");
    REQUIRE(config.has_value());
    CHECK(config->relay.ports == std::vector<std::uint16_t>{32400, 443});
    CHECK(config->relay.interval == std::chrono::seconds{30});
    const auto one = read(R"({"relay": {"ports": 443}})");
    REQUIRE(one.config.has_value());
    CHECK(one.config->relay.ports.size() == 1);
    CHECK(one.config->relay.interval == std::chrono::seconds{10});
    for (const auto* text :
         {R"({"relay": {}})", R"({"relay": {"ports": 0}})", R"({"relay": 443})",
          R"({"relay": {"ports": 443, "interval": "2h"}})", R"({"relay": {"port": 443}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text).config.has_value());
    }
}

TEST_CASE("what may be measured is read, and is off where nobody is there to be measured") {
    const auto [config, problems, folder] =
        read(R"({"relay": {"ports": 443, "home": "10.0.0.7:32400"},
        "measure": {"per_second": 2, "per_network_per_hour": 3, "landmarks": [
            {"name": "london", "address": "192.0.2.1", "location": "London, GB"},
            {"name": "here-6", "address": "2001:db8::1", "location": [1.5, -2.5]}]}})");
    REQUIRE(config.has_value());
    CHECK(config->relay.home == net::read_endpoint("10.0.0.7:32400").value());
    CHECK(config->measure.active);
    CHECK(config->measure.limits.per_second == 2);
    CHECK(config->measure.limits.per_network_per_hour == 3);
    REQUIRE(config->measure.landmarks.size() == 2);
    CHECK(config->measure.landmarks[0].name == "london");
    CHECK(config->measure.landmarks[0].place.latitude == doctest::Approx(51.5).epsilon(0.01));
    CHECK(config->measure.landmarks[1].address == geo::read_address("2001:db8::1"));
    CHECK(config->measure.landmarks[1].place == geo::Coordinates{1.5, -2.5});

    for (const auto* home : {"10.0.0.7", "2001:db8::53", "[2001:db8::53]", "10.0.0.7:0",
                             "10.0.0.7:", "2001:db8::1:53"}) {
        CAPTURE(home);
        CHECK_FALSE(
            read(R"({"relay": {"ports": 443, "home": ")" + std::string{home} + "\"}}").config);
    }
    CHECK(read(R"({"relay": {"ports": 443, "home": "[2001:db8::1]:53"}})").config);

    const auto measures = [](const char* text) { return read(text).config.value().measure.active; };
    CHECK_FALSE(measures("{}"));
    CHECK_FALSE(measures(R"({"measure": {"per_second": 5}})"));
    CHECK_FALSE(measures(R"({"relay": {"ports": 443}, "measure": {"active": false}})"));
    CHECK(measures(R"({"relay": {"ports": 443}})"));
    CHECK(measures(R"({"measure": {"active": true}})"));
    CHECK(measures(R"({"node": {"edge": "a", "zone": "example.com", "key_file": "k"}})"));
}

TEST_CASE("faults of what is measured are told with their place") {
    struct Row {
        const char* text;
        const char* path;
        const char* says;
    };
    const Row rows[] = {
        {R"({"measure": 5})", "measure", "landmarks"},
        {R"({"measure": {"activ": true}})", "measure.activ", "active"},
        {R"({"measure": {"active": 1}})", "measure.active", "true or false"},
        {R"({"measure": {"per_second": 0}})", "measure.per_second", "1 to 1000"},
        {R"({"measure": {"per_network_per_hour": 61}})", "measure.per_network_per_hour", "1 to 60"},
        {R"({"measure": {"landmarks": {}}})", "measure.landmarks", "list"},
        {R"({"measure": {"landmarks": [{"name": "a", "address": "192.0.2.1"}]}})",
         "measure.landmarks[0]", "\"location\" is missing"},
        {R"({"measure": {"landmarks": [{"name": "A b", "address": "192.0.2.1", "location": [0, 0]}]}})",
         "measure.landmarks[0].name", "a-z"},
        {R"({"measure": {"landmarks": [{"name": "a", "address": "10.0.0.1", "location": [0, 0]}]}})",
         "measure.landmarks[0].address", "internet"},
        {R"({"measure": {"landmarks": [{"name": "a", "address": "192.0.2.1", "location": "Lundon"}]}})",
         "measure.landmarks[0].location", "London"},
        {R"({"relay": {"ports": 1, "home": "203.0.113.7"}})", "relay.home", "ADDRESS:PORT"},
        {R"({"relay": {"ports": 1, "home": "home.example:1"}})", "relay.home", "ADDRESS:PORT"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto [config, problems, folder] = read(row.text);
        CHECK_FALSE(config.has_value());
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].path == row.path);
        CAPTURE(problems[0].text);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
    }
    CHECK_FALSE(read(R"({"measure": {"landmarks": [
        {"name": "a", "address": "192.0.2.1", "location": [0, 0]},
        {"name": "a", "address": "192.0.2.2", "location": [0, 0]}]}})")
                    .config.has_value());
}

TEST_CASE("a node has an edge, a zone and a key file, and peers where they are elsewhere") {
    const auto [config, problems, folder] = read(R"({"node": {"edge": "newyork",
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
    CHECK(!read("{}").config->node);
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
        const auto [config, problems, folder] = read("{\"node\": " + row.node + "}");
        CHECK_FALSE(config.has_value());
        REQUIRE(problems.size() == 1);
        CAPTURE(problems[0].text);
        CHECK(problems[0].path == row.path);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("how measurements decide is read, and faults are told with their place") {
    const auto [config, problems, folder] = read(R"({"latency": {"interval": "2s",
        "window": "90s", "half_life": "1h", "rebase": "10m", "moves": 10},
        "measure": {"refresh": "20m"}})");
    REQUIRE(config.has_value());
    using namespace std::chrono_literals;
    CHECK(config->steering.interval == 2s);
    CHECK(config->steering.rebase == 10min);
    CHECK(config->steering.moves_per_minute == doctest::Approx(0.1));
    CHECK(config->steering.latency.tuning.half_life_s == doctest::Approx(3600));
    CHECK(config->relay.window == 90s);
    CHECK(config->measure.window == 90s);
    CHECK(config->measure.refresh == 20min);

    struct Row {
        const char* text;
        const char* path;
    };
    const Row rows[] = {
        {R"({"latency": 5})", "latency"},
        {R"({"latency": {"windo": "5m"}})", "latency.windo"},
        {R"({"latency": {"interval": "10ms"}})", "latency.interval"},
        {R"({"latency": {"moves": 0}})", "latency.moves"},
        {R"({"latency": {"half_life": "31d"}})", "latency.half_life"},
        {R"({"measure": {"refresh": "0s"}})", "measure.refresh"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto got = read(row.text);
        CHECK_FALSE(got.config.has_value());
        REQUIRE(got.problems.size() == 1);
        CHECK(got.problems[0].path == row.path);
    }
}

}  // namespace config_config_test
