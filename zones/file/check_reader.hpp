// SPDX-License-Identifier: Apache-2.0
#pragma once
// The "check" and "origin" of an edge: what is asked of it, and through it of home. One check or a
// list of them, each an object with what is asked and what belongs to that:
//
//   {"tcp": 32400}
//   {"http" or "https": port, "path": "/", "host": "…", "status": "2xx", "body": "…",
//    "method": "HEAD", "headers": {"Name": "value"}}
//   {"tls": port, "host": "…", "days_left": 14}
//   {"command": ["/path", "{address}", …]}
//   {"file": "/path", "max_age": "1m"}
//
// With https and tls also "verify" and "server_name"; with all of them "interval", "timeout", "rise", "fall", "jitter"
// and "damping"; with all that is asked of an address, "address".

#include "geo/place/address.hpp"
#include "probes/check/check.hpp"
#include "zones/json/json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace zones {

/// Who is asked: the edge itself, or home through the edge's relay. For home there is only what a
/// relay passes on, and no damping.
enum class Asked : std::uint8_t { Edge, Home };

/// What the checks of an edge take from around them.
struct CheckDefaults {
    std::span<const geo::Address> addresses;  // of the edge
    std::string host;                         // empty: "host" must be given
};

/// One check for each address that is asked, in the order of the file; faults go to the document.
/// Equal checks of different edges are equal values.
[[nodiscard]] std::vector<probes::CheckPtr> read_checks(const Json& value, Asked asked,
                                                        const CheckDefaults& defaults);

}  // namespace zones
