// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/drain_desk.hpp"

#include "probes/drain_pattern.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace control {
namespace {

using probes::Clock;

constexpr std::chrono::seconds beat{1};

}  // namespace

DrainDesk::DrainDesk(boost::asio::io_context& context, Listener listener)
    : listener_{std::move(listener)}, timer_{context} {}

void DrainDesk::restore(std::vector<probes::Drain> drains) {
    for (auto& drain : drains) drains_.add(std::move(drain));
    drains_.end_until(Clock::now());
    wait();
}

std::vector<EdgeName> DrainDesk::drain(std::span<const ZoneWatch> zones,
                                       const std::vector<std::string>& patterns,
                                       std::optional<Clock::duration> time) {
    const auto now = Clock::now();
    std::vector<EdgeName> drained;
    for (const auto& zone : zones) {
        for (const auto& edge : zone.zone->edges()) {
            const auto wanted = [&](const std::string& pattern) {
                return probes::matches(pattern, zone.name, edge.name);
            };
            if (std::ranges::none_of(patterns, wanted)) continue;
            drains_.add({.zone = zone.name,
                         .edge = edge.name,
                         .since = now,
                         .until = time ? std::optional{now + *time} : std::nullopt});
            drained.push_back({zone.name, edge.name});
        }
    }
    wait();
    return drained;
}

std::vector<EdgeName> DrainDesk::undrain(const std::vector<std::string>& patterns) {
    std::vector<EdgeName> ended;
    for (const auto& drain : drains_.end_matching(patterns)) {
        ended.push_back({drain.zone, drain.edge});
    }
    wait();
    return ended;
}

void DrainDesk::wait() {
    timer_.cancel();
    const auto next = drains_.next_end();
    if (!next) return;
    timer_.expires_at(std::min(*next, Clock::now() + beat));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        const bool ended = drains_.end_until(Clock::now());
        wait();
        listener_(ended ? Beat::Ended : Beat::Nearer);
    });
}

}  // namespace control
