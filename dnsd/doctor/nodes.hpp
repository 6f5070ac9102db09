// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows "status", "digest", "node" and "clock": what the running server here and the other nodes of
// its zone know of each other.

#include "dnsd/doctor/finding.hpp"
#include "dnsd/transfer/ask.hpp"
#include "zones/name/name.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace doctor {

/// Another node of the zone.
struct Peer {
    std::string name;          // of its edge
    net::Endpoint endpoint{};  // where this server fetches what it tells
    std::string data;          // as this server hears it: "fresh", "stale", "expired", "never"
    std::string last_fault;    // a word: "connection_refused"; empty if the last try was good
    std::string there{};       // its line about this node: "peer=newyork data=fresh …"
    std::string not_told{};    // why there is no such line
};

/// What `isochrone status` tells, as far as doctor asks.
struct Status {
    std::string zone{};  // of the nodes; empty if this server shares nothing
    std::string node{};  // this one's edge
    std::size_t zones = 0;
    std::deque<Peer> peers{};
    std::vector<std::string> differences{};  // "differs=plex.example.com at=singapore …"
    std::vector<std::string> alarms{};
};

/// Reads the server's answer to the request "status"; nothing if it is not JSON as expected.
[[nodiscard]] std::optional<Status> read_status(const std::string& json);

/// Returns the rows. Pure.
[[nodiscard]] Findings judge_nodes(const Status& status);

/// Asks the other nodes what they hear of this one, by signed queries for `_probes`. Fills `peers`
/// of `status`, which must outlive what this starts.
void ask_nodes(const boost::asio::any_io_executor& executor, transfer::Asker& asker,
               const std::shared_ptr<const transfer::Keys>& keys, Status& status);

}  // namespace doctor
