// SPDX-License-Identifier: Apache-2.0
#include "probes/check/check.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace check_check_test {

using probes::Check;
using probes::key_of;
using support::address;
using Kind = Check::Kind;

namespace {

constexpr Kind kinds[] = {Kind::Tcp, Kind::Http, Kind::Https, Kind::Tls, Kind::Command, Kind::File};

/// With a value of its own in every field.
Check full(Kind kind) {
    Check check;
    check.kind = kind;
    check.address = address("192.0.2.10");
    check.port = 32400;
    check.host = "plex.example.com";
    check.path = "/identity";
    check.statuses = {{200, 299}, {401, 401}};
    check.body = "MediaContainer";
    check.command = {"/usr/local/bin/check", "plex"};
    check.file = "/run/plex.state";
    return check;
}

struct Change {
    const char* name;
    void (*change)(Check& check);
};
const Change changes[] = {
    {"address", [](Check& c) { c.address = address("192.0.2.11"); }},
    {"family", [](Check& c) { c.address.family = geo::Family::V6; }},
    {"port", [](Check& c) { c.port = 1; }},
    {"host", [](Check& c) { c.host += "."; }},
    {"host to path", [](Check& c) { c.host.clear(), c.path = "plex.example.com"; }},
    {"path", [](Check& c) { c.path += "/"; }},
    {"blank in path", [](Check& c) { c.path += " "; }},
    {"line end in path", [](Check& c) { c.path += "\n"; }},
    {"underline in path", [](Check& c) { c.path += "_"; }},
    {"first status", [](Check& c) { c.statuses[0].first = 201; }},
    {"last status", [](Check& c) { c.statuses[1].last = 402; }},
    {"fewer statuses", [](Check& c) { c.statuses.pop_back(); }},
    {"body", [](Check& c) { c.body += "\xC3\xA4"; }},
    {"verify", [](Check& c) { c.verify = false; }},
    {"days left", [](Check& c) { c.days_left = 14; }},
    {"argument", [](Check& c) { c.command[1] = "jellyfin"; }},
    {"more arguments", [](Check& c) { c.command.emplace_back(); }},
    {"words, not lines", [](Check& c) { c.command = {"/usr/local/bin/check plex"}; }},
    {"argument to file", [](Check& c) { c.command.push_back(c.file), c.file.clear(); }},
    {"file", [](Check& c) { c.file = "/run/jellyfin.state"; }},
    {"age", [](Check& c) { c.max_age = std::chrono::seconds{60}; }},
    {"interval", [](Check& c) { c.interval = std::chrono::milliseconds{500}; }},
    {"timeout", [](Check& c) { c.timeout = std::chrono::milliseconds{500}; }},
    {"jitter", [](Check& c) { c.jitter = 0; }},
    {"rise", [](Check& c) { c.limits.rise = 7; }},
    {"fall", [](Check& c) { c.limits.fall = 7; }},
    {"downs", [](Check& c) { c.limits.damping.downs = 7; }},
    {"within", [](Check& c) { c.limits.damping.within = std::chrono::hours{1}; }},
    {"hold", [](Check& c) { c.limits.damping.hold = std::chrono::hours{1}; }},
    {"longest", [](Check& c) { c.limits.damping.longest = std::chrono::hours{1}; }},
};

}  // namespace

TEST_CASE("checks that differ have keys that differ, whatever kind they are of") {
    std::set<std::string> keys;
    for (const auto kind : kinds) {
        const auto check = full(kind);
        CHECK(keys.insert(key_of(check)).second);
        for (const auto& [name, change] : changes) {
            CAPTURE(name);
            auto other = check;
            change(other);
            REQUIRE(other != check);
            CHECK(keys.insert(key_of(other)).second);
        }
    }
}

TEST_CASE("equal checks have equal keys") {
    for (const auto kind : kinds) {
        CHECK(key_of(full(kind)) == key_of(full(kind)));
    }
}

TEST_CASE("a key is one line of printable ASCII without blanks at its ends") {
    for (const auto kind : kinds) {
        auto check = full(kind);
        for (auto* field : {&check.host, &check.path, &check.body, &check.file}) {
            *field = " \t\r\n\x7F\xC3\xA4 ";
        }
        check.command = {"\n"};
        const auto key = key_of(check);
        CAPTURE(key);
        CHECK(std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; }));
        CHECK(key.front() != ' ');
        CHECK(key.back() != ' ');
    }
}

TEST_CASE("a check reads as what it asks") {
    struct Row {
        const char* name;
        Kind kind;
        const char* address;
        const char* expected;
    };
    const Row rows[] = {
        {"tcp", Kind::Tcp, "192.0.2.10", "tcp:192.0.2.10:32400"},
        {"http", Kind::Http, "192.0.2.10", "http://192.0.2.10:32400/identity"},
        {"https", Kind::Https, "192.0.2.10", "https://192.0.2.10:32400/identity"},
        {"tls", Kind::Tls, "192.0.2.10", "tls:192.0.2.10:32400"},
        {"IPv6", Kind::Tcp, "2001:db8::10", "tcp:[2001:db8::10]:32400"},
        {"command", Kind::Command, "192.0.2.10", "command:/usr/local/bin/check"},
        {"file", Kind::File, "192.0.2.10", "file:/run/plex.state"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto check = full(row.kind);
        check.address = address(row.address);
        CHECK(probes::to_text(check) == row.expected);
    }
    auto check = full(Kind::File);
    check.file = "/run/my state\n";
    CHECK(probes::to_text(check) == "file:/run/my_state_");
}

TEST_CASE("what is asked of an edge, and of whom, has a digest; how often does not tell in it") {
    const auto tcp = full(Kind::Tcp);
    const auto http = full(Kind::Http);
    const std::vector<geo::Address> here{address("192.0.2.10"), address("2001:db8::10")};
    const auto digest = [&](const Check& first, const Check& second) {
        const std::vector<probes::CheckPtr> checks{std::make_shared<Check>(first),
                                                   std::make_shared<Check>(second)};
        return probes::asked_digest(here, checks);
    };
    const auto asked = digest(tcp, http);
    CHECK(digest(http, tcp) == asked);
    auto slower = http;
    slower.interval = std::chrono::seconds{60};
    slower.timeout = std::chrono::seconds{9};
    slower.jitter = 3;
    slower.limits.rise = 9;
    slower.limits.damping.downs = 0;
    CHECK(digest(tcp, slower) == asked);

    void (*const changes[])(Check&) = {
        [](Check& c) { c.address = address("192.0.2.11"); },
        [](Check& c) { c.port = 80; },
        [](Check& c) { c.host = "other.example.com"; },
        [](Check& c) { c.path = "/"; },
        [](Check& c) { c.statuses.clear(); },
        [](Check& c) { c.body = "fine"; },
        [](Check& c) { c.verify = !c.verify; },
        [](Check& c) { c.days_left = 3; },
        [](Check& c) { c.kind = Kind::Https; },
        [](Check& c) { c.command.pop_back(); },
        [](Check& c) { c.file = "/run/other"; },
        [](Check& c) { c.method = "HEAD"; },
        [](Check& c) { c.server_name = "a.example"; },
        [](Check& c) {
            c.headers = {{"A", "b"}};
        },
    };
    std::set<std::uint64_t> digests{asked};
    for (const auto change : changes) {
        auto other = http;
        change(other);
        CHECK(digests.insert(digest(tcp, other)).second);
    }
    const std::vector<probes::CheckPtr> checks{std::make_shared<Check>(tcp),
                                               std::make_shared<Check>(http)};
    auto elsewhere = here;
    std::ranges::reverse(elsewhere);
    CHECK(probes::asked_digest(elsewhere, checks) == asked);
    elsewhere.pop_back();
    CHECK(digests.insert(probes::asked_digest(elsewhere, checks)).second);
}

}  // namespace check_check_test
