// SPDX-License-Identifier: Apache-2.0
#pragma once
// A policy in words, as it was run for one subject: branches that `geo` did not take stay away.

#include "dnsd/explain/client_latency.hpp"
#include "dnsd/explain/explain.hpp"
#include "geo/policy/policy.hpp"
#include "probes/health/dashboard.hpp"
#include "zones/zone/zone.hpp"

namespace control {

/// A row "policy" for each policy of the tree and a row "edge" for each edge, with its terms and,
/// where `health` is known, its state and what took it out of the answers.
[[nodiscard]] Rows policy_rows(const geo::Policy& policy, const zones::Zone& zone,
                               const geo::Subject& subject, const ClientLatency& latency,
                               const probes::ZoneStatus* health);

}  // namespace control
