// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where operators drain edges, and drains end by themselves. Control thread only.

#include "dnsd/control/edge_watch.hpp"
#include "probes/drains.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace control {

struct EdgeName {
    std::string zone;
    std::string edge;
};

class DrainDesk {
 public:
    enum class Beat : std::uint8_t { Ended, Nearer };
    /// Called when a drain has ended, and every second while one will: what it lets a TTL promise
    /// shrinks.
    using Listener = std::function<void(Beat beat)>;

    DrainDesk(boost::asio::io_context& context, Listener listener);

    void restore(std::vector<probes::Drain> drains);
    /// Drains all edges of these zones that match one of the patterns; which these are.
    std::vector<EdgeName> drain(std::span<const ZoneWatch> zones,
                                const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time);
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    [[nodiscard]] const probes::Drains& drains() const noexcept { return drains_; }

 private:
    void wait();

    Listener listener_;
    probes::Drains drains_;
    boost::asio::steady_timer timer_;
};

}  // namespace control
