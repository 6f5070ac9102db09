// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be asked by the control socket, as JSON in one line:
//
//   {"command": "status"}
//   {"command": "explain", "name": "plex.example.com", "asker": "81.2.69.0/24"}
//   {"command": "clients", "count": 100}
//   {"command": "drain", "edges": ["newyork", "plex.example.com/eu-*"], "seconds": 7200}
//   {"command": "drain", "edges": ["newyork"], "here": true}       at this node alone
//   {"command": "undrain", "edges": ["*"]}
//
// What comes back is an object too. With "fault" it says in a sentence why nothing was done.

#include "dnsd/health/health.hpp"
#include "dnsd/report/server_facts.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// {"fault": "…"}
[[nodiscard]] std::string fault_reply(const std::string& text);

/// Total: whatever is asked, an answer comes back. Edges of which it has said something that other
/// nodes are to learn are added to `said`.
[[nodiscard]] std::string answer_request(const std::string& request, Health& health,
                                         const ServerFacts& facts,
                                         std::vector<EdgeName>* said = nullptr);

/// The same answer with word of the nodes at which what it says holds by now.
[[nodiscard]] std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived);

}  // namespace control
