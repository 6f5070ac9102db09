// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which edges an operator means: "newyork", "us-*", "plex.example.com/newyork", "*.example.org/*".

#include <string_view>

namespace probes {

/// A pattern is EDGE or ZONE/EDGE, split at the last slash, with globs (* ? [a-z]) in either part;
/// without ZONE it means the edge in every zone. A backslash is an octet like any other, as zone
/// names may have one. Zone names compare without regard to case and to a dot at the end.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view zone, std::string_view edge);

}  // namespace probes
