// SPDX-License-Identifier: Apache-2.0
#pragma once
// Logs health: each turn and each decision once, with the facts.

#include "dnsd/health/edge_watch.hpp"
#include "probes/health/quorum.hpp"

#include <cstddef>
#include <vector>

namespace control {

/// A target has just come into its state. `users` are the zones that have the target.
void log_turn(const Target& target, const std::vector<const ZoneWatch*>& users);
/// An edge has come into the answers, or gone out of them. `agreed` is null if this node alone
/// decides.
void log_removed(const ZoneWatch& zone, std::size_t edge, const probes::Agreed* agreed);
/// The alarm of a zone has begun or ended.
void log_home(const ZoneWatch& zone);
/// No edge of a zone is left in the answers.
void log_none_left(const ZoneWatch& zone);

}  // namespace control
