// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone out of its JSON file; docs/zone-format.md describes the format.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace zones {

/// Reads a zone from JSON text. Null when there is a fault; warnings may be written either way.
/// `changed` is the SOA serial of a zone that gives none: the file's time in seconds since 1970.
[[nodiscard]] std::shared_ptr<const Zone> read_zone(std::string text, const std::string& file,
                                                    std::uint32_t changed, geo::Problems& problems);

/// The same from a file, and from those that it includes. One that ends in .zone is a zone file in
/// master format, unless it holds JSON.
[[nodiscard]] std::shared_ptr<const Zone> load_zone(const std::string& path,
                                                    geo::Problems& problems);
[[nodiscard]] std::shared_ptr<const Zone> load_zone(const std::string& path,
                                                    geo::Problems& problems, Texts& from);

}  // namespace zones
