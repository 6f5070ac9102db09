// SPDX-License-Identifier: Apache-2.0
#pragma once
// The round trips from edges to the server behind them that count, made of those that the edges'
// nodes report. All clients of a policy with `via` home follow such a figure at once, so a node
// that reports a new figure every moment would move everybody to and fro.
//
//   better                       counts at once
//   worse, or no longer told     counts once the figure that counts has stood for `hold`
//   told by another process      counts at once, but at most once in `hold`
//
// Not thread-safe.

#include "geo/base/clock.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace geo {

class HomeWays {
 public:
    explicit HomeWays(std::chrono::milliseconds hold) : hold_{hold} {}

    /// Returns the milliseconds that count from `now` on for an edge whose node reports `told`.
    /// `node` is a text that differs for each process.
    [[nodiscard]] std::optional<double> counted(const std::string& edge, const std::string& node,
                                                std::optional<double> told, Time now);
    /// True if a reported figure that did not count yet is due to count now.
    [[nodiscard]] bool due(Time now) const;
    /// Forgets all figures: the next one of each edge counts at once.
    void forget() { ways_.clear(); }

 private:
    struct HomeWay {
        std::string node;
        std::optional<double> counts;
        Time changed;                    // when `counts` changed
        std::optional<Time> taken_over;  // when another process last took over
        bool waits = false;              // a reported figure does not count yet
    };

    std::chrono::milliseconds hold_;
    std::map<std::string, HomeWay> ways_;  // by edge
};

}  // namespace geo
