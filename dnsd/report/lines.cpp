// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/lines.hpp"

#include "dnsd/report/edge_lines.hpp"
#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"

#include <algorithm>
#include <cstdint>

namespace control {
namespace {

constexpr std::size_t most_difference_lines = 16;

enum class Whole : std::uint8_t { No, Yes };

std::string peer_line(const transfer::PeerStatus& peer, Whole whole, probes::Time now) {
    using Data = transfer::PeerStatus::Data;
    probes::FactLine line;
    line.add("peer", peer.name);
    line.add("data", transfer::to_text(peer.data));
    if (peer.last_success) line.add("age", probes::duration_text(now - *peer.last_success));
    if (peer.data == Data::Fresh || peer.data == Data::Stale) {
        line.add("records", std::to_string(peer.records));
        if (whole == Whole::Yes) line.add("serial", std::to_string(peer.serial));
    }
    if (whole == Whole::Yes) line.add("address", net::to_text(peer.endpoint));
    if (!peer.last_fault.empty()) line.add("last_fault", peer.last_fault);
    return line.text();
}

void add_differences(const std::vector<ZoneDifference>& differences, probes::Time now,
                     std::vector<std::string>& lines) {
    const auto shown = std::min(differences.size(), most_difference_lines);
    for (std::size_t i = 0; i < shown; ++i) lines.push_back(to_line(differences[i], now));
    if (shown < differences.size())
        lines.push_back("differs=" + std::to_string(differences.size() - shown) + "_more");
}

}  // namespace

std::vector<std::string> status_lines(const ZoneReport& zone, probes::Time now) {
    std::vector<std::string> lines;
    if (zone.health) lines = summary(*zone.health, now);
    if (zone.node) {
        for (const auto& peer : zone.node->peers) lines.push_back(peer_line(peer, Whole::No, now));
    }
    return lines;
}

std::vector<std::string> probes_lines(const DashboardReport& dashboard, probes::Time now) {
    auto lines = status_lines(dashboard.zone, now);
    lines.insert(lines.end(), dashboard.alarms.begin(), dashboard.alarms.end());
    add_differences(dashboard.differences, now, lines);
    return lines;
}

std::vector<std::string> probes_lines(const ZoneReport& zone, std::size_t edge, probes::Time now) {
    const auto& status = zone.health->edges.at(edge);
    auto lines = detail(status, now);
    if (!zone.node) return lines;
    for (const auto& peer : zone.node->peers) {
        if (peer.name == status.name) lines.push_back(peer_line(peer, Whole::Yes, now));
    }
    return lines;
}

std::string status_line(const Report& report) {
    auto wrong = report.alarms;
    const auto add = [&wrong](const std::vector<Trouble>& troubles) {
        for (const auto& trouble : troubles) wrong.push_back(trouble.text);
    };
    for (const auto& zone : report.zones) {
        if (zone.health) add(troubles_of(*zone.health));
    }
    for (const auto& zone : report.zones) {
        if (zone.node) add(troubles_of(zone.node->peers, report.at));
    }
    const auto count = report.zones.size();
    auto text = "serves " + std::to_string(count) + (count == 1 ? " zone" : " zones");
    if (wrong.empty()) return text;
    text += "; " + wrong.front();
    if (wrong.size() > 1) text += "; and " + std::to_string(wrong.size() - 1) + " more";
    return text;
}

}  // namespace control
