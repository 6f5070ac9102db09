// SPDX-License-Identifier: Apache-2.0
#pragma once
// Estimates the round trip between each client and each edge from the few that are measured.
//
//   base     = prior + group + own offset, at least what light needs in fibre
//   estimate = mean of the base and the client's own measurement, weighted by samples
//   score    = estimate - optimism                  the edge with the smallest score is chosen
//
//   group:      how much more than the prior other clients take to this edge; see
//               geo/latency/residual_groups
//   own offset: how much more than its groups this client takes to the edges that measured it: the
//               median of these differences, and of 0 unless one edge alone measured it. It stands
//               for the client's access network, so it is added for every edge
//   optimism:   proportional to the uncertainty of the estimate, so that an edge that may be better
//               soon gets clients, and measures them
//
// Built on the control thread, const from then on. The result is the same bit for bit in whatever
// order clients and measurements come.

#include "geo/latency/edge.hpp"
#include "geo/latency/residual_groups.hpp"
#include "geo/place/region.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace geo {

/// The measurement between one client and one edge; at most one for each pair.
struct Measurement {
    std::uint32_t client = 0;  // index of its place
    EdgeIndex edge = 0;
    std::uint32_t samples = 1;
    double smallest_ms = 0;  // of the last samples
    double age_s = 0;        // of the newest sample
};

struct EstimatorTuning {
    GroupInertia group;
    double own_inertia = 3;       // number of edges at which the own offset counts half
    double base_samples = 0.03;   // weight of the base, in samples
    double sample_sigma_ms = 4;   // standard deviation of one sample
    double least_sigma_ms = 8;    // least standard deviation of the base
    double sigma_share = 0.18;    // the base's standard deviation, as a share of its milliseconds
    double half_life_s = 86'400;  // after which a sample counts half
};

/// The estimate for one client and one edge, with all its terms. Milliseconds.
struct Estimate {
    double prior = 0;
    double group = 0;
    double own_offset = 0;
    std::optional<double> measured;  // by this client
    double samples = 0;              // behind `measured`; old samples count less
    double age_s = 0;                // of `measured`
    double estimate = 0;
    double sigma = 0;  // standard deviation of the estimate

    [[nodiscard]] double optimism(double kappa) const noexcept { return kappa * sigma; }
    [[nodiscard]] double score(double kappa) const noexcept { return estimate - optimism(kappa); }
};

/// Enough optimism for clients to find better edges, and little enough that the search costs less
/// than it gains.
constexpr double default_kappa = 1.5;

class Estimator {
 public:
    /// `clients` are the places of all clients that measurements name: prefixes in use, and
    /// landmarks.
    Estimator(const EdgeSites& edges, std::span<const Place> clients,
              std::span<const Measurement> measurements, const EstimatorTuning& tuning = {});

    /// Returns the estimate for one of the clients.
    [[nodiscard]] Estimate of(std::uint32_t client, EdgeIndex edge) const;
    /// Returns the estimate for a client at a place that was never measured.
    [[nodiscard]] Estimate at(const Place& place, EdgeIndex edge) const;

 private:
    using MaybePosition = std::optional<Position>;

    /// A measurement of one client, as it counts.
    struct Own {
        EdgeIndex edge = 0;
        double smallest_ms = 0;
        double samples = 0;
        double age_s = 0;
        Residual residual;
    };

    void store(std::span<const Measurement> measurements);
    void find_offsets();
    [[nodiscard]] Own as_it_counts(const Measurement& measurement) const;
    [[nodiscard]] std::span<const Own> own(std::uint32_t client) const;
    [[nodiscard]] Estimate conclude(Estimate terms, const MaybePosition& client,
                                    EdgeIndex edge) const;

    EstimatorTuning tuning_;
    std::vector<MaybePosition> edges_;
    std::vector<MaybePosition> clients_;
    std::vector<std::size_t> first_own_;  // by client, and one past the end
    std::vector<Own> own_;
    std::vector<double> offsets_;  // by client, milliseconds
    ResidualGroups groups_;
};

}  // namespace geo
