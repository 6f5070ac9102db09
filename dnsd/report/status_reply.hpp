// SPDX-License-Identifier: Apache-2.0
#pragma once
// The answer to "status": zones with their serials, edges and nodes, and what is not well.

#include "dnsd/health/health.hpp"
#include "dnsd/report/server_facts.hpp"

#include <string>

namespace control {

/// Returns a JSON object in one line. Times are in seconds, except "rtt_ms".
[[nodiscard]] std::string status_reply(const Health& health, const ServerFacts& facts);

}  // namespace control
