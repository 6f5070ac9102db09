// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/residual_groups.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <tuple>

namespace geo {
namespace {

constexpr double one = 1024;  // of Residual
constexpr std::size_t country_count = std::size_t{26} * 26;
constexpr double near_km = 150;   // at which a neighbour's share has fallen to 1/e
constexpr double reach_km = 700;  // at which it is below 1 %, and counts as none

// Cells of equal area: 53 km from north to south and, at the equator, from west to east. A row is
// never lower than that, so the rows within reach are at most these.
constexpr double cells_per_radian = 120;
constexpr std::uint64_t rows_within_reach = 14;

std::uint32_t number_of(Code<2> country) noexcept {
    const auto letter = [](char c) { return static_cast<std::uint32_t>(c - 'A'); };
    return letter(country.characters[0]) * 26 + letter(country.characters[1]);
}

/// Returns a key of country, row and column: in the order of keys, cells of one country are
/// together.
std::uint64_t cell_key(const Position& position) noexcept {
    const auto& [x, y, z] = position.direction;
    const auto row = static_cast<std::uint64_t>((z + 1) * cells_per_radian);
    const auto column =
        static_cast<std::uint64_t>((std::atan2(y, x) + std::numbers::pi) * cells_per_radian);
    return std::uint64_t{number_of(position.country)} << 32 | row << 16 | column;
}

/// Returns the share of a client that a neighbour counts as.
double share_at(const UnitVector& a, const UnitVector& b) noexcept {
    const double distance = kilometres_between(a, b);
    return distance > reach_km ? 0 : std::exp(-distance / near_km);
}

UnitVector normalised(const UnitVector& sum) noexcept {
    const double length = std::sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
    return {sum.x / length, sum.y / length, sum.z / length};
}

}  // namespace

void ResidualGroups::Sum::add(const Residual& residual) noexcept {
    weighted += residual.milliseconds_1024 * residual.weight_1024;
    weight += residual.weight_1024;
}

ResidualGroups::Sum ResidualGroups::Sum::without(const Residual& residual) const noexcept {
    return {weighted - residual.milliseconds_1024 * residual.weight_1024,
            weight - residual.weight_1024};
}

double ResidualGroups::Sum::towards(double wider, double inertia) const noexcept {
    return Spread{static_cast<double>(weighted), static_cast<double>(weight)}.towards(wider,
                                                                                      inertia);
}

void ResidualGroups::Spread::add(const Sum& sum, double share) noexcept {
    weighted += share * static_cast<double>(sum.weighted);
    weight += share * static_cast<double>(sum.weight);
}

double ResidualGroups::Spread::towards(double wider, double inertia) const noexcept {
    return (weighted / (one * one) + inertia * wider) / (weight / one + inertia);
}

ResidualGroups::ResidualGroups(Positions clients, std::size_t edge_count,
                               const GroupInertia& inertia)
    : edge_count_{edge_count},
      inertia_{inertia},
      clients_{clients.begin(), clients.end()},
      cell_of_(clients.size()),
      by_edge_(edge_count),
      by_region_(region_count * edge_count),
      by_country_(country_count * edge_count) {
    make_cells(clients);
    link_cells();
    by_cell_.resize(cells_.size() * edge_count);
    from_others_.resize(cells_.size() * edge_count);
}

void ResidualGroups::make_cells(Positions clients) {
    struct Member {
        std::uint64_t key;
        std::uint32_t client;
    };
    std::vector<Member> members;
    for (std::uint32_t i = 0; i < clients.size(); ++i) {
        if (clients[i]) members.push_back({cell_key(*clients[i]), i});
    }
    // Sorted by place within a cell, so that its middle has the same bits in whatever order clients
    // come.
    const auto rank = [&](const Member& member) {
        const auto& direction = clients[member.client]->direction;
        return std::tuple{member.key, direction.x, direction.y, direction.z};
    };
    std::ranges::sort(members, std::less{}, rank);
    cell_of_.resize(clients.size());
    for (const auto& [key, client] : members) {
        if (cells_.empty() || cells_.back().key != key)
            cells_.push_back({.key = key, .middle = {}});
        auto& middle = cells_.back().middle;
        const auto& direction = clients[client]->direction;
        middle = {middle.x + direction.x, middle.y + direction.y, middle.z + direction.z};
        cell_of_[client] = static_cast<std::uint32_t>(cells_.size() - 1);
    }
    for (auto& cell : cells_) cell.middle = normalised(cell.middle);
}

void ResidualGroups::link_cells() {
    for (std::uint32_t a = 0; a < cells_.size(); ++a) {
        for (std::uint32_t b = a + 1; b < cells_.size(); ++b) {
            // All cells that follow are in another country, or too far north.
            if ((cells_[b].key >> 16) - (cells_[a].key >> 16) > rows_within_reach) break;
            const double share = share_at(cells_[a].middle, cells_[b].middle);
            if (share == 0) continue;
            cells_[a].others.emplace_back(b, share);
            cells_[b].others.emplace_back(a, share);
        }
    }
}

void ResidualGroups::add(std::uint32_t client, EdgeIndex edge, const Residual& residual) {
    const auto& position = clients_[client];
    if (!position) return;
    by_edge_[edge].add(residual);
    by_region_[static_cast<std::size_t>(position->region) * edge_count_ + edge].add(residual);
    by_country_[number_of(position->country) * edge_count_ + edge].add(residual);
    by_cell_[cell_of_[client] * edge_count_ + edge].add(residual);
}

void ResidualGroups::spread() {
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
        for (const auto& [other, share] : cells_[cell].others) {
            for (std::size_t edge = 0; edge < edge_count_; ++edge) {
                from_others_[cell * edge_count_ + edge].add(by_cell_[other * edge_count_ + edge],
                                                            share);
            }
        }
    }
}

double ResidualGroups::country_mean(const Position& position, EdgeIndex edge,
                                    const Residual& own) const {
    const auto region = static_cast<std::size_t>(position.region) * edge_count_ + edge;
    const auto country = number_of(position.country) * edge_count_ + edge;
    const double by_edge = by_edge_[edge].without(own).towards(0, inertia_.edge);
    const double by_region = by_region_[region].without(own).towards(by_edge, inertia_.region);
    return by_country_[country].without(own).towards(by_region, inertia_.country);
}

double ResidualGroups::mean(std::uint32_t client, EdgeIndex edge, const Residual& own) const {
    const auto& position = clients_[client];
    if (!position) return 0;
    const auto at = cell_of_[client] * edge_count_ + edge;
    Spread near = from_others_[at];
    near.add(by_cell_[at].without(own), 1);
    return near.towards(country_mean(*position, edge, own), inertia_.near);
}

ResidualGroups::Spread ResidualGroups::near_stranger(const Position& position,
                                                     EdgeIndex edge) const {
    const auto key = cell_key(position);
    const auto index = [&](std::vector<Cell>::const_iterator cell) {
        return static_cast<std::size_t>(cell - cells_.begin()) * edge_count_ + edge;
    };
    const auto own = std::ranges::lower_bound(cells_, key, std::less{}, &Cell::key);
    if (own != cells_.end() && own->key == key) {
        Spread near = from_others_[index(own)];
        near.add(by_cell_[index(own)], 1);
        return near;
    }
    // Row 0 is at the south pole; a key below it belongs to another country.
    const auto reach = std::min((key >> 16) & 0xFFFF, rows_within_reach) << 16;
    const auto last = (key >> 16) + rows_within_reach;
    Spread near;
    for (auto cell = std::ranges::lower_bound(cells_, (key - reach) & ~std::uint64_t{0xFFFF},
                                              std::less{}, &Cell::key);
         cell != cells_.end() && cell->key >> 16 <= last; ++cell) {
        near.add(by_cell_[index(cell)], share_at(cell->middle, position.direction));
    }
    return near;
}

double ResidualGroups::mean_at(const Position& position, EdgeIndex edge) const {
    return near_stranger(position, edge).towards(country_mean(position, edge, {}), inertia_.near);
}

}  // namespace geo
