// SPDX-License-Identifier: Apache-2.0
// Edits of a zone file at nodes that measure: what strangers get, and why, is what a server that is
// started anew says.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>

namespace moved_edge_test {

using namespace e2e;

namespace {

constexpr const char* london = "81.2.69.0/24";
const std::vector<std::string> addresses{"198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32",
                                         "198.51.100.22/32", "192.0.2.77/32"};
const std::map<std::string, std::vector<std::string>> listens{
    {"newyork", {"198.51.100.1"}},
    {"frankfurt", {"198.51.100.2", "198.51.100.22"}},  // it can move
    {"singapore", {"198.51.100.3"}},
};

/// Three nodes of one zone at port 53, each with a way home.
class Nodes {
 public:
    Nodes() {
        const auto key = folder_.write("node.key", run(isochrone({"key", "nodes"})).output);
        REQUIRE(::chmod(key.c_str(), 0600) == 0);
        write_zone("198.51.100.2");
        for (const auto& [name, own] : listens) {
            std::string listen;
            for (const auto& address : own)
                listen += (listen.empty() ? "\"" : ", \"") + address + ":53\"";
            folder_.write(
                name + ".json",
                R"({"listen": [)" + listen +
                    R"(], "zones": "zone.json", "workers": 1, "loopback": false, "latency": {"interval": "1s"},
                    "allow": {"dashboard": "198.51.100.0/24"},
                    "relay": {"ports": 32400, "interval": "1s", "home": ")" +
                    to_text(home_) + R"("}, "node": {"edge": ")" + name +
                    R"(", "zone": "moved.test", "key_file": "node.key"}})");
            start(name);
        }
    }

    void start(const std::string& name) {
        auto& server = servers_[name];
        server.reset();
        server = std::make_unique<ServerProcess>(
            Command{"--config", folder_.path(name + ".json"), "--state", folder_.path(name)});
    }
    void write_zone(const std::string& frankfurt, const std::string& more = {}) const {
        folder_.write("zone.json", R"({"zone": "moved.test", "nameservers": {"ns1": "198.51.100.1"},
            "edges": {
                "newyork": {"addresses": "198.51.100.1", "location": "New York, US"},
                "frankfurt": {"addresses": ")" +
                                       frankfurt + R"(", "location": "Frankfurt, DE"},
                "singapore": {"addresses": "198.51.100.3", "location": "Singapore, SG"}},
            "records": {"@": {"steer": {"latency": ["newyork", "frankfurt", "singapore"],
                "via": "home"}})" + more +
                                       "}}");
    }
    [[nodiscard]] static std::string answer(const std::string& at) {
        return run({"dig", "@" + at, "+short", "moved.test", std::string{"+subnet="} + london})
            .output;
    }
    /// The terms of each edge without their figures: "edge=newyork # ms: prior #, …".
    [[nodiscard]] static std::vector<std::string> terms(const std::string& at) {
        std::istringstream lines{run({"dig", "@" + at, "+tcp", "+short", "TXT", "_why.moved.test",
                                      std::string{"+subnet="} + london})
                                     .output};
        std::vector<std::string> terms;
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("\"edge=")) continue;
            terms.emplace_back();
            for (const char c : line) {
                const bool digit = c == '.' || (c >= '0' && c <= '9');
                if (!digit) terms.back() += c;
                if (digit && !terms.back().ends_with('#')) terms.back() += '#';
            }
        }
        return terms;
    }
    /// Whether a way home is known for each edge.
    [[nodiscard]] static bool all_measured(const std::vector<std::string>& terms) {
        std::size_t measured = 0;
        for (const auto& line : terms) {
            measured += line.find(": prior #, ") != std::string::npos &&
                        line.ends_with(", home +#, unchecked\"");
        }
        return measured == listens.size();
    }

 private:
    support::TemporaryFolder folder_;
    Endpoint home_{"192.0.2.77", 0};
    Descriptor listener_ = bound_socket(SOCK_STREAM, home_);
    std::map<std::string, std::unique_ptr<ServerProcess>> servers_;
};

const std::vector<std::string> nodes{"198.51.100.1", "198.51.100.22", "198.51.100.3"};

std::string text_of(const std::vector<std::string>& terms) {
    std::string text;
    for (const auto& line : terms) text += line + "\n";
    return text;
}

/// Questions without a pause would take it from the nodes.
void leave_time() {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
}

void edge_moves() {
    Nodes all;
    for (const auto& node : nodes) {
        CAPTURE(node);
        std::vector<std::string> terms;
        const bool known = eventually([&] {
            leave_time();
            terms = Nodes::terms(node);
            return Nodes::all_measured(terms);
        });
        CAPTURE(text_of(terms));
        REQUIRE(known);
        CHECK(Nodes::answer(node) == "198.51.100.2\n");
    }
    all.write_zone("198.51.100.22");
    for (const auto& node : nodes) {
        CAPTURE(node);
        REQUIRE(eventually([&] { return Nodes::answer(node) == "198.51.100.22\n"; }));
    }
    // Nothing that was known is lost, not even while the node is asked at its new place.
    for (int i = 0; i < 15; ++i) {
        leave_time();
        for (const auto& node : nodes) {
            CAPTURE(node);
            const auto terms = Nodes::terms(node);
            CAPTURE(text_of(terms));
            REQUIRE(Nodes::all_measured(terms));
        }
    }
    const auto before = Nodes::terms(nodes[0]);
    all.start("newyork");
    CHECK(eventually([&] {
        leave_time();
        return Nodes::terms(nodes[0]) == before;
    }));
}

}  // namespace

TEST_CASE("an edge whose address changes in the zone file goes on to be measured by its node") {
    in_private_network(addresses, edge_moves, 4 * patience);
}

}  // namespace moved_edge_test
