// SPDX-License-Identifier: Apache-2.0
#pragma once
// All workers of a server and their sockets: opened first, so that what is asked while zones load
// waits in them, started when there is something to answer with.

#include "dnsd/config/config.hpp"
#include "dnsd/net/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

struct WantedEndpoint {
    enum class Need : std::uint8_t { Always, IfPossible };
    net::Endpoint endpoint;
    Need need = Need::Always;
};

/// Sockets for each address. IPv6 may be missing when none is named; loopback, at the ports of what
/// is named, so that whoever sits at the machine can ask `@127.0.0.1`.
[[nodiscard]] std::vector<WantedEndpoint> wanted_endpoints(const Config& config);
[[nodiscard]] unsigned worker_count(const Config& config);
/// Each worker has a thread for each address, and one for TCP.
[[nodiscard]] std::size_t lane_count(const Config& config);

class Workers {
 public:
    /// `config` outlives them.
    explicit Workers(const Config& config) : config_{config} {}

    /// Opens the sockets of all addresses. False, and logged, when one cannot be had that is needed.
    [[nodiscard]] bool open(const net::Source& source);
    void start();
    /// Answers what has arrived, and ends.
    void stop();

    /// In the order in which they were asked for, with the ports that the system has chosen.
    [[nodiscard]] const std::vector<net::Endpoint>& endpoints() const noexcept {
        return endpoints_;
    }

 private:
    /// The sockets of all workers for one address; what went wrong, if anything did.
    [[nodiscard]] std::optional<std::string> open_endpoint(const net::Endpoint& wanted);

    const Config& config_;
    std::vector<net::Endpoint> endpoints_;
    std::vector<std::unique_ptr<net::Worker>> workers_;
};

}  // namespace control
