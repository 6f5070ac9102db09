// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `serve` needs of this machine besides good files, tried without serving: for `check`, which
// is to say "good" of nothing that does not work at the next start.

#include "dnsd/config/config.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

namespace control {

/// Whether the addresses to listen on are there and free of others. Warnings: the files may be meant
/// for another machine.
void check_addresses(const Config& config, geo::Problems& problems);

/// Becomes the user that the settings name, for good: what is read afterwards is read with the
/// rights that the server will have. Only root can; for others it is a warning.
void become_user(const Config& config, geo::Problems& problems);

/// Whether states can be kept and commands taken. A fault where the settings name a user: then it is
/// known who is to write there.
void check_state_folder(const Config& config, geo::Problems& problems);

/// Whether the programs and files can be used that checks of edges name. Warnings.
void check_programs(const zones::Catalog& catalog, geo::Problems& problems);

/// Says of files that may not be read who may not read them, and where they are denied.
void explain_denials(geo::Problems& problems);

}  // namespace control
