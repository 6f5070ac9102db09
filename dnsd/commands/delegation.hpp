// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone delegation`: what the parent zone, or the registrar's form, has to be told.

#include "zones/zone/zone.hpp"

#include <string>

namespace commands {

/// NS and glue as lines of a zone file, and what is missing as comments.
[[nodiscard]] std::string delegation_of(const zones::Zone& zone);

}  // namespace commands
