// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much more than the prior the clients of a place take to each edge. This is the mean over
// clients near by, drawn towards the means of their country, their region and the edge; the fewer
// clients, the stronger. Close clients share a cell, so 100,000 of them cost little more than their
// cells.

#include "geo/latency/edge.hpp"
#include "geo/place/region.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace geo {

/// One measured round trip less its prior. Integers, because their sums do not depend on the order
/// of additions, and because a value can be subtracted again exactly.
struct Residual {
    std::int64_t milliseconds_1024 = 0;  // 1024 are one millisecond
    std::int64_t weight_1024 = 0;        // 1024 are one client
};

/// How many clients each mean needs to weigh as much as the next wider mean.
struct GroupInertia {
    double edge = 5;
    double region = 5;
    double country = 3;
    double near = 1;
};

class ResidualGroups {
 public:
    using Positions = std::span<const std::optional<Position>>;

    /// Clients without a position belong to no group.
    ResidualGroups(Positions clients, std::size_t edge_count, const GroupInertia& inertia);

    void add(std::uint32_t client, EdgeIndex edge, const Residual& residual);
    /// Call it once, after all are added and before any mean is asked for.
    void spread();

    /// Returns the mean in milliseconds, without `own`, which was added for this client and edge.
    [[nodiscard]] double mean(std::uint32_t client, EdgeIndex edge, const Residual& own) const;
    /// Returns the mean in milliseconds for a client that is none of those given. Fast where the
    /// position's cell has clients; elsewhere it looks at all cells within reach.
    [[nodiscard]] double mean_at(const Position& position, EdgeIndex edge) const;

 private:
    struct Sum {
        std::int64_t weighted = 0;  // by weight
        std::int64_t weight = 0;

        void add(const Residual& residual) noexcept;
        [[nodiscard]] Sum without(const Residual& residual) const noexcept;
        /// Returns the mean in milliseconds, as if `inertia` more clients had `wider`.
        [[nodiscard]] double towards(double wider, double inertia) const noexcept;
    };
    struct Cell {
        std::uint64_t key = 0;
        UnitVector middle;                                       // of its clients
        std::vector<std::pair<std::uint32_t, double>> others{};  // cells near by, and their weights
    };
    /// A Sum of shares of clients, in the same units.
    struct Spread {
        double weighted = 0;
        double weight = 0;

        void add(const Sum& sum, double share) noexcept;
        [[nodiscard]] double towards(double wider, double inertia) const noexcept;
    };

    [[nodiscard]] Spread near_stranger(const Position& position, EdgeIndex edge) const;
    void make_cells(Positions clients);
    void link_cells();
    [[nodiscard]] double country_mean(const Position& position, EdgeIndex edge,
                                      const Residual& own) const;

    std::size_t edge_count_;
    GroupInertia inertia_;
    std::vector<std::optional<Position>> clients_;
    std::vector<std::uint32_t> cell_of_;  // by client
    std::vector<Cell> cells_;             // by key: those of a country stand together
    std::vector<Sum> by_edge_;
    std::vector<Sum> by_region_;  // x edge, as all below
    std::vector<Sum> by_country_;
    std::vector<Sum> by_cell_;
    std::vector<Spread> from_others_;  // what reaches a cell from the cells near by
};

}  // namespace geo
