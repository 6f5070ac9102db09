// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is measured and estimated of one client's round trips to the edges of a zone, and the same
// in words.

#include "dnsd/explain/explain.hpp"
#include "geo/latency/latency_model.hpp"
#include "zones/zone/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace control {

class ClientLatency {
 public:
    /// Takes the model by which the answer to the client is made. For a client that is not measured
    /// that is the base, which may be older than the latest model.
    ClientLatency(const zones::ServedZone& zone, geo::Population population,
                  const geo::Address& client, const geo::Place& place);

    [[nodiscard]] geo::RoundTrips round_trips() const;

    /// Says whether the client's network is measured, and which better edge damping keeps from it.
    [[nodiscard]] Rows rows(const std::vector<std::string>& names) const;
    /// Returns what follows a policy's name: " by the way to the edge and on to home".
    [[nodiscard]] std::string heading(geo::Via via) const;
    /// Returns "prior 21.4, group +3.1, measured 22.9 (14 samples, 3m ago), estimate 22.9, optimism
    /// -1.1, home +12.0", in milliseconds; empty without a model.
    [[nodiscard]] std::string terms(geo::EdgeIndex edge, geo::Via via) const;

 private:
    [[nodiscard]] geo::Estimate estimate(geo::EdgeIndex measured) const;
    [[nodiscard]] std::string held_back(const std::vector<std::string>& names) const;

    const geo::ZoneLatency* zone_ = nullptr;  // null: the prior stands for all round trips
    geo::Population population_;
    geo::Place place_;
    std::optional<std::size_t> network_;
    std::optional<std::size_t> networks_;  // number of known networks; nothing without a model
    std::vector<double> scores_;           // by edge of the zone
};

}  // namespace control
