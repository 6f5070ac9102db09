// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything that an answer depends on besides the query and the health of edges.

#include "dnsd/engine/rate_limit.hpp"
#include "dnsd/engine/signatures.hpp"
#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"
#include "zones/zone/catalog.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// True if an address is in one of the prefixes.
[[nodiscard]] inline bool any_contains(std::span<const geo::Prefix> prefixes,
                                       const geo::Address& address) noexcept {
    return std::ranges::any_of(prefixes,
                               [&](const geo::Prefix& prefix) { return prefix.contains(address); });
}

/// What the server says of itself, and to whom (RFC 4892, RFC 5001).
struct Identity {
    std::string version;               // version.bind
    std::string name;                  // id.server, hostname.bind and NSID
    std::vector<geo::Prefix> may_ask;  // others get REFUSED, and no NSID

    [[nodiscard]] bool open_to(const geo::Address& client) const noexcept {
        return any_contains(may_ask, client);
    }
};

/// Everything that an answer depends on, except the health on its zones' boards. Immutable;
/// published as a whole.
struct Snapshot {
    zones::Catalog catalog;
    Identity identity;
    std::vector<geo::Prefix> observers;       // the observed names exist only for these
    std::vector<geo::SipKey> cookie_secrets;  // all accepted, the first one used; none: no cookies
    std::uint64_t generation = 0;             // counts publications
    RateLimits limits;                        // over UDP
    std::shared_ptr<const Signatures> signatures{};  // null: no key is known
    std::uint16_t udp_payload = 1232;  // octets, 512 or more: the most sent over UDP (RFC 9715)
    std::uint16_t keepalive = 100;     // units of 100 ms, told to TCP clients (RFC 7828)
};

}  // namespace engine
