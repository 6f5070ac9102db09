// SPDX-License-Identifier: Apache-2.0
#pragma once
// Three nodes of one zone on loopback, each with zone files, a config and a state folder of its
// own.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

class ThreeNodes {
 public:
    static constexpr const char* apex = "health.test";
    inline static const std::vector<std::string> names{"newyork", "singapore", "frankfurt"};

    /// Starts no node yet, and writes no zone file.
    ThreeNodes();

    /// Writes a file into the zone folder of one node, running or not: servers look at their files
    /// all the time.
    void write_zone(const std::string& node, const std::string& text,
                    const std::string& file = "zone.json") const;
    void write_zones(const std::string& text, const std::string& file = "zone.json") const;
    void remove_zone(const std::string& node, const std::string& file) const;

    ServerProcess& start(const std::string& node);
    void start_all();
    /// Kills a node by SIGKILL. Its files stay.
    void kill(const std::string& node) { servers_.at(node).reset(); }
    [[nodiscard]] const ServerProcess& at(const std::string& node) const {
        return *servers_.at(node);
    }

    /// Runs a command of `isochrone` for one node.
    [[nodiscard]] Finished command(const std::string& node, Command words) const;
    /// Returns the lines of the zone's `_probes` at a node.
    [[nodiscard]] std::vector<std::string> lines(const std::string& node,
                                                 const std::string& zone = apex) const;
    /// Returns a fact of an edge's line among them.
    [[nodiscard]] std::string edge_fact(const std::string& node, const std::string& edge,
                                        std::string_view key) const;
    /// Returns the node's answer to a query for A.
    [[nodiscard]] std::string answer(const std::string& node, const std::string& name) const {
        return answer_for(at(node), name);
    }
    /// Waits until all nodes that were started hear each other. False if they do not in time.
    [[nodiscard]] bool hear_each_other() const;

    support::TemporaryFolder folder;

 private:
    [[nodiscard]] std::string config_of(const std::string& node) const;

    std::map<std::string, Endpoint> endpoints_;
    std::map<std::string, std::unique_ptr<ServerProcess>> servers_;
};

}  // namespace e2e
