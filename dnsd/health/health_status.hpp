// SPDX-License-Identifier: Apache-2.0
#pragma once
// What people are told of a zone's edges: the facts for the dashboard and for `isochrone status`.

#include "dnsd/health/drain_registry.hpp"
#include "dnsd/health/edge_watch.hpp"
#include "probes/health/dashboard.hpp"
#include "probes/health/quorum.hpp"

namespace control {

/// `agreement` is that of the zone of nodes; null when there is none.
[[nodiscard]] probes::ZoneStatus status_of(const ZoneWatch& zone, const DrainDesk& desk,
                                           const probes::Agreement* agreement);

}  // namespace control
