// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a zone's list of name servers lacks before it can be delegated well. `isochrone delegation`
// prints it, and so does `isochrone doctor`.

#include "zones/zone/zone.hpp"

#include <string>
#include <vector>

namespace doctor {

/// Returns what is missing, each as a phrase: "a second name server; …", "an IPv4 address: …".
[[nodiscard]] std::vector<std::string> delegation_gaps(const zones::Zone& zone);

/// Returns the zone's name servers that have no addresses in it: their addresses stand elsewhere.
[[nodiscard]] std::vector<zones::Name> outside_servers(const zones::Zone& zone);

}  // namespace doctor
