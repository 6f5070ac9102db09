// SPDX-License-Identifier: Apache-2.0
#pragma once
// Three nodes of one zone, with the files and edges of the first of them, which is the one that is
// asked. All of it changes while they run.

#include "tests/e2e/support/relay.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace soak {

class Nodes {
 public:
    static constexpr std::size_t count = 3;

    /// All nodes run, and the first has heard of the others once.
    Nodes();

    /// The node that is asked.
    [[nodiscard]] e2e::ServerProcess& asked() { return *servers_[0]; }

    /// The address of one.test from the next reload on.
    void write_address(const std::string& address) const;
    /// Whether the folder has a file that nobody can read as a zone.
    void write_fault(bool there) const;
    /// The country of the subnet 81.2.69.0/24.
    void replace_database(const std::string& country) const;
    /// The first edge of flap.test dies, or comes back.
    void set_edge(bool up);
    /// Ends another node without a word, or starts it again.
    void set_node(std::size_t number, bool runs);

 private:
    void write_zones() const;
    void write_config(std::size_t number) const;
    [[nodiscard]] std::string config_path(std::size_t number) const;
    void start(std::size_t number);
    /// In one step: a server that looks meanwhile finds a whole file.
    void replace(const std::string& name, std::string_view octets) const;

    support::TemporaryFolder folder_;
    e2e::Relay first_{"127.0.0.1"};
    e2e::Relay second_{"127.0.0.2"};
    std::array<e2e::Endpoint, count> endpoints_;
    std::array<std::unique_ptr<e2e::ServerProcess>, count> servers_;
};

}  // namespace soak
