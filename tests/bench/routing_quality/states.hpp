// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the server would decide in a scenario, by its own code, in states of growing knowledge.

#include "geo/latency/damping.hpp"
#include "geo/latency/estimator.hpp"
#include "tests/bench/routing_quality/score.hpp"

#include <vector>

namespace bench {

struct Rules {
    geo::EstimatorTuning tuning;
    double kappa = geo::default_kappa;
    geo::LeastGain least_gain;
    std::size_t landmarks = 50;
    unsigned runs = 10;  // of a simulation, each with other answers seen
};

/// Nothing is measured: the `latency` policy by its prior.
[[nodiscard]] Decisions decide_cold(const DataSet& data, const Scenario& scenario);

/// Each edge has pinged known hosts, as far apart as can be; never the client itself.
[[nodiscard]] Decisions decide_by_landmarks(const DataSet& data, const Scenario& scenario,
                                            const Rules& rules);

enum class Probing { Off, On };

/// Decisions at the 10th and at the 30th answer of each client. Of an answer, the round trip to the
/// chosen edge is seen with a probability of 0.9, and the next one knows it. With probing, clients
/// that answer probes have been probed by each edge, three times, before they ask.
struct Followed {
    Decisions at_10;
    Decisions at_30;
    Decisions all;  // from the first answer to the 30th: what it costs to find out
};
[[nodiscard]] Followed follow(const DataSet& data, const Scenario& scenario, Probing probing,
                              const Rules& rules);

}  // namespace bench
