// SPDX-License-Identifier: Apache-2.0
#pragma once
// Policies, rows of tables and places, each made in one call.

#include "geo/policy/policy.hpp"

#include <string>
#include <utility>
#include <vector>

namespace policy_made {

/// Five edges along the equator, so that a degree of longitude is 111.2 km; outcomes call them a to
/// e.
extern const geo::EdgeSites sites;

[[nodiscard]] geo::Policy of_kind(geo::Policy::Kind kind);
[[nodiscard]] geo::Policy edge(geo::EdgeIndex index);
[[nodiscard]] geo::Policy nearest(const std::vector<geo::EdgeIndex>& edges);
[[nodiscard]] geo::Policy group(geo::Policy::Kind kind, std::vector<geo::Policy> children,
                                std::uint16_t answers = 1);
[[nodiscard]] geo::Policy table(const std::vector<std::pair<geo::Match, geo::Policy>>& rows);

[[nodiscard]] geo::Match by_prefix(const char* text);
[[nodiscard]] geo::Match by_asn(std::uint32_t asn);
[[nodiscard]] geo::Match by_country(const char* code);
[[nodiscard]] geo::Match by_continent(const char* code);
[[nodiscard]] geo::Match by_subdivision(const char* country, const char* code);

[[nodiscard]] geo::Place place_at(float latitude, float longitude);

/// Returns the outcome for a client in this place and these prefixes, as text.
[[nodiscard]] std::string run(const geo::Policy& policy, const geo::Place& place,
                              const std::vector<geo::Prefix>& within = {});

}  // namespace policy_made
