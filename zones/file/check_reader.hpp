// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the "check" and "origin" of an edge: the checks of the edge itself, and the checks of home
// through its relay. Each key holds one check or a list of checks. A check is an object with one
// key that says what is asked, and the keys that belong to it:
//
//   {"tcp": 32400}
//   {"http" or "https": port, "path": "/", "host": "…", "status": "2xx", "body": "…",
//    "method": "HEAD", "headers": {"Name": "value"}}
//   {"tls": port, "host": "…", "days_left": 14}
//   {"command": ["/path", "{address}", …]}
//   {"file": "/path", "max_age": "1m"}
//
// https and tls also take "verify" and "server_name". Every check takes "interval", "timeout",
// "rise", "fall", "jitter" and "damping". Every check that asks an address takes "address".

#include "geo/place/address.hpp"
#include "probes/check/check.hpp"
#include "zones/json/json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace zones {

/// Who is asked: the edge itself, or home through the edge's relay. A check of home can only ask
/// for what a relay passes on, and has no damping.
enum class Asked : std::uint8_t { Edge, Home };

/// What an edge's checks take from the edge and its zone.
struct CheckDefaults {
    std::span<const geo::Address> addresses;  // of the edge
    std::string host;                         // empty: "host" must be given
};

/// Returns one check for each address asked, in the order of the file. Writes faults to the
/// document. Equal checks of different edges are equal values.
[[nodiscard]] std::vector<probes::CheckPtr> read_checks(const Json& value, Asked asked,
                                                        const CheckDefaults& defaults);

}  // namespace zones
