// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/troubles.hpp"

#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"
#include "geo/text/printable.hpp"

#include <algorithm>

namespace control {
namespace {

using probes::Removed;
using probes::State;

constexpr std::size_t longest_reason = 120;  // octets

enum class Of : std::uint8_t { Edge, Home };  // whom checks ask

/// Returns ": connection refused", from a check of this kind that is down; empty if none says why.
std::string reason(const probes::EdgeStatus& edge, Of of) {
    for (const auto& target : edge.targets) {
        if (target.asks_home != (of == Of::Home) || target.state != State::Down ||
            target.attempts.empty())
            continue;
        const auto& latest = target.attempts.front();
        if (latest.verdict != probes::Verdict::Pass)
            return ": " + probes::cut(geo::printable(latest.text), longest_reason);
    }
    return {};
}

bool voted(const probes::EdgeStatus& edge) {
    return edge.agreed && edge.agreed->basis == probes::Basis::Votes;
}

/// Names the other nodes that do not have an edge's drain; empty if all have it.
std::string drain_trouble(const probes::EdgeStatus& edge) {
    std::string missing;
    if (edge.drained_on) {
        for (const auto& node : edge.drained_on->not_on)
            missing += (missing.empty() ? "" : ", ") + node;
    }
    return missing.empty() ? std::string{} : " is drained, but not at " + missing;
}

std::string trouble_with(const probes::EdgeStatus& edge) {
    switch (edge.removed) {
        case Removed::Drained:
            return drain_trouble(edge);
        case Removed::Origin:
            return " has lost its way home" + reason(edge, Of::Home);
        case Removed::Down:
            return " is down" +
                   (voted(edge) ? " as " + basis_text(*edge.agreed) + " nodes see it" : "") +
                   reason(edge, Of::Edge);
        case Removed::No:
            break;
    }
    return edge.state == State::Down
               ? " is down as this server sees it, and answered" + reason(edge, Of::Edge)
               : "";
}

}  // namespace

std::vector<Trouble> troubles_of(const probes::ZoneStatus& zone) {
    using Level = Trouble::Level;
    std::vector<Trouble> troubles;
    if (zone.home_down)
        troubles.push_back({Level::Critical, zone.zone + ": home does not answer behind any edge"});
    if (!zone.edges.empty() &&
        std::ranges::count(zone.edges, Removed::No, &probes::EdgeStatus::removed) == 0) {
        troubles.push_back(
            {Level::Critical,
             zone.zone + ": all edges are out; it is answered as its \"all_down\" says"});
    }
    if (zone.cut_off)
        troubles.push_back({Level::Warning, zone.zone + ": this node takes itself for cut off"});
    for (const auto& edge : zone.edges) {
        const auto text = trouble_with(edge);
        if (!text.empty()) troubles.push_back({Level::Warning, zone.zone + "/" + edge.name + text});
    }
    return troubles;
}

std::vector<Trouble> troubles_of(const std::vector<transfer::PeerStatus>& peers, probes::Time now) {
    using Data = transfer::PeerStatus::Data;
    std::vector<Trouble> troubles;
    for (const auto& peer : peers) {
        if (peer.data == Data::Fresh) continue;
        auto text = "node " + peer.name + " is not heard";
        if (peer.last_success) {
            text += " since " + probes::duration_text(now - *peer.last_success);
        }
        if (!peer.last_fault.empty()) text += ": " + peer.last_fault;
        troubles.push_back({Trouble::Level::Warning, std::move(text)});
    }
    return troubles;
}

}  // namespace control
