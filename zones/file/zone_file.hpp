// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a zone from its JSON file; docs/zone-format.md describes the format.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/contents.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace zones {

/// Reads a zone from JSON text. Returns null when there is a fault; warnings may be written in
/// either case. `changed` is the time of the file in seconds since 1970. It is the SOA serial of a
/// zone that gives none.
[[nodiscard]] std::shared_ptr<const Zone> read_zone(std::string text, const std::string& file,
                                                    std::uint32_t changed, geo::Problems& problems);

/// The same from a file and the files that it includes. A file whose name ends in .zone is read in
/// master format, unless it holds JSON.
[[nodiscard]] std::shared_ptr<const Zone> load_zone(const std::string& path,
                                                    geo::Problems& problems);
[[nodiscard]] std::shared_ptr<const Zone> load_zone(const std::string& path,
                                                    geo::Problems& problems, Texts& from);

/// These return what such a zone says, before rules between its RRsets are checked. They return
/// nothing when there is a fault.
[[nodiscard]] std::optional<Contents> read_contents(std::string text, const std::string& file,
                                                    std::uint32_t changed, geo::Problems& problems);
[[nodiscard]] std::optional<Contents> load_contents(const std::string& path,
                                                    geo::Problems& problems, Texts& from);

}  // namespace zones
