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

#include "dnsd/explain/explain.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/report/report.hpp"
#include "zones/name/name.hpp"
#include "zones/zone/catalog.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// Returns {"fault": "…"}.
[[nodiscard]] std::string fault_reply(const std::string& text);

/// Who knows what requests ask for. All of them outlive the answer.
struct Knowing {
    Health& health;
    std::function<Report()> report;
    std::function<RoundTripReport(std::size_t most)> round_trips;  // Reporter::round_trips()
};

/// Answers any request, malformed ones too. Puts the edges of whose drains other nodes must learn
/// into `said`.
[[nodiscard]] std::string answer_request(const std::string& request, const Knowing& knowing,
                                         std::vector<EdgeName>* said = nullptr);

/// Adds to a reply how many nodes know of the drains by now, and which do not.
[[nodiscard]] std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived);

// "explain": reading and answering are separate, as the answer takes a while and comes from the thread
// for reasons.

struct ExplainRequest {
    zones::Name name;
    Asker asker;
};

/// Returns nothing for any other request, and if its name or asker cannot be read.
[[nodiscard]] std::optional<ExplainRequest> read_explain(const std::string& request);

/// Returns {"version": "…", "zones": 2, "found": true, "rows": [["name", "…"], …]} in one line.
/// `catalog` has the zones that are served, and "found"
/// says whether one of them has the name.
[[nodiscard]] std::string explain_reply(const zones::Name& name, const Rows& rows,
                                        const zones::Catalog& catalog);

}  // namespace control
