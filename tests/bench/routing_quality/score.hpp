// SPDX-License-Identifier: Apache-2.0
#pragma once
// How good decisions are. The regret of a choice is what it takes more than the best edge.

#include "tests/bench/routing_quality/data_set.hpp"

#include <vector>

namespace bench {

/// A client decided more than once, as in repeated answers, counts by the mean of its choices.
struct Decision {
    ClientIndex client = 0;
    geo::EdgeIndex edge = 0;
};

using Decisions = std::vector<Decision>;

struct Score {
    std::size_t clients = 0;
    double best = 0;          // percent with a regret below 0.5 ms
    double within_10_ms = 0;  // percent
    double mean = 0;          // milliseconds of regret
    double median = 0;
    double p90 = 0;
    double p99 = 0;
    double throughput_loss = 0;  // percent, of TCP that loss limits, with 10 ms of access delay
};

/// Every client counts the same. `decisions` has one or more for each client of the scenario.
[[nodiscard]] Score score(const DataSet& data, const Scenario& scenario,
                          const Decisions& decisions);
[[nodiscard]] Score mean_of(const std::vector<Score>& scores);

}  // namespace bench
