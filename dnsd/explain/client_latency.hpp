// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is measured and estimated of one client's round trips to the edges of a zone, and how to say
// it in words.

#include "dnsd/explain/explain.hpp"
#include "geo/latency/latency_model.hpp"
#include "zones/zone/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace control {

class ClientLatency {
 public:
    /// By what the answer to the client is made: that of a client that was not measured follows the
    /// base maps, which may be older than the latest model.
    ClientLatency(const zones::ServedZone& zone, geo::Population population,
                  const geo::Address& client, const geo::Place& place);

    [[nodiscard]] geo::RoundTrips round_trips() const;

    /// Whether the client's network was measured, and what damping keeps from it.
    [[nodiscard]] Rows rows(const std::vector<std::string>& names) const;
    /// What follows a policy's name: " by way to the edge and on to home".
    [[nodiscard]] std::string heading(geo::Via via) const;
    /// "prior 21.4, near-by +3.1, measured 22.9 (14 samples, 3m ago), optimism -1.1, home +12.0";
    /// empty where nothing but the prior is known.
    [[nodiscard]] std::string terms(geo::EdgeIndex edge, geo::Via via) const;

 private:
    [[nodiscard]] geo::Estimate estimate(geo::EdgeIndex measured) const;
    [[nodiscard]] std::string held_back(const std::vector<std::string>& names) const;

    const geo::ZoneLatency* zone_ = nullptr;  // null: the prior stands for all round trips
    geo::Population population_;
    geo::Place place_;
    std::optional<std::size_t> network_;
    std::optional<std::size_t> networks_;  // that are known; none when nothing is measured
    std::vector<double> scores_;           // by edge of the zone
};

}  // namespace control
