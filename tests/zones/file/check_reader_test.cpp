// SPDX-License-Identifier: Apache-2.0
#include "zones/file/check_reader.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace file_check_reader_test {

using namespace std::chrono_literals;
using probes::Check;
using Statuses = std::vector<probes::StatusRange>;

namespace {

/// A zone example.com whose one edge has these members besides its addresses, 192.0.2.10 and
/// 2001:db8::10.
zones::Edge edge_with(const std::string& members) {
    const auto [zone, problems] =
        reading::read_with(R"("edges": {"a": {"addresses": ["192.0.2.10", "2001:db8::10"], )" +
                           members + R"(}}, "records": {"@": {"steer": "a"}})");
    if (zone == nullptr || !problems.empty()) {
        throw std::runtime_error{reading::joined(problems)};
    }
    return zone->edges()[0];
}

std::vector<Check> checks_of(const std::string& json) {
    std::vector<Check> checks;
    for (const auto& check : edge_with("\"check\": " + json).checks) checks.push_back(*check);
    return checks;
}

Check first_of(const std::string& json) {
    return checks_of(json).at(0);
}

geo::Address address(std::string_view text) {
    return geo::read_address(text).value();
}

std::vector<std::string> texts_of(const std::vector<Check>& checks) {
    std::vector<std::string> texts;
    for (const auto& check : checks) texts.push_back(probes::to_text(check));
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a port alone makes a check with defaults for all else") {
    const auto checks = checks_of(R"({"tcp": 32400})");
    REQUIRE(checks.size() == 2);
    Check expected;
    expected.kind = Check::Kind::Tcp;
    expected.address = address("192.0.2.10");
    expected.port = 32400;
    expected.interval = 10s;
    expected.timeout = 3s;
    expected.jitter = 10;
    expected.limits = {.rise = 2,
                       .fall = 3,
                       .damping = {.downs = 3, .within = 10min, .hold = 1min, .longest = 10min}};
    CHECK(checks[0] == expected);
    expected.address = address("2001:db8::10");
    CHECK(checks[1] == expected);
}

TEST_CASE("a check of HTTP can be told all that curl can be told") {
    const auto check = first_of(
        R"({"https": 443, "host": "plex.example.com", "server_name": "Relay1.example.net.",
            "method": "HEAD", "headers": {"Authorization": "Bearer a b", "user-agent": ""}})");
    CHECK(check.host == "plex.example.com");
    CHECK(check.server_name == "relay1.example.net");
    CHECK(check.method == "HEAD");
    CHECK(check.headers ==
          std::vector<probes::Header>{{"Authorization", "Bearer a b"}, {"user-agent", ""}});
    // States that were kept before these keys came are kept.
    const auto plain = first_of(R"({"https": 443})");
    CHECK(probes::key_of(plain).find("GET") == std::string::npos);
    CHECK(probes::key_of(plain) !=
          probes::key_of(first_of(R"({"https": 443, "method": "OPTIONS"})")));
    CHECK(probes::key_of(plain) !=
          probes::key_of(first_of(R"({"https": 443, "server_name": "example.com"})")));
    CHECK(probes::key_of(plain) !=
          probes::key_of(first_of(R"({"https": 443, "headers": {"A": "b"}})")));
}

TEST_CASE("what cannot be told a check of HTTP is told where it stands") {
    struct Row {
        const char* members;
        const char* expected;
    };
    const Row rows[] = {
        {R"("method": "POST")", R"(expected "GET", "HEAD" or "OPTIONS", found "POST")"},
        {R"("method": "HEAD", "body": "x")", R"(the answer to HEAD has no "body")"},
        {R"("headers": {"Host": "x"})", R"(the check itself says this: see "host")"},
        {R"("headers": {"connection": "close"})", R"(the check itself says this)"},
        {R"("headers": {"A b": "x"})", R"(no field of a request has this name)"},
        {R"("headers": {"A": 1})", R"(expected the field's value as a text, found 1)"},
        {R"("headers": {"A": "x\r\nB: y"})", R"(none of them a control character)"},
        {R"("headers": {"Accept": "a", "accept": "b"})", R"(this field stands here twice)"},
        {R"("headers": ["A: b"])", R"(expected an object of a request's fields)"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.members);
        const auto [zone, problems] = reading::read_with(
            R"("edges": {"a": {"addresses": "192.0.2.10", "check": {"http": 80, )" +
            std::string{row.members} + R"(}}}, "records": {"@": {"steer": "a"}})");
        CHECK(zone == nullptr);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].find(row.expected) != std::string::npos);
    }
}

TEST_CASE("checks of HTTP ask for \"/\" of the zone's name and want any 2xx") {
    for (const auto& [json, kind] : {std::pair{R"({"http": 80})", Check::Kind::Http},
                                     std::pair{R"({"https": 443})", Check::Kind::Https}}) {
        CAPTURE(json);
        const auto check = first_of(json);
        CHECK(check.kind == kind);
        CHECK(check.host == "example.com");
        CHECK(check.path == "/");
        CHECK(check.statuses == Statuses{{200, 299}});
        CHECK(check.body.empty());
        CHECK(check.verify);
    }
}

TEST_CASE("what belongs to a kind is read") {
    const auto http = first_of(
        R"({"http": 8096, "path": "/health", "host": "Film.Example.org.", "body": "Healthy"})");
    CHECK(http.path == "/health");
    CHECK(http.host == "film.example.org");
    CHECK(http.body == "Healthy");
    CHECK_FALSE(first_of(R"({"https": 443, "verify": false})").verify);
    const auto tls = first_of(R"({"tls": 443, "days_left": 14, "verify": false})");
    CHECK(tls.kind == Check::Kind::Tls);
    CHECK(tls.host == "example.com");
    CHECK(tls.days_left == 14);
    CHECK_FALSE(tls.verify);
}

TEST_CASE("statuses are one or many, single or a class, in order and once each") {
    struct Row {
        std::string json;
        Statuses expected;
    };
    const Row rows[] = {
        {"204", {{204, 204}}},
        {"100", {{100, 100}}},
        {"599", {{599, 599}}},
        {"\"2xx\"", {{200, 299}}},
        {"\"5xx\"", {{500, 599}}},
        {"[401]", {{401, 401}}},
        {"[401, \"2xx\", 200, 401, 302]", {{200, 200}, {200, 299}, {302, 302}, {401, 401}}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.json);
        CHECK(first_of("{\"http\": 80, \"status\": " + row.json + "}").statuses == row.expected);
    }
}

TEST_CASE("a check runs for each address of the edge, or for those that it names") {
    CHECK(texts_of(checks_of(R"([{"tcp": 1}, {"http": 2}])")) ==
          Texts{"tcp:192.0.2.10:1", "tcp:[2001:db8::10]:1", "http://192.0.2.10:2/",
                "http://[2001:db8::10]:2/"});
    CHECK(texts_of(checks_of(R"({"tls": 1, "address": "192.0.2.7"})")) == Texts{"tls:192.0.2.7:1"});
    CHECK(texts_of(checks_of(R"({"tcp": 1, "address": ["2001:db8::7", "192.0.2.7"]})")) ==
          Texts{"tcp:[2001:db8::7]:1", "tcp:192.0.2.7:1"});
}

TEST_CASE("a command runs once, or once for each address that its arguments ask for") {
    const auto commands = [](const std::string& json) {
        std::vector<Texts> found;
        for (const auto& check : checks_of(json)) found.push_back(check.command);
        return found;
    };
    using Commands = std::vector<Texts>;
    CHECK(commands(R"({"command": "/bin/true"})") == Commands{{"/bin/true"}});
    CHECK(commands(R"({"command": ["/bin/a b", "x y", ""]})") == Commands{{"/bin/a b", "x y", ""}});
    CHECK(commands(R"({"command": ["/bin/{address}", "{adress}"]})") ==
          Commands{{"/bin/{address}", "{adress}"}});
    CHECK(commands(R"({"command": ["/bin/ask", "[{address}]:{address}", "-a"]})") ==
          Commands{{"/bin/ask", "[192.0.2.10]:192.0.2.10", "-a"},
                   {"/bin/ask", "[2001:db8::10]:2001:db8::10", "-a"}});
    CHECK(commands(R"({"command": ["/bin/ask", "{address}"], "address": "192.0.2.7"})") ==
          Commands{{"/bin/ask", "192.0.2.7"}});
}

TEST_CASE("a file is looked at once a second and believed at once") {
    const auto checks = checks_of(R"({"file": "/run/state/a"})");
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].kind == Check::Kind::File);
    CHECK(checks[0].file == "/run/state/a");
    CHECK(checks[0].max_age == 0s);
    CHECK(checks[0].interval == 1s);
    CHECK(checks[0].timeout == 1s);
    CHECK(checks[0].limits.rise == 1);
    CHECK(checks[0].limits.fall == 1);
    const auto other =
        first_of(R"({"file": "/run/a", "max_age": "5m", "interval": "20s", "rise": 4, "fall": 5})");
    CHECK(other.max_age == 5min);
    CHECK(other.interval == 20s);
    CHECK(other.timeout == 3s);
    CHECK(other.limits.rise == 4);
    CHECK(other.limits.fall == 5);
}

TEST_CASE("a timeout that is not given is no longer than the interval") {
    struct Row {
        std::string members;
        std::chrono::milliseconds interval;
        std::chrono::milliseconds timeout;
    };
    const Row rows[] = {
        {R"("interval": "2s")", 2s, 2s},
        {R"("interval": 0.2)", 200ms, 200ms},
        {R"("interval": "1h")", 1h, 3s},
        {R"("interval": "1h", "timeout": "1m")", 1h, 1min},
        {R"("timeout": "10s")", 10s, 10s},
        {R"("timeout": 1.5, "interval": "1500ms")", 1500ms, 1500ms},
    };
    for (const auto& row : rows) {
        CAPTURE(row.members);
        const auto check = first_of("{\"tcp\": 1, " + row.members + "}");
        CHECK(check.interval == row.interval);
        CHECK(check.timeout == row.timeout);
    }
}

TEST_CASE("jitter is a percentage as a number or a text") {
    CHECK(first_of(R"({"tcp": 1, "jitter": 0})").jitter == 0);
    CHECK(first_of(R"({"tcp": 1, "jitter": 50})").jitter == 50);
    CHECK(first_of(R"({"tcp": 1, "jitter": "25 %"})").jitter == 25);
    CHECK(first_of(R"({"tcp": 1, "jitter": "5%"})").jitter == 5);
}

TEST_CASE("damping is changed key by key, or is off") {
    using Damping = probes::Damping;
    struct Row {
        std::string json;
        Damping expected;
    };
    const Row rows[] = {
        {"{}", {.downs = 3, .within = 600s, .hold = 60s, .longest = 600s}},
        {"false", {.downs = 0, .within = 600s, .hold = 60s, .longest = 600s}},
        {R"({"downs": 20})", {.downs = 20, .within = 600s, .hold = 60s, .longest = 600s}},
        {R"({"within": "1d"})", {.downs = 3, .within = 86400s, .hold = 60s, .longest = 600s}},
        {R"({"hold": "10m"})", {.downs = 3, .within = 600s, .hold = 600s, .longest = 600s}},
        {R"({"hold": "1h", "longest": 3600})",
         {.downs = 3, .within = 600s, .hold = 3600s, .longest = 3600s}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.json);
        const auto check = first_of("{\"tcp\": 1, \"damping\": " + row.json + "}");
        CHECK(check.limits.damping == row.expected);
    }
}

TEST_CASE("home is asked through the addresses of the edge, and never damped") {
    const auto edge = edge_with(
        R"("check": {"tcp": 443}, "origin": [{"https": 443, "path": "/identity"}, {"tcp": 443}])");
    CHECK(edge.checks.size() == 2);
    REQUIRE(edge.origins.size() == 4);
    CHECK(edge.origins[0]->address == address("192.0.2.10"));
    CHECK(edge.origins[1]->address == address("2001:db8::10"));
    CHECK(edge.origins[0]->path == "/identity");
    CHECK(edge.origins[0]->host == "example.com");
    for (const auto& origin : edge.origins) CHECK(origin->limits.damping.downs == 0);
    CHECK(edge.checks[0]->limits.damping.downs == 3);
    CHECK(edge_with(R"("origin": {"tcp": 443})").checks.empty());
}

TEST_CASE("equal checks of different edges, in different words, are one target") {
    const auto [zone, problems] = reading::read_with(
        R"("edges": {
            "a": {"addresses": "192.0.2.1", "check": {"http": 80, "address": "192.0.2.9", "status": [404, "2xx"]}},
            "b": {"addresses": "192.0.2.9", "check": {"http": 80, "path": "/", "host": "EXAMPLE.COM.", "status": ["2xx", 404, 404],
                  "interval": "10000ms", "timeout": 3, "jitter": "10 %", "damping": {"hold": "60s"}}},
            "c": {"addresses": "192.0.2.9", "check": {"http": 80, "status": ["2xx", 404], "interval": 11}}},
           "records": {"@": {"steer": {"all": ["a", "b", "c"]}}})");
    REQUIRE(zone != nullptr);
    const auto key = [&](std::size_t edge) {
        return probes::key_of(*zone->edges()[edge].checks.at(0));
    };
    CHECK(*zone->edges()[0].checks[0] == *zone->edges()[1].checks[0]);
    CHECK(key(0) == key(1));
    CHECK(key(0) != key(2));
}

TEST_CASE("up to eight checks of up to 64 addresses stand at one edge") {
    std::string checks;
    for (int port = 1; port <= 8; ++port) {
        checks += (port == 1 ? "{\"tcp\": " : ", {\"tcp\": ") + std::to_string(port) + "}";
    }
    CHECK(checks_of("[" + checks + "]").size() == 16);
}

}  // namespace file_check_reader_test
