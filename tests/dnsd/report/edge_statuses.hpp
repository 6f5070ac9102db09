// SPDX-License-Identifier: Apache-2.0
#pragma once
// Edges as the dashboard shows them, made of the checks that they have.

#include "probes/health/zone_status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report_test {

/// When the dashboard is looked at.
constexpr probes::Time now{std::chrono::seconds{1'000'000}};

[[nodiscard]] probes::TargetStatus passing(
    std::chrono::microseconds round_trip = std::chrono::microseconds{12'345});
[[nodiscard]] probes::TargetStatus failing(std::string check = "tcp:198.51.100.20:32400");
[[nodiscard]] probes::TargetStatus untried();
[[nodiscard]] probes::TargetStatus unclear();
[[nodiscard]] probes::TargetStatus of_home(probes::TargetStatus target);
[[nodiscard]] probes::TargetStatus damped(probes::TargetStatus target);

/// Returns an edge with the state that the worst of its own targets has, since when that has it.
[[nodiscard]] probes::EdgeStatus edge_with(std::vector<probes::TargetStatus> targets);
template <class... Targets>
[[nodiscard]] probes::EdgeStatus edge(const Targets&... targets) {
    return edge_with({targets...});
}

[[nodiscard]] probes::EdgeStatus out(probes::Removed removed, probes::EdgeStatus made);
[[nodiscard]] probes::EdgeStatus shared(probes::EdgeStatus made, double share);
[[nodiscard]] probes::EdgeStatus drained(probes::EdgeStatus made,
                                         std::optional<probes::Time> until = {});

enum class Home : std::uint8_t { Up, Down };

/// Returns the lines of a zone that has these edges.
[[nodiscard]] std::vector<std::string> summary_of(std::vector<probes::EdgeStatus> edges,
                                                  Home home = Home::Up);
/// Returns the line of an edge that is alone in its zone.
[[nodiscard]] std::string line(const probes::EdgeStatus& status);

}  // namespace report_test
