// SPDX-License-Identifier: Apache-2.0
#pragma once
// Patterns that name edges: "newyork", "us-*", "plex.example.com/newyork", "*.example.org/*".

#include <string_view>

namespace probes {

/// True if the pattern names this edge of this zone. A pattern is EDGE or ZONE/EDGE, split at the
/// last slash, with globs (* ? [a-z]) in either part; without ZONE it means the edge in every zone.
/// A backslash has no special meaning, because zone names may contain one. Zone names compare
/// without regard to case and to a dot at the end.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view zone, std::string_view edge);

}  // namespace probes
