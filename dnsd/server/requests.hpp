// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers the requests of the control socket. Each is JSON in one line:
//
//   {"command": "status"}
//   {"command": "explain", "name": "plex.example.com", "asker": "81.2.69.0/24"}
//   {"command": "clients", "count": 100}
//   {"command": "drain", "edges": ["newyork", "plex.example.com/eu-*"], "seconds": 7200}
//   {"command": "drain", "edges": ["newyork"], "here": true}       at this node alone
//   {"command": "undrain", "edges": ["*"]}
//
// The reply is an object too. If nothing was done, its member "fault" says in a sentence why.

#include "dnsd/health/health.hpp"
#include "dnsd/report/server_facts.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// Returns {"fault": "…"}.
[[nodiscard]] std::string fault_reply(const std::string& text);

/// Answers any request, malformed ones too. Puts the edges of whose drains other nodes must learn
/// into `said`.
[[nodiscard]] std::string answer_request(const std::string& request, Health& health,
                                         const ServerFacts& facts,
                                         std::vector<EdgeName>* said = nullptr);

/// Adds to a reply how many nodes know of the drains by now, and which do not.
[[nodiscard]] std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived);

}  // namespace control
