// SPDX-License-Identifier: Apache-2.0
#pragma once
// The request "explain" of the control socket. Reading and answering are separate, as the answer
// takes a while and comes from the thread for reasons.

#include "dnsd/explain/explain.hpp"
#include "dnsd/server/requests.hpp"
#include "zones/name/name.hpp"

#include <optional>
#include <string>

namespace control {

struct ExplainRequest {
    zones::Name name;
    Asker asker;
};

/// Returns nothing for any other request, and if its name or asker cannot be read.
[[nodiscard]] std::optional<ExplainRequest> read_explain(const std::string& request);

/// Returns {"version": "…", "zones": 2, "found": true, "rows": [["name", "…"], …]} in one line.
/// "found" says whether a zone has the name.
[[nodiscard]] std::string explain_reply(const zones::Name& name, const Rows& rows,
                                        const ServerFacts& facts);

}  // namespace control
