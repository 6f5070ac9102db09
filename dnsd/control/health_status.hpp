// SPDX-License-Identifier: Apache-2.0
#pragma once
// What people are told of a zone's edges: the facts for the dashboard and for `isochrone status`.

#include "dnsd/control/drain_desk.hpp"
#include "dnsd/control/edge_watch.hpp"
#include "probes/dashboard.hpp"
#include "probes/quorum.hpp"

namespace control {

/// `agreement` is that of the zone of nodes; null when there is none.
[[nodiscard]] probes::ZoneStatus status_of(const ZoneWatch& zone, const DrainDesk& desk,
                                           const probes::Agreement* agreement);

}  // namespace control
