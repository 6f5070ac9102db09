// SPDX-License-Identifier: Apache-2.0
#pragma once
// What "status" is answered: zones with their serials, edges and nodes, and what is not well.

#include "dnsd/health/health.hpp"
#include "dnsd/report/server_facts.hpp"

#include <string>

namespace control {

/// An object of JSON in one line. Times are in seconds, but for "rtt_ms".
[[nodiscard]] std::string status_reply(const Health& health, const ServerFacts& facts);

}  // namespace control
