// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/policy_rows.hpp"

#include "geo/latency/prior.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace control {
namespace {

std::string_view policy_name(geo::Policy::Kind kind) {
    switch (kind) {
        case geo::Policy::Kind::Edge:
            return "edge";
        case geo::Policy::Kind::Nearest:
            return "nearest";
        case geo::Policy::Kind::Latency:
            return "latency";
        case geo::Policy::Kind::Geo:
            return "geo";
        case geo::Policy::Kind::Weighted:
            return "weighted";
        case geo::Policy::Kind::Failover:
            return "failover";
        case geo::Policy::Kind::All:
            return "all";
    }
    return "?";
}

std::string match_text(const geo::Match& match) {
    switch (match.kind) {
        case geo::Match::Kind::Prefix:
            return geo::to_text(match.prefix);
        case geo::Match::Kind::Asn:
            return fmt::format("asn:{}", match.asn);
        case geo::Match::Kind::Subdivision:
            return fmt::format("subdivision:{}-{}", match.area.text(), match.subdivision.text());
        case geo::Match::Kind::Country:
            return fmt::format("country:{}", match.area.text());
        case geo::Match::Kind::Continent:
            return fmt::format("continent:{}", match.area.text());
        case geo::Match::Kind::Any:
            return "*";
    }
    return "?";
}

std::string_view state_text(const probes::EdgeStatus& edge) {
    const bool unchecked = std::ranges::all_of(edge.targets, &probes::TargetStatus::asks_home);
    if (unchecked) return "unchecked";
    switch (edge.state) {
        case probes::State::Up:
            return "up";
        case probes::State::Down:
            return "down";
        case probes::State::Unknown:
            break;
    }
    return "unknown";
}

/// Where the edge's state is not what this server sees: " from here, down as 2_of_3 nodes see it".
std::string agreed_text(const probes::EdgeStatus& edge) {
    if (!edge.agreed || edge.agreed->state == edge.state) return {};
    const auto state = word(edge.agreed->state);
    if (edge.agreed->basis == probes::Basis::LastAgreed) {
        return fmt::format(" from here, {} as last agreed", state);
    }
    return fmt::format(" from here, {} as {} nodes see it", state, basis_text(*edge.agreed));
}

/// ", up", or ", down, out of the answers: drained".
std::string health_text(const probes::EdgeStatus& edge) {
    const auto agreed = agreed_text(edge);
    std::string text = fmt::format(", {}{}", state_text(edge), agreed);
    switch (edge.removed) {
        case probes::Removed::No:
            return text;
        case probes::Removed::Drained:
            return text + ", out of the answers: drained";
        case probes::Removed::Down:
            return text + (agreed.empty() ? ", out of the answers: its check fails"
                                          : ", out of the answers");
        case probes::Removed::Origin:
            return text + ", out of the answers: home does not answer behind it";
    }
    return text;
}

/// Of a client of whom no coordinates are known.
std::string unplaced_text(const geo::Place& place) {
    const auto continent = place.continent_code();
    if (continent.empty()) return "the client has no place";
    return fmt::format("of the client's place no more than {} is known", continent);
}

/// A policy as it was run for one subject: branches not taken by `geo` stay away.
class PolicyRows {
 public:
    PolicyRows(const zones::Zone& zone, const geo::Subject& subject, const ClientLatency& latency,
               const probes::ZoneStatus* health)
        : zone_{zone}, subject_{subject}, latency_{latency}, health_{health} {}

    Rows of(const geo::Policy& policy) {
        add(policy, {}, 0);
        return std::move(rows_);
    }

 private:
    void add(const geo::Policy& policy, std::string_view note, unsigned depth) {
        const std::string indent(2 * std::size_t{depth}, ' ');
        if (policy.kind == geo::Policy::Kind::Edge) return add_edge(policy.edge, note, indent);
        std::string head = fmt::format("{}{}{}", indent, policy_name(policy.kind), note);
        if (policy.answers > 1 && policy.kind != geo::Policy::Kind::All)
            head += fmt::format(", {} answers", policy.answers);
        if (policy.kind == geo::Policy::Kind::Geo) {
            const auto* matched = geo::matching_row(policy, subject_);
            rows_.push_back(
                {"policy", head + (matched == nullptr ? ": no row matches"
                                                      : ": " + match_text(matched->match))});
            if (matched != nullptr) add(policy.children[matched->child], {}, depth + 1);
        } else if (policy.kind == geo::Policy::Kind::Nearest ||
                   policy.kind == geo::Policy::Kind::Latency) {
            add_ranked(policy, head, depth);
        } else {
            rows_.push_back({"policy", head});
            for (std::size_t i = 0; i < policy.children.size(); ++i) {
                const bool weighted = policy.kind == geo::Policy::Kind::Weighted;
                add(policy.children[i],
                    weighted ? fmt::format("  weight {}", policy.weights[i]) : "", depth + 1);
            }
        }
    }

    void add_edge(geo::EdgeIndex edge, std::string_view note, const std::string& indent) {
        const auto health = health_ == nullptr ? "" : health_text(health_->edges[edge]);
        rows_.push_back({"edge", indent + zone_.edges()[edge].name + std::string{note} + health});
    }

    void add_ranked(const geo::Policy& policy, std::string head, unsigned depth) {
        const auto& place = subject_.place;
        const auto client = geo::position_of(place);
        const bool by_latency = policy.kind == geo::Policy::Kind::Latency;
        const bool known = client || (by_latency && !subject_.round_trips.client.empty());
        if (by_latency) head += latency_.heading(policy.via);
        if (!known) head += ": " + unplaced_text(place) + ", so edges stand as the zone lists them";
        rows_.push_back({"policy", head});
        std::size_t rank = 0;
        for (const auto child : geo::ranking(policy, zone_.sites(), place, subject_.round_trips)) {
            auto note = !known       ? std::string{}
                        : by_latency ? latency_text(policy, child, client)
                                     : distance_text(policy, child, *client);
            if (known && rank >= policy.ranked) note += "  (not ranked: in the zone's order)";
            ++rank;
            add(policy.children[child], note, depth + 1);
        }
    }

    /// "  762 km"
    std::string distance_text(const geo::Policy& policy, std::uint32_t child,
                              const geo::Position& client) const {
        const auto& site = zone_.sites()[policy.children[child].edge].position;
        const auto distance = geo::kilometres_between(site.direction, client.direction);
        const auto cost = geo::biased_distance(policy, child, zone_.sites(), client.direction);
        return fmt::format("  {:.0f} km", distance) +
               (policy.biases[child] != geo::Bias{} ? fmt::format(", with its bias {:.0f} km", cost)
                                                    : "");
    }

    /// "  ~21 ms (762 km)", or all the terms of an estimate.
    std::string latency_text(const geo::Policy& policy, std::uint32_t child,
                             const std::optional<geo::Position>& client) const {
        const auto edge = policy.children[child].edge;
        const auto cost =
            geo::biased_latency(policy, child, zone_.sites(), client, subject_.round_trips);
        auto text = latency_.terms(edge, policy.via);
        if (text.empty()) text = prior_text(edge, client);
        if (!subject_.round_trips.client.empty()) return fmt::format("  {:.1f} ms: {}", cost, text);
        return "  " + text +
               (policy.biases[child] != geo::Bias{} ? fmt::format(", with its bias {:.0f} ms", cost)
                                                    : "");
    }

    std::string prior_text(geo::EdgeIndex edge, const std::optional<geo::Position>& client) const {
        if (!client) return "never measured, and no place";
        const auto& site = zone_.sites()[edge].position;
        return fmt::format("~{:.0f} ms ({:.0f} km)", geo::prior_ms(site, *client),
                           geo::kilometres_between(site.direction, client->direction));
    }

    const zones::Zone& zone_;
    const geo::Subject& subject_;
    const ClientLatency& latency_;
    const probes::ZoneStatus* health_;
    Rows rows_;
};

}  // namespace

Rows policy_rows(const geo::Policy& policy, const zones::Zone& zone, const geo::Subject& subject,
                 const ClientLatency& latency, const probes::ZoneStatus* health) {
    return PolicyRows{zone, subject, latency, health}.of(policy);
}

}  // namespace control
