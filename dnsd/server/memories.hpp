// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each part of the server remembers over restarts, and in which file of the state folder.

#include "dnsd/config/config.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/server/keeper.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

namespace control {

/// All arguments outlive the Keeper of these memories. The loader has steering, or has none, by now;
/// the others are used only when a memory is.
[[nodiscard]] Memories memories_of(const Config& config, Health& health, RelayWatch& relay,
                                   Measuring& measuring, SteeredLoader& loader);

}  // namespace control
