// SPDX-License-Identifier: Apache-2.0
// The relay, what is measured, and how measurements decide.

#include "dnsd/config/measure_settings.hpp"

#include "tests/dnsd/config/read_config.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace config_measure_settings_test {

using support::read_config;

TEST_CASE("the relay's ports are read, with how often its connections are") {
    const auto [config, problems, folder] =
        read_config(R"({"relay": {"ports": [32400, 443], "interval": "30s"}})");
    REQUIRE(config.has_value());
    CHECK(config->relay.ports == std::vector<std::uint16_t>{32400, 443});
    CHECK(config->relay.interval == std::chrono::seconds{30});
    const auto one = read_config(R"({"relay": {"ports": 443}})");
    REQUIRE(one.config.has_value());
    CHECK(one.config->relay.ports.size() == 1);
    CHECK(one.config->relay.interval == std::chrono::seconds{10});
    for (const auto* text :
         {R"({"relay": {}})", R"({"relay": {"ports": 0}})", R"({"relay": 443})",
          R"({"relay": {"ports": 443, "interval": "2h"}})", R"({"relay": {"port": 443}})"}) {
        CAPTURE(text);
        CHECK_FALSE(read_config(text).config.has_value());
    }
}

TEST_CASE("what may be measured is read, and is off where nobody is there to be measured") {
    const auto [config, problems, folder] =
        read_config(R"({"relay": {"ports": 443, "home": "10.0.0.7:32400"},
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
            read_config(R"({"relay": {"ports": 443, "home": ")" + std::string{home} + "\"}}")
                .config);
    }
    CHECK(read_config(R"({"relay": {"ports": 443, "home": "[2001:db8::1]:53"}})").config);

    const auto measures = [](const char* text) {
        return read_config(text).config.value().measure.active;
    };
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
        const auto [config, problems, folder] = read_config(row.text);
        CHECK_FALSE(config.has_value());
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].path == row.path);
        CAPTURE(problems[0].text);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
    }
    CHECK_FALSE(read_config(R"({"measure": {"landmarks": [
        {"name": "a", "address": "192.0.2.1", "location": [0, 0]},
        {"name": "a", "address": "192.0.2.2", "location": [0, 0]}]}})")
                    .config.has_value());
}

TEST_CASE("how measurements decide is read, and faults are told with their place") {
    const auto [config, problems, folder] = read_config(R"({"latency": {"interval": "2s",
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
        const auto got = read_config(row.text);
        CHECK_FALSE(got.config.has_value());
        REQUIRE(got.problems.size() == 1);
        CHECK(got.problems[0].path == row.path);
    }
}

}  // namespace config_measure_settings_test
