// SPDX-License-Identifier: Apache-2.0
// `doctor` at a node: what the nodes of a zone hear of each other.

#include "tests/e2e/nodes/three_nodes.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace doctor_nodes_test {

using namespace e2e;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("doctor tells which nodes are heard here and which of them hear this one") {
    // Name servers of the zone are elsewhere: in this network nobody has a way there.
    in_private_network({}, [] {
        Relay newyork{"127.0.0.1"};
        Relay singapore{"127.0.0.2"};
        Relay frankfurt{"127.0.0.3"};
        ThreeNodes nodes;
        nodes.write_zones(
            to_text({.apex = ThreeNodes::apex,
                     .edges = {tcp_edge("newyork", newyork), tcp_edge("singapore", singapore),
                               tcp_edge("frankfurt", frankfurt)},
                     .steers = {{"www", failover({"newyork", "singapore", "frankfurt"})}}}));
        nodes.start_all();
        REQUIRE(nodes.hear_each_other());
        const auto doctor = [&] {
            return nodes.command("newyork", {"doctor", "--resolver", "127.0.0.1:1"}).output;
        };
        auto output = doctor();
        CAPTURE(output);
        for (const auto* line : {"ok     digest     the nodes that are heard serve the same zones",
                                 "ok     node       singapore hears this node (newyork)",
                                 "ok     node       frankfurt hears this node (newyork)"})
            CHECK_MESSAGE(contains(output, line), line);
        CHECK(contains(output, "ok     node       singapore (127.0.0."));
        nodes.kill("frankfurt");
        const bool missed = eventually([&] {
            output = doctor();
            return contains(output,
                            "is not heard here, its data is stale (connection_refused): is "
                            "isochrone running at frankfurt?");
        });
        CHECK(missed);
        CHECK(contains(output,
                       "frankfurt does not tell whether it hears this node (connection "
                       "refused): "));
        CHECK(contains(output, "ok     node       singapore hears this node (newyork)"));
    });
}

}  // namespace doctor_nodes_test
