// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tries without serving what `serve` needs of this machine besides good files. `check` uses this:
// it must not say "good" of anything that fails at the next start.

#include "dnsd/config/config.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

namespace control {

/// Checks that the addresses to listen on exist, and that nobody else has them. Problems are
/// warnings, as the files may be meant for another machine. It is a fault if two addresses of
/// "listen" exclude each other.
void check_addresses(const Config& config, geo::Problems& problems);

/// Becomes the user that the settings name, for good: so later checks read with the rights that the
/// server will have. Only root can do this; for other users it is a warning.
void become_user(const Config& config, geo::Problems& problems);

/// Checks that the server can keep states and take commands. Problems are warnings, but faults if
/// the settings name a user: only then is it known who has to write there.
void check_state_folder(const Config& config, geo::Problems& problems);

/// Checks that the programs and files that checks of edges name can be used. Problems are warnings.
void check_programs(const zones::Catalog& catalog, geo::Problems& problems);

}  // namespace control
