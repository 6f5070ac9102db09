// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the log says of health: each turn and each decision once, with the facts.

#include "dnsd/health/edge_watch.hpp"
#include "probes/health/quorum.hpp"

#include <cstddef>
#include <vector>

namespace control {

/// A target has come into the state that it has; `users` are the zones that have it.
void log_turn(const probes::Monitor::Target& target, const std::vector<const ZoneWatch*>& users);
/// An edge is answered, or not, as it was not before. `agreed` is null when this node alone says so.
void log_removed(const ZoneWatch& zone, std::size_t edge, const probes::Agreed* agreed);
/// The alarm of a zone has begun or ended.
void log_home(const ZoneWatch& zone);
void log_none_left(const ZoneWatch& zone);

}  // namespace control
