// SPDX-License-Identifier: Apache-2.0
#pragma once
// Edges that can be drained, and what the commands of their server say.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>

namespace e2e {

/// Three edges of two zones, all alive, and commands to their server.
class DrainedEdges {
 public:
    DrainedEdges();

    void start();
    void kill();
    [[nodiscard]] ServerProcess& server() { return *server_; }
    [[nodiscard]] Finished command(Command words) const;
    /// Returns what the state folder says of health.
    [[nodiscard]] std::string state() const;
    /// Returns the addresses that the zone answers of all edges.
    [[nodiscard]] std::string answer(const std::string& apex = "health.test") const;

    /// Writes a zone without edges, in place of an older one, and returns its path.
    std::string write_plain(const std::string& apex, const std::string& members) const;

    Relay us_east{"127.0.0.1"};
    Relay us_west{"127.0.0.2"};
    Relay eu_west{"127.0.0.3"};

 private:
    void write(const std::string& apex) const;

    support::TemporaryFolder folder_;
    std::unique_ptr<ServerProcess> server_;
};

}  // namespace e2e
