// SPDX-License-Identifier: Apache-2.0
#pragma once
// Durations as people read them in a line of the dashboard. ASCII, without blanks.

#include <chrono>
#include <string>

namespace probes {

/// "4s", "4m10s", "3h12m", "5d2h": the two largest units, the second only when it is not zero, the
/// rest cut off. A negative duration is "0s".
[[nodiscard]] std::string duration_text(std::chrono::nanoseconds duration);

/// What is left of a time: as above, but a part of a second counts as a whole one, so that "0s" is
/// read only when it is over.
[[nodiscard]] std::string time_left_text(std::chrono::nanoseconds duration);

/// "850ms", "1500ms", and as duration_text() what is a number of whole seconds.
[[nodiscard]] std::string interval_text(std::chrono::milliseconds interval);

/// "0.04ms", "12.3ms", "850ms": three digits are plenty. Always milliseconds, so that a script can
/// compare them; "0.00ms" when it is negative.
[[nodiscard]] std::string round_trip_text(std::chrono::microseconds round_trip);

}  // namespace probes
