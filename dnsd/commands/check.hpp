// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `isochrone check` looks at, for others who must know that files are good.

#include "dnsd/config/config.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

namespace commands {

/// Reads all files that the settings name, as `serve` would, and looks at nothing else of this machine.
/// Returns the zones that are good.
[[nodiscard]] zones::Catalog check_files(const control::Config& config, geo::Problems& problems);

/// Reads all that `serve` reads and uses of this machine but its addresses, as the user of the
/// settings: this process becomes that user for good. Returns the zones that are good.
[[nodiscard]] zones::Catalog check_as_server(const control::Config& config,
                                             geo::Problems& problems);

}  // namespace commands
