// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compiles a zone: has its rules check what the zone says, and lays out names and records in the
// form in which they are served.

#include "geo/base/source.hpp"
#include "zones/zone/contents.hpp"
#include "zones/zone/zone.hpp"

#include <memory>

namespace zones {

/// Returns the zone, or null when a fault has been written to the source. Give a copy to keep the
/// Contents, which are used up.
[[nodiscard]] std::shared_ptr<const Zone> compile(Contents contents, const Source& source);

}  // namespace zones
