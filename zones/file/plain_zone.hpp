// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone of plain records, straight out of a zone file in master format: nothing is steered.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/zone.hpp"

#include <memory>
#include <string>

namespace zones {

/// Null when there is a fault; warnings may be written either way.
[[nodiscard]] std::shared_ptr<const Zone> load_plain_zone(const std::string& path,
                                                          geo::Problems& problems, Texts& from);

}  // namespace zones
