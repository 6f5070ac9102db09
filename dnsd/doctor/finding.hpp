// SPDX-License-Identifier: Apache-2.0
#pragma once
// A row of what `isochrone doctor` says.

#include "zones/name/name.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

enum class Level : std::uint8_t {
    Ok,
    Hint,   // all works; this may make it better, or could not be examined
    Warn,   // it works today
    Fault,  // clients suffer, or will when the next server fails
};
/// "ok", "hint", "warn", "FAULT".
[[nodiscard]] std::string_view word(Level level) noexcept;

struct Finding {
    Level level = Level::Ok;
    std::string_view row;  // which row: "glue"; a constant
    std::string text;      // what was found
    std::string remedy{};  // what to do, and where to click or type it; empty if nothing
};
using Findings = std::vector<Finding>;

/// "FAULT  tcp        198.51.100.20 (ns2): TCP times out: open TCP 53 in the provider's firewall".
/// Octets from other servers are made printable.
[[nodiscard]] std::string to_line(const Finding& finding);

[[nodiscard]] bool any_fault(const Findings& findings);
/// True if a finding of this row is worse than a hint.
[[nodiscard]] bool any_trouble(const Findings& findings, std::string_view row);

/// Returns a name as people write it: relative to the zone if it is inside, as in "ns1"; else
/// without the dot at its end.
[[nodiscard]] std::string short_name(const zones::Name& name, const zones::Name& zone);

/// "1 name server", "3 name servers".
[[nodiscard]] std::string count_text(std::size_t count, const std::string& thing);

/// "a", "a and b", "a, b and 11 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& words);

}  // namespace doctor
