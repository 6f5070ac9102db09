// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows "server", "udp", "tcp", "lame", "edns" and "serial": what each name server of a zone answers
// at each of its addresses.

#include "dnsd/doctor/finding.hpp"
#include "dnsd/doctor/resolver.hpp"
#include "dnsd/transfer/ask.hpp"
#include "zones/zone/zone.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <string>
#include <vector>

namespace doctor {

/// One address of a name server.
struct AskedServer {
    std::string name;  // "ns2", as short_name() has it
    geo::Address address;
    bool here = false;        // an address of this machine
    transfer::Reply udp{};    // SOA
    transfer::Reply tcp{};    // SOA
    transfer::Reply large{};  // over UDP: the largest RRset at the zone's apex
};

struct ServerSide {
    std::deque<AskedServer> servers{};
    /// Names whose addresses were not found, with the reason: "ns.example.net: timed out".
    std::vector<std::string> unknown{};
};

/// Returns the rows. Pure.
[[nodiscard]] Findings judge_servers(const zones::Zone& zone, const ServerSide& side);

/// Returns the type with the largest RRset at the zone's apex, NS if there is none larger.
[[nodiscard]] zones::RrType largest_type(const zones::Zone& zone);

/// Asks all addresses of all name servers. The resolver finds those of names outside of the zone.
/// Fills `side`; it, `zone` and `own` must outlive what this starts, which is done when the
/// io_context has nothing more to do.
[[nodiscard]] boost::asio::awaitable<void> ask_servers(transfer::Asker& asker, Resolver& resolver,
                                                       const zones::Zone& zone,
                                                       const std::vector<geo::Prefix>& own,
                                                       ServerSide& side);

}  // namespace doctor
