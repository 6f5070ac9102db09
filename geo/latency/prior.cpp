// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/prior.hpp"

#include <algorithm>

namespace geo {
namespace {

constexpr double at_no_distance = 23.39;
constexpr double fibre_km_per_ms = 100;  // there and back

// Traffic within a country hardly leaves it, however bad the paths between its neighbours are. This
// is the median of the medians of all 26 countries with two hosts or more.
constexpr double domestic = -18.3;

// clang-format off
constexpr double between[region_count][region_count] = {
    // NorthAfrica, SubSaharanAfrica, CentralAmerica, China, EastAsia, EastEurope, WestEurope, MiddleEast,
    // EastNorthAmerica, WestNorthAmerica, Oceania, EastSouthAmerica, SouthAsia, WestSouthAmerica, SoutheastAsia
    { 58.3,  55.7,   4.4,  70.7,  52.8,  14.3,   6.1,  19.7,   3.7,   3.9,  -3.8,  74.0,  40.3,  38.4,  86.5},
    { 55.7, 118.9,  47.8, 108.3,  75.8,  36.9,  10.2,  71.7,   6.4,   3.6, 177.4, 169.6, 128.8,  87.7, 113.7},
    {  4.4,  47.8,  36.5, -19.9, -24.4, -12.7, -15.8, -15.5,  -3.6,   8.7,  -1.0,  41.5,   5.0,  54.2, -30.6},
    { 70.7, 108.3, -19.9, -15.0,  28.9,  78.2,  63.8,  89.4,  33.4,  43.7, 125.9,  53.9, 107.2,  22.8, 127.5},
    { 52.8,  75.8, -24.4,  28.9, -18.9,  79.0,  51.9, 102.3, -38.6, -43.5,  -9.0, -28.8,  27.4, -38.3,  -5.2},
    { 14.3,  36.9, -12.7,  78.2,  79.0,   2.9,  -7.5,  28.6, -24.8, -12.3,  25.1,  38.4,  59.3,  -1.1,  81.6},
    {  6.1,  10.2, -15.8,  63.8,  51.9,  -7.5, -10.7,   0.4, -30.8, -22.0, -15.4,  32.0,  21.5,  -3.0,  43.0},
    { 19.7,  71.7, -15.5,  89.4, 102.3,  28.6,   0.4,  62.3, -28.6, -14.4,  49.9,  56.3,  92.5,   2.3, 116.8},
    {  3.7,   6.4,  -3.6,  33.4, -38.6, -24.8, -30.8, -28.6, -14.0, -15.1, -47.5,  -2.3,   2.8,  -5.8, -31.1},
    {  3.9,   3.6,   8.7,  43.7, -43.5, -12.3, -22.0, -14.4, -15.1, -14.8, -39.2,  -0.9,  22.7,   4.3, -39.7},
    { -3.8, 177.4,  -1.0, 125.9,  -9.0,  25.1, -15.4,  49.9, -47.5, -39.2, -16.8,  81.7,  -5.7,  70.8,  23.1},
    { 74.0, 169.6,  41.5,  53.9, -28.8,  38.4,  32.0,  56.3,  -2.3,  -0.9,  81.7,  -4.2,  86.6,  56.0,  47.7},
    { 40.3, 128.8,   5.0, 107.2,  27.4,  59.3,  21.5,  92.5,   2.8,  22.7,  -5.7,  86.6,  16.8,  13.6,  15.2},
    { 38.4,  87.7,  54.2,  22.8, -38.3,  -1.1,  -3.0,   2.3,  -5.8,   4.3,  70.8,  56.0,  13.6,  54.7, -14.9},
    { 86.5, 113.7, -30.6, 127.5,  -5.2,  81.6,  43.0, 116.8, -31.1, -39.7,  23.1,  47.7,  15.2, -14.9,  -1.8},
};
// clang-format on

constexpr bool symmetric() {
    for (std::size_t a = 0; a < region_count; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (between[a][b] != between[b][a]) return false;
        }
    }
    return true;
}
static_assert(symmetric());

double between_regions(const Position& a, const Position& b) noexcept {
    const double pair =
        between[static_cast<std::size_t>(a.region)][static_cast<std::size_t>(b.region)];
    return a.country == b.country ? std::min(pair, domestic) : pair;
}

}  // namespace

double fibre_ms(const Position& a, const Position& b) noexcept {
    return kilometres_between(a.direction, b.direction) / fibre_km_per_ms;
}

double prior_ms(const Position& a, const Position& b) noexcept {
    const double distance = kilometres_between(a.direction, b.direction);
    return std::max(distance / fibre_km_per_ms,
                    at_no_distance + prior_ms_per_km * distance + between_regions(a, b));
}

double prior_between(const std::optional<Position>& a, const std::optional<Position>& b) noexcept {
    constexpr double placeless_ms = 150;
    return a && b ? prior_ms(*a, *b) : placeless_ms;
}

}  // namespace geo
