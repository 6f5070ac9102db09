// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/node_link.hpp"

#include "dnsd/net/worker.hpp"
#include "tests/dnsd/nobody_else.hpp"
#include "tests/dnsd/nodes/node.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using control::NodeLink;

namespace {

/// A node without keys: it has nobody to tell anything.
class Alone {
 public:
    explicit Alone(bool relay) {
        node_->edge = "frankfurt";
        node_->zone = support::apex_of("frankfurt");
        geo::Problems problems;
        link_.begin(problems, relay);
    }
    [[nodiscard]] NodeLink& link() { return link_; }

    struct Heard {
        std::string edge;
        transfer::Changes changes;
        transfer::Backlog::Hold hold;
    };
    std::vector<Heard> heard;

 private:
    boost::asio::io_context context_{1};
    std::optional<control::NodeSettings> node_{std::in_place};
    engine::Snapshots snapshots_{std::make_shared<const engine::Snapshot>()};
    support::NobodyElse nobody_;
    NodeLink link_{
        context_,
        node_,
        snapshots_,
        nobody_,
        {.health = [](const auto&, const auto&) { FAIL("nobody has said anything of health"); },
         .drains = [](const auto&, const auto&) { FAIL("nobody has said anything of drains"); },
         .measurements =
             [this](std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold) {
                 heard.push_back({std::move(edge), std::move(changes), std::move(hold)});
             }}};
};

std::map<std::string, probes::ToldMeasurement> one_network(double round_trip_ms) {
    probes::ToldMeasurement told;
    told.round_trip_ms = round_trip_ms;
    told.samples = 5;
    return {{"203-0-113-0/24.clients", told}};
}

}  // namespace

TEST_CASE("what a node has measured comes to its own ears, when it says something new") {
    Alone node{true};
    node.link().tell_measured(one_network(20));
    REQUIRE(node.heard.size() == 1);
    CHECK(node.heard[0].edge == "frankfurt");
    CHECK(node.heard[0].changes.set.contains("203-0-113-0/24.clients"));
    CHECK(node.heard[0].changes.set.at("node") == "relay=yes");

    node.link().tell_measured(one_network(20));
    CHECK(node.heard.size() == 1);
    node.link().tell_measured(one_network(200));
    REQUIRE(node.heard.size() == 2);
    CHECK(node.heard[1].changes.set.size() == 1);  // it says once whether it has a relay

    node.link().tell_measured({});
    REQUIRE(node.heard.size() == 3);
    CHECK(node.heard[2].changes.removed == std::vector<std::string>{"203-0-113-0/24.clients"});
}

TEST_CASE("a node without a relay and without measurements says that") {
    Alone node{false};
    node.link().tell_measured({});
    REQUIRE(node.heard.size() == 1);
    CHECK(node.heard[0].changes.set == transfer::Records{{"node", "relay=no"}});
}

TEST_CASE("what a node has measured waits until its place is left") {
    Alone node{false};
    CHECK_FALSE(node.link().own_measurements_wait());
    node.link().tell_measured(one_network(20));
    CHECK(node.link().own_measurements_wait());
    node.heard.clear();
    CHECK_FALSE(node.link().own_measurements_wait());
}

TEST_CASE("a node without keys compares no zones and waits for no drain") {
    Alone node{false};
    node.link().attach({});
    node.link().serve({});
    CHECK(node.link().differences(support::apex_of("frankfurt")).empty());
    CHECK_FALSE(node.link().is_awaited({.nodes = 2, .not_on = {"singapore"}}));
    CHECK_FALSE(node.link().sharing().on());
}
