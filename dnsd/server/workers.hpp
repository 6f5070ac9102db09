// SPDX-License-Identifier: Apache-2.0
#pragma once
// All workers of a server and their sockets. The sockets open first, so that queries wait in them
// while zones load. The workers start once there are zones to answer with.

#include "dnsd/config/config.hpp"
#include "dnsd/net/worker.hpp"
#include "geo/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace control {

struct WantedEndpoint {
    enum class Need : std::uint8_t { Always, IfPossible };
    net::Endpoint endpoint;
    Need need = Need::Always;
};

/// Returns the endpoints to listen on.
///
///   "listen" is empty   all addresses at port 53; those of IPv6 only if possible
///   else                what "listen" names; also loopback at the same ports if possible, so that
///                       an operator at the machine can ask `@127.0.0.1`; not with
///                       "loopback": false
[[nodiscard]] std::vector<WantedEndpoint> wanted_endpoints(const Config& config);
[[nodiscard]] unsigned worker_count(const Config& config);
/// Returns the number of threads: each worker has one for each address, and one for TCP.
[[nodiscard]] std::size_t lane_count(const Config& config);

class Workers {
 public:
    /// `config` outlives this.
    explicit Workers(const Config& config) : config_{config} {}

    /// Opens the sockets of all endpoints, of which there may be as many as the system permits. Logs
    /// those that cannot be opened, and returns false if one of them is needed.
    [[nodiscard]] bool open(const net::ServerView& server);
    void start();
    /// Answers the queries that have arrived, and ends the workers.
    void stop();

    /// Returns the endpoints in the order of wanted_endpoints(), with the ports that the system
    /// chose.
    [[nodiscard]] const std::vector<net::Endpoint>& endpoints() const noexcept {
        return endpoints_;
    }

 private:
    /// Opens the sockets of all workers for one endpoint.
    [[nodiscard]] geo::Result<void> open_endpoint(const net::Endpoint& wanted);

    const Config& config_;
    std::vector<net::Endpoint> endpoints_;
    std::vector<std::unique_ptr<net::Worker>> workers_;
};

}  // namespace control
