// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zone JSON out of a zone file in master format.

#include "geo/base/problem.hpp"
#include "zones/name/written_name.hpp"

#include <optional>
#include <string>

namespace zones {

/// The JSON of a zone that answers as the file says. Nothing when there is a fault; warnings may be
/// written either way. `origin` is what relative names are relative to before an $ORIGIN.
[[nodiscard]] std::optional<std::string> import_zone(const std::string& path,
                                                     const std::optional<WrittenName>& origin,
                                                     geo::Problems& problems);

/// The origin that a file's name tells: that of "example.com.zone" or "db.example.com"; nothing
/// for other names.
[[nodiscard]] std::optional<WrittenName> origin_of(const std::string& path);

}  // namespace zones
