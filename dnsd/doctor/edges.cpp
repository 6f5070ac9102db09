// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/edges.hpp"

#include "dnsd/sockets/listen.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

namespace doctor {
namespace {

using probes::Check;
using probes::Verdict;
using What = TriedEdge::What;

constexpr std::size_t most_attempts = 128;
/// Ports of Plex and Jellyfin: who relays them has a media server behind.
constexpr std::array<std::uint16_t, 3> media_ports{32400, 8096, 8920};

bool is_media(What what) {
    return what == What::Plex || what == What::Jellyfin;
}

bool over_network(const Check& check) {
    return check.kind != Check::Kind::Command && check.kind != Check::Kind::File;
}

std::string target_of(const Check& check) {
    return net::to_text(net::Endpoint{check.address, check.port});
}

/// A GET of the media server's page that needs no account, over TLS or plain.
probes::CheckPtr media_check(const Check& like, const std::string& host, What what, bool tls,
                             std::chrono::milliseconds longest) {
    const bool plex = what == What::Plex;
    Check check;
    check.kind = tls ? Check::Kind::Https : Check::Kind::Http;
    check.address = like.address;
    check.port = like.port;
    check.host = like.host.empty() ? host : like.host;
    check.server_name = like.server_name;
    check.path = plex ? "/identity" : "/System/Info/Public";
    check.body = plex ? "MediaContainer" : "ProductName";
    check.verify = false;  // "check" with https tells of certificates
    check.timeout = longest;
    return std::make_shared<const Check>(std::move(check));
}

class Attempts {
 public:
    explicit Attempts(std::chrono::milliseconds longest) : longest_{longest} {}

    void add_edge(const zones::Zone& zone, const zones::Edge& edge) {
        const auto name = zone_text(zone.apex()) + "/" + edge.name;
        if (edge.checks.empty() && edge.origins.empty()) side_.unchecked.push_back(name);
        for (const auto& check : edge.checks) add_check(name, What::Relay, *check);
        for (const auto& check : edge.origins) add_check(name, What::Home, *check);
    }
    void add_media(const zones::Zone& zone, const zones::Edge& edge) {
        const auto name = zone_text(zone.apex()) + "/" + edge.name;
        std::set<std::string> targets;
        for (const auto* checks : {&edge.checks, &edge.origins}) {
            for (const auto& check : *checks) {
                if (!over_network(*check) || !targets.insert(target_of(*check)).second) continue;
                for (const bool tls : {true, false}) {
                    for (const auto what : {What::Plex, What::Jellyfin})
                        add(name, what,
                            media_check(*check, zone_text(zone.apex()), what, tls, longest_));
                }
            }
        }
    }
    EdgeSide take() { return std::move(side_); }

 private:
    void add_check(const std::string& edge, What what, const Check& check) {
        if (!over_network(check)) return;
        auto bounded = check;
        bounded.timeout = std::min(check.timeout, longest_);
        add(edge, what, std::make_shared<const Check>(std::move(bounded)));
    }
    void add(const std::string& edge, What what, probes::CheckPtr check) {
        if (side_.tried.size() >= most_attempts) {
            ++side_.left_out;
        } else {
            side_.tried.push_back({.edge = edge, .what = what, .check = std::move(check)});
        }
    }

    std::chrono::milliseconds longest_;
    EdgeSide side_;
};

/// The rows of one edge's checks. Adds the targets that have a fault to `faulty`.
Findings judge_checks(const EdgeSide& side, std::set<std::string>& faulty,
                      std::vector<std::string>& good_relays, std::vector<std::string>& good_homes) {
    Findings findings;
    for (const auto& tried : side.tried) {
        if (is_media(tried.what)) continue;
        const auto key = tried.edge + " " + target_of(*tried.check);
        // Without a connection nothing was asked of home.
        const bool home = tried.what == What::Home && tried.result.connected;
        if (tried.result.verdict == Verdict::Pass) {
            (home ? good_homes : good_relays).push_back(tried.edge);
            continue;
        }
        const bool told = !faulty.insert(key).second;
        if (told && !home) continue;
        const auto text =
            fmt::format("{} {}: {}", tried.edge, to_text(*tried.check), tried.result.text);
        if (tried.result.verdict == Verdict::NoWord) {
            findings.push_back({Level::Warn, "relay", text, "the fault is on this machine"});
        } else if (home) {
            findings.push_back({Level::Fault, "home", text,
                                "does the media server run, and does the edge reach it? "
                                "\"wg show\" and \"curl\" at the edge tell"});
        } else {
            findings.push_back({Level::Fault, "relay", text,
                                "does the relay run there (\"systemctl status nginx\")? Open its "
                                "port in the provider's firewall"});
        }
    }
    return findings;
}

/// What came of all media requests to one target.
struct MediaTarget {
    std::string edge;
    std::uint16_t port = 0;
    std::string target;
    std::string found{};  // "Plex over TLS"
    std::string said{};   // "HTTP 404"
    bool connected = false;
};

std::vector<MediaTarget> media_targets(const EdgeSide& side) {
    std::vector<MediaTarget> targets;
    for (const auto& tried : side.tried) {
        if (!is_media(tried.what)) continue;
        const auto target = target_of(*tried.check);
        const auto same = [&](const MediaTarget& other) {
            return other.edge == tried.edge && other.target == target;
        };
        auto found = std::ranges::find_if(targets, same);
        if (found == targets.end()) {
            targets.push_back({.edge = tried.edge, .port = tried.check->port, .target = target});
            found = std::prev(targets.end());
        }
        const auto& result = tried.result;
        found->connected |= result.connected;
        if (result.text.find("HTTP") != std::string::npos) found->said = result.text;
        if (result.verdict == Verdict::Pass && found->found.empty()) {
            found->found =
                fmt::format("{}{}", tried.what == What::Plex ? "Plex" : "Jellyfin",
                            tried.check->kind == Check::Kind::Https ? " over TLS" : " without TLS");
        }
    }
    return targets;
}

Findings judge_media(const EdgeSide& side, const std::set<std::string>& faulty) {
    Findings findings;
    for (const auto& target : media_targets(side)) {
        const bool told = faulty.contains(target.edge + " " + target.target);
        const auto who = target.edge + " " + target.target;
        if (!target.found.empty()) {
            findings.push_back(
                {Level::Ok, "media", fmt::format("{} answers through {}", target.found, who)});
        } else if (told || !target.connected) {
            continue;
        } else if (!target.said.empty()) {
            findings.push_back(
                {Level::Hint, "media",
                 fmt::format("{} is neither Plex nor Jellyfin: {}", who, target.said)});
        } else if (std::ranges::find(media_ports, target.port) != media_ports.end()) {
            findings.push_back({Level::Fault, "home",
                                who + " takes connections, and no answer comes from home",
                                "does the media server run, and does the edge reach it? "
                                "\"wg show\" and \"curl\" at the edge tell"});
        } else {
            findings.push_back(
                {Level::Hint, "media", who + " takes connections and answers no HTTP"});
        }
    }
    return findings;
}

void add_good(Findings& findings, std::string_view row, std::vector<std::string> edges,
              const char* text) {
    if (edges.empty()) return;
    std::ranges::sort(edges);
    const auto [first, last] = std::ranges::unique(edges);
    edges.erase(first, last);
    findings.push_back({Level::Ok, row, fmt::format("{}: {}", text, listed(edges))});
}

}  // namespace

EdgeSide attempts_at(const zones::Catalog& catalog, std::chrono::milliseconds longest) {
    Attempts attempts{longest};
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges()) attempts.add_edge(*served.zone, edge);
    }
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges()) attempts.add_media(*served.zone, edge);
    }
    return attempts.take();
}

void try_edges(boost::asio::io_context& context, EdgeSide& side) {
    for (auto& tried : side.tried) {
        boost::asio::co_spawn(context, probes::run_check(tried.check),
                              [&tried](const std::exception_ptr&, probes::ProbeResult result) {
                                  tried.result = std::move(result);
                              });
    }
}

Findings judge_edges(const EdgeSide& side) {
    std::set<std::string> faulty;
    std::vector<std::string> good_relays;
    std::vector<std::string> good_homes;
    auto findings = judge_checks(side, faulty, good_relays, good_homes);
    add_good(findings, "relay", good_relays, "connections are taken at");
    add_good(findings, "home", good_homes, "answers through");
    for (auto& finding : judge_media(side, faulty)) findings.push_back(std::move(finding));
    if (!side.unchecked.empty()) {
        findings.push_back({Level::Hint, "relay", "no check at " + listed(side.unchecked),
                            "\"check\": { \"tcp\": 32400 } in the zone file lets dead edges leave "
                            "the answers"});
    }
    if (side.left_out > 0) {
        findings.push_back({Level::Hint, "relay",
                            fmt::format("{} more attempts were left out", side.left_out),
                            "\"isochrone probe\" runs all checks"});
    }
    return findings;
}

}  // namespace doctor
