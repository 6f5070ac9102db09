// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loads a zone of plain records from a zone file in master format. Such a zone steers nothing.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/contents.hpp"
#include "zones/zone/zone.hpp"

#include <memory>
#include <optional>
#include <string>

namespace zones {

/// Returns null when there is a fault. Warnings may be written in either case.
[[nodiscard]] std::shared_ptr<const Zone> load_plain_zone(const std::string& path,
                                                          geo::Problems& problems, Texts& from);

/// Returns what such a zone says, before rules between its RRsets are checked; nothing when there is
/// a fault.
[[nodiscard]] std::optional<Contents> load_plain_contents(const std::string& path,
                                                          geo::Problems& problems, Texts& from);

}  // namespace zones
