// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones out of text, and what is said of them.

#include "geo/base/problem.hpp"
#include "zones/file/zone_file.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reading {

struct Reading {
    std::shared_ptr<const zones::Zone> zone;
    std::vector<std::string> problems;  // "line:column: path: text", warnings with "warning: "
};

[[nodiscard]] Reading read(std::string text);
/// A zone example.com with these members besides "zone" and "nameservers".
[[nodiscard]] Reading read_with(std::string_view members);

[[nodiscard]] std::vector<std::string> lines_of(const geo::Problems& problems);
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);

[[nodiscard]] zones::Name name(std::string_view text);

/// What is wrong with a value of the zone example.com; empty when nothing is.
[[nodiscard]] std::string fault_of(std::string_view type, std::string_view text);

}  // namespace reading
