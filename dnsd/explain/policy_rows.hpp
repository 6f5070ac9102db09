// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts a policy into words as it ran for one subject, without the branches that `geo` did not take.

#include "dnsd/explain/client_latency.hpp"
#include "dnsd/explain/explain.hpp"
#include "geo/policy/policy.hpp"
#include "probes/health/zone_status.hpp"
#include "zones/zone/zone.hpp"

namespace control {

/// Returns a row "policy" for each policy of the tree, and a row "edge" for each edge with its
/// terms. If `health` is not null, the row also has the edge's state, and what took it out of the
/// answers.
[[nodiscard]] Rows policy_rows(const geo::Policy& policy, const zones::Zone& zone,
                               const geo::Subject& subject, const ClientLatency& latency,
                               const probes::ZoneStatus* health);

}  // namespace control
