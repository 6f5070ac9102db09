// SPDX-License-Identifier: Apache-2.0
#pragma once
// Converts a zone file in master format to zone JSON.

#include "geo/base/problem.hpp"
#include "zones/name/written_name.hpp"

#include <optional>
#include <string>

namespace zones {

/// Returns the JSON of a zone that answers as the file says. Returns nothing when there is a fault;
/// warnings may be written in either case. Relative names before the first $ORIGIN are relative to
/// `origin`.
[[nodiscard]] std::optional<std::string> import_zone(const std::string& path,
                                                     const std::optional<WrittenName>& origin,
                                                     geo::Problems& problems);

/// Returns the origin that a file's name tells, as "example.com.zone" and "db.example.com" do.
/// Returns nothing for other names.
[[nodiscard]] std::optional<WrittenName> origin_of(const std::string& path);

}  // namespace zones
