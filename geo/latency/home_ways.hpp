// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ways from edges to the server behind them as they count, out of what their nodes tell. All
// clients of a policy by way of home follow such a figure at once, so that a node that says now
// this, now that would send everybody to and fro.
//
//   better                     counts at once
//   worse, or told no more     counts when it has not changed for the time of `hold`
//   told by another process    counts at once, as often as that
//
// Not thread-safe.

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace geo {

class HomeWays {
 public:
    using Time = std::chrono::steady_clock::time_point;

    explicit HomeWays(std::chrono::milliseconds hold) : hold_{hold} {}

    /// Milliseconds that count from `now` on for an edge of which `node` (another text for each
    /// process) tells so much.
    [[nodiscard]] std::optional<double> counted(const std::string& edge, const std::string& node,
                                                std::optional<double> told, Time now);
    /// Whether something that was told, and did not count yet, does so now.
    [[nodiscard]] bool due(Time now) const;
    /// Each figure counts at once again.
    void forget() { ways_.clear(); }

 private:
    struct Way {
        std::string node;
        std::optional<double> counts;
        Time changed;                    // when `counts` did
        std::optional<Time> taken_over;  // by another process, whatever it told
        bool waits = false;              // another figure is told
    };

    std::chrono::milliseconds hold_;
    std::map<std::string, Way> ways_;  // by edge
};

}  // namespace geo
