// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows "parent" and "glue": what the servers of the parent zone tell resolvers about this zone.

#include "dnsd/doctor/finding.hpp"
#include "dnsd/doctor/resolver.hpp"
#include "dnsd/transfer/ask.hpp"
#include "zones/zone/zone.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <string>
#include <vector>

namespace doctor {

/// What one server of the parent says of the zone's NS.
struct ParentServer {
    std::string name;          // "c.ns.example.com"
    net::Endpoint endpoint{};  // meaningless while `fault` is set
    std::string fault{};       // why it was not asked; empty if it was
    transfer::Reply reply{};
};

struct ParentSide {
    std::string zone;     // "example.com"
    std::string fault{};  // why its servers are not known; empty if they are
    std::deque<ParentServer> servers{};
};

/// Returns the rows. Pure.
[[nodiscard]] Findings judge_parent(const zones::Zone& zone, const ParentSide& side);

/// Finds the parent's servers by the system's resolver, or takes `servers` if there are any. Asks
/// each at one address. Fills `side`, which must outlive what this starts; that is done when the
/// io_context has nothing more to do.
[[nodiscard]] boost::asio::awaitable<void> ask_parent(transfer::Asker& asker, Resolver& resolver,
                                                      std::vector<net::Endpoint> servers,
                                                      zones::Name apex, ParentSide& side);

}  // namespace doctor
