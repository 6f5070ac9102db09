// SPDX-License-Identifier: Apache-2.0
#pragma once
// The round trip between each client and each edge, out of the few that are measured.
//
//   base     = prior + group + own offset, at least what light needs in fibre
//   estimate = mean of the base and the client's own measurement, by what each is worth
//   score    = estimate - optimism                  the edge with the smallest score is chosen
//
// group:      how much more than the prior other clients take to this edge (geo/latency/residual_groups)
// own offset: how much more than its groups this client takes to the edges that measured it, and
//             so probably to every edge: its access network. The median of those and of nothing
// optimism:   in proportion to what is not known, so that an edge that may be better gets its
//             answer soon, and is measured by it
//
// Built on the control thread and const from then on. The order in which clients and measurements
// come changes no bit of the result.

#include "geo/latency/edge.hpp"
#include "geo/latency/residual_groups.hpp"
#include "geo/place/region.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace geo {

/// What was measured between one client and one edge; at most one for each pair.
struct Measurement {
    std::uint32_t client = 0;  // index of its place
    EdgeIndex edge = 0;
    std::uint32_t samples = 1;
    double smallest_ms = 0;  // of the last samples
    double age_s = 0;        // of the newest sample
};

struct EstimatorTuning {
    GroupInertia group;
    double own_inertia = 3;       // edges' worth of doubt in the own offset
    double base_samples = 0.03;   // how many samples of its own the base is worth
    double sample_sigma_ms = 4;   // of one sample
    double least_sigma_ms = 8;    // of the base
    double sigma_share = 0.18;    // the same, of its milliseconds
    double half_life_s = 86'400;  // in which samples come to count for half as many
};

/// One client and one edge, and all that the estimate is made of. Milliseconds.
struct Estimate {
    double prior = 0;
    double group = 0;
    double own_offset = 0;
    std::optional<double> measured;  // by this client
    double samples = 0;              // behind `measured`; old ones count less
    double age_s = 0;                // of `measured`
    double estimate = 0;
    double sigma = 0;  // standard deviation of the estimate

    [[nodiscard]] double optimism(double kappa) const noexcept { return kappa * sigma; }
    [[nodiscard]] double score(double kappa) const noexcept { return estimate - optimism(kappa); }
};

/// Enough optimism that clients find better edges by themselves, and little enough that looking for
/// them costs less than it brings.
constexpr double default_kappa = 1.5;

class Estimator {
 public:
    /// `clients` are the places of all that measurements name: prefixes in use, and landmarks.
    Estimator(const EdgeSites& edges, std::span<const Place> clients,
              std::span<const Measurement> measurements, const EstimatorTuning& tuning = {});

    /// Of one of the clients.
    [[nodiscard]] Estimate of(std::uint32_t client, EdgeIndex edge) const;
    /// Of a client that was never measured.
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
