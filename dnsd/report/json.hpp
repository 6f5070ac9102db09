// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reports as JSON for programs: the replies to the commands "status" and "clients". Each is an
// object in one line. Times are in seconds, except those that end in "_ms".

#include "dnsd/report/report.hpp"

#include <string>

namespace control {

[[nodiscard]] std::string to_json(const Report& report);
[[nodiscard]] std::string to_json(const RoundTripReport& report);

}  // namespace control
