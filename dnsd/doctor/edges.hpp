// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows "relay", "home" and "media": whether the relays at the edges take connections, and whether
// home answers through them.

#include "dnsd/doctor/finding.hpp"
#include "probes/check/probe.hpp"
#include "zones/zone/catalog.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace doctor {

/// One attempt at an edge.
struct TriedEdge {
    enum class What : std::uint8_t {
        Relay,     // a "check" of the zone file
        Home,      // an "origin" of the zone file
        Plex,      // GET /identity
        Jellyfin,  // GET /System/Info/Public
    };
    std::string edge;  // "plex.example.com/newyork"
    What what = What::Relay;
    probes::CheckPtr check;
    probes::ProbeResult result{};
};

struct EdgeSide {
    std::deque<TriedEdge> tried{};
    std::vector<std::string> unchecked{};  // edges without a check
    std::size_t left_out = 0;              // attempts that were too many
};

/// Lists what is to be tried. Each attempt ends within `longest`. Programs and files of checks are
/// left out: here they would run with another user's rights.
[[nodiscard]] EdgeSide attempts_at(const zones::Catalog& catalog,
                                   std::chrono::milliseconds longest);

/// Tries all at once, when `context` runs. `side` must outlive that.
void try_edges(boost::asio::io_context& context, EdgeSide& side);

/// Returns the rows. Pure.
[[nodiscard]] Findings judge_edges(const EdgeSide& side);

}  // namespace doctor
