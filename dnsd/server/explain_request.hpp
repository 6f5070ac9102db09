// SPDX-License-Identifier: Apache-2.0
#pragma once
// "explain" of the control socket: read before it is answered, as its answer takes a while and comes
// from the thread for reasons.

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

/// Nothing when anything else is asked for, or who or what cannot be read.
[[nodiscard]] std::optional<ExplainRequest> read_explain(const std::string& request);

/// {"version": "…", "zones": 2, "found": true, "rows": [["name", "…"], …]} in one line. `found`: a
/// zone has the name.
[[nodiscard]] std::string explain_reply(const zones::Name& name, const Rows& rows,
                                        const ServerFacts& facts);

}  // namespace control
