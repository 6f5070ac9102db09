// SPDX-License-Identifier: Apache-2.0
#pragma once
// Three nodes of one zone on loopback, each with zone files, a config and a state folder of its own.

#include "tests/e2e/health_zone.hpp"
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

    /// Nothing runs yet, and there is no zone file.
    ThreeNodes();

    /// In the zone folder of one node; elsewhere, or read already, does not matter: files are looked
    /// at all the time.
    void write_zone(const std::string& node, const std::string& text,
                    const std::string& file = "zone.json") const;
    void write_zones(const std::string& text, const std::string& file = "zone.json") const;
    void remove_zone(const std::string& node, const std::string& file) const;

    ServerProcess& start(const std::string& node);
    void start_all();
    /// By SIGKILL; its files stay.
    void kill(const std::string& node) { servers_.at(node).reset(); }
    [[nodiscard]] const ServerProcess& at(const std::string& node) const {
        return *servers_.at(node);
    }

    /// Runs a command of the server's program for one node.
    [[nodiscard]] Finished command(const std::string& node, Command words) const;
    /// Lines of `_probes.` and the zone.
    [[nodiscard]] std::vector<std::string> lines(const std::string& node,
                                                 const std::string& zone = apex) const;
    /// A fact of the line of an edge there.
    [[nodiscard]] std::string edge_fact(const std::string& node, const std::string& edge,
                                        std::string_view key) const;
    /// What the node answers for an A record.
    [[nodiscard]] std::string answer(const std::string& node, const std::string& name) const {
        return answer_for(at(node), name);
    }
    /// Whether all that were started hear each other, asked until they do.
    [[nodiscard]] bool hear_each_other() const;

    support::TemporaryFolder folder;

 private:
    [[nodiscard]] std::string config_of(const std::string& node) const;

    std::map<std::string, Endpoint> endpoints_;
    std::map<std::string, std::unique_ptr<ServerProcess>> servers_;
};

}  // namespace e2e
