// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gathers the facts on a zone's edges for reports.

#include "dnsd/health/drain_registry.hpp"
#include "dnsd/health/edge_watch.hpp"
#include "probes/health/quorum.hpp"
#include "probes/health/zone_status.hpp"

namespace control {

/// `agreement` is what the nodes of their zone agree on; null if there is none.
[[nodiscard]] probes::ZoneStatus status_of(const ZoneWatch& zone, const DrainRegistry& drains,
                                           const probes::Agreement* agreement);

}  // namespace control
