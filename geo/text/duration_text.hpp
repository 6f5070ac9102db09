// SPDX-License-Identifier: Apache-2.0
#pragma once
// Durations as text for people, as the dashboard shows them. ASCII, without blanks.

#include <chrono>
#include <string>

namespace probes {

/// "4s", "4m10s", "3h12m", "5d2h": the two largest units, cut off after that; the second is left
/// out when it is zero. A negative duration is "0s".
[[nodiscard]] std::string duration_text(std::chrono::nanoseconds duration);

/// The time left, in the same form but rounded up to whole seconds: "0s" means that the time is
/// over.
[[nodiscard]] std::string time_left_text(std::chrono::nanoseconds duration);

/// "850ms", "1500ms"; whole seconds as duration_text() writes them.
[[nodiscard]] std::string interval_text(std::chrono::milliseconds interval);

/// "0.04ms", "12.3ms", "850ms": at most three digits of precision below a second. Always
/// milliseconds, so that a script can compare them; "0.00ms" when it is negative.
[[nodiscard]] std::string round_trip_text(std::chrono::microseconds round_trip);

}  // namespace probes
