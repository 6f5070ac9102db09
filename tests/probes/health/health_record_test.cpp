// SPDX-License-Identifier: Apache-2.0
#include "probes/health/health_record.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using probes::HealthRecord;
using probes::NodeRecord;
using probes::State;

TEST_CASE("a record of health is a line that is read back") {
    const HealthRecord up{.state = State::Up, .since = 1'795'540'000s, .sees = true};
    CHECK(to_text(up) == "state=up since=1795540000 sees=yes");
    for (const auto& record :
         {up, HealthRecord{.state = State::Down, .since = 0s, .sees = true},
          HealthRecord{.state = State::Down, .since = 5s, .sees = false},
          HealthRecord{.state = State::Up, .since = 5s, .sees = true, .check = 0x1f2e3d4c5b6a7988},
          HealthRecord{.state = State::Unknown, .since = 7s, .sees = false}}) {
        CHECK(probes::read_health_record(to_text(record)) == record);
    }
    for (const bool cut_off : {false, true}) {
        const NodeRecord record{.cut_off = cut_off};
        CHECK(probes::read_node_record(to_text(record)) == record);
    }
    CHECK(to_text(NodeRecord{.cut_off = true}) == "cut_off=yes");
}

TEST_CASE("a record of a later version is read, and a malformed one is none") {
    struct Row {
        std::string name;
        std::string text;
        bool read;
    };
    const std::string good = "state=up since=1 sees=yes";
    const Row rows[] = {
        {"with what is checked", good + " check=1f2e3d4c5b6a7988", true},
        {"too short a digest", good + " check=1f2e3d4c5b6a798", false},
        {"no digest", good + " check=1f2e3d4c5b6a798X", false},
        {"as it is written", good, true},
        {"in another order", "sees=yes state=up since=1", true},
        {"with a key of later", good + " mood=fine", true},
        {"with '=' in a later value", good + " a=b=c", true},
        {"as long as may be", good + " a=" + std::string(227, 'b'), true},
        {"too long", good + " a=" + std::string(228, 'b'), false},
        {"nothing", "", false},
        {"a blank", " ", false},
        {"a blank before it", " " + good, false},
        {"a blank behind it", good + " ", false},
        {"two blanks", "state=up  since=1 sees=yes", false},
        {"a tab", "state=up\tsince=1 sees=yes", false},
        {"a line's end", good + "\n", false},
        {"a null octet", good + std::string(1, '\0'), false},
        {"an octet past ASCII", good + " a=\xE9", false},
        {"no state", "since=1 sees=yes", false},
        {"no since", "state=up sees=yes", false},
        {"no sees", "state=up since=1", false},
        {"another state", "state=Up since=1 sees=yes", false},
        {"an instant that is none", "state=up since=now sees=yes", false},
        {"an instant with a sign", "state=up since=+1 sees=yes", false},
        {"an instant before 1970", "state=up since=-1 sees=yes", false},
        {"an instant past all", "state=up since=1000000000001 sees=yes", false},
        {"an instant past numbers", "state=up since=99999999999999999999 sees=yes", false},
        {"sees perhaps", "state=up since=1 sees=maybe", false},
        {"sees what it cannot tell", "state=unknown since=1 sees=yes", false},
        {"a key twice", good + " state=down", false},
        {"a later key twice", good + " a=1 a=1", false},
        {"a word without a sign", good + " fine", false},
        {"a key without a value", good + " mood=", false},
        {"a value without a key", good + " =fine", false},
        {"a record of a node", "cut_off=no", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(probes::read_health_record(row.text).has_value() == row.read);
    }
    CHECK(probes::read_node_record("cut_off=no later=1") == NodeRecord{.cut_off = false});
    for (const auto* text : {"", "cut_off", "cut_off=", "cut_off=1", "cut_off=no cut_off=yes"}) {
        CAPTURE(text);
        CHECK_FALSE(probes::read_node_record(text));
    }
}

TEST_CASE("an owner names its edge") {
    CHECK(probes::health_owner("newyork") == "newyork.health");
    CHECK(probes::edge_of_owner("newyork.health") == "newyork");
    CHECK(probes::edge_of_owner("health.health") == "health");
    for (const auto* owner : {"health", ".health", "", "newyork", "newyork.edges", "home"}) {
        CAPTURE(owner);
        CHECK_FALSE(probes::edge_of_owner(owner));
    }
    CHECK_FALSE(probes::edge_of_owner(std::string(64, 'a') + ".health"));
}

TEST_CASE("no octets break the readers, and what is read is written as it was") {
    support::Generator generator{3};
    const std::string tempting = "=  statesinceseesupdownyesno0123456789";
    int read = 0;
    for (int run = 0; run < 20'000; ++run) {
        std::string text = "state=down since=12 sees=yes";
        for (auto i = support::draw(generator, 0, 3); i > 0; --i) {
            const auto at = support::draw(generator, 0, text.size() - 1);
            text[at] = support::draw(generator, 0, 1) == 0
                           ? static_cast<char>(support::draw(generator, 0, 255))
                           : tempting[support::draw(generator, 0, tempting.size() - 1)];
        }
        const auto record = probes::read_health_record(text);
        if (!record) continue;
        ++read;
        CHECK(probes::read_health_record(to_text(*record)) == record);
    }
    CHECK(read > 4'000);
}
