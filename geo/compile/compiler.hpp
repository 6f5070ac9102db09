// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs policies over the whole address space and makes a map of each. Control path only: it takes
// seconds with a city database, and a fifth of a second with the built-in country database.

#include "geo/base/result.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/policy/map.hpp"
#include "geo/policy/policy.hpp"
#include "geo/source/sources.hpp"

#include <memory>
#include <span>
#include <vector>

namespace geo {

/// A policy, and the locations of the edges that it names.
struct MapRequest {
    const Policy* policy = nullptr;
    const EdgeSites* sites = nullptr;
    const ZoneLatency* latency = nullptr;  // null: the prior is used for all round trips
};

using Maps = std::vector<std::shared_ptr<const Map>>;

/// Returns one map for each request, in order, made in one walk over the sources. Fails when a
/// database turns out to be damaged.
[[nodiscard]] Result<Maps> compile(const Sources& sources, std::span<const MapRequest> requests);
/// The same, but frees the memory of the sources before it allocates that of the maps.
[[nodiscard]] Result<Maps> compile(Sources&& sources, std::span<const MapRequest> requests);

}  // namespace geo
