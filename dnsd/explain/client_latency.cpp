// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/client_latency.hpp"

#include "geo/text/duration_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string_view>

namespace control {
namespace {

std::size_t first_of(std::span<const double> scores) {
    return static_cast<std::size_t>(std::ranges::min_element(scores) - scores.begin());
}

std::string age_text(double seconds) {
    return probes::duration_text(std::chrono::seconds{static_cast<std::int64_t>(seconds)});
}

std::string_view name_of(geo::Population population) {
    return population == geo::Population::Clients ? "clients" : "resolvers";
}

}  // namespace

ClientLatency::ClientLatency(const zones::ServedZone& zone, geo::Population population,
                             const geo::Address& client, const geo::Place& place)
    : population_{population}, place_{place} {
    if (zone.latency != nullptr) {
        const auto& model = zone.latency->model();
        networks_ = model.networks().size();
        network_ = model.find(population, client);
    }
    zone_ = network_ ? zone.latency.get() : zone.base_latency.get();
    if (zone_ != nullptr)
        scores_ = network_ ? zone_->scores_of(*network_) : zone_->scores_at(place);
}

geo::RoundTrips ClientLatency::round_trips() const {
    if (zone_ == nullptr) return {};
    return {.client = scores_, .home = zone_->home()};
}

geo::Estimate ClientLatency::estimate(geo::EdgeIndex measured) const {
    const auto& model = zone_->model();
    return network_ ? model.estimate(*network_, measured) : model.estimate_at(place_, measured);
}

Rows ClientLatency::rows(const std::vector<std::string>& names) const {
    if (!networks_) return {};
    if (!network_) {
        return {
            {"measured", fmt::format("not this one; {} networks of clients and resolvers are known",
                                     *networks_)}};
    }
    const auto& networks = zone_->model().networks();
    Rows rows{{"measured", fmt::format("{}, among {}", geo::to_text(networks[*network_].prefix),
                                       name_of(population_))}};
    auto held = held_back(names);
    if (!held.empty()) rows.push_back({"damping", std::move(held)});
    return rows;
}

/// Compares the first edge by the estimates alone with the edge that serves the network.
std::string ClientLatency::held_back(const std::vector<std::string>& names) const {
    std::vector<double> wanted(scores_);
    for (std::size_t edge = 0; edge < wanted.size(); ++edge) {
        const auto measured = zone_->measured_as(static_cast<geo::EdgeIndex>(edge));
        if (!measured) continue;
        const auto known = estimate(*measured);
        wanted[edge] = known.estimate - zone_->model().optimism(known, *measured);
    }
    const auto now = first_of(scores_);
    const auto then = first_of(wanted);
    if (now == then || wanted[now] <= wanted[then]) return {};
    return fmt::format(
        "held at {}: {} would be better by {:.1f} ms, which is too little, or too "
        "many networks move this minute",
        names[now], names[then], wanted[now] - wanted[then]);
}

std::string ClientLatency::heading(geo::Via via) const {
    std::string text = via == geo::Via::Home ? " by the way to the edge and on to home" : "";
    if (zone_ == nullptr) {
        text += " (nothing is measured: estimated from distance and region)";
    } else if (via == geo::Via::Home && zone_->home().empty()) {
        text += " (no way home is measured)";
    }
    return text;
}

std::string ClientLatency::terms(geo::EdgeIndex edge, geo::Via via) const {
    if (zone_ == nullptr || scores_.empty()) return {};
    std::string text;
    if (const auto measured = zone_->measured_as(edge)) {
        const auto known = estimate(*measured);
        text = fmt::format("prior {:.1f}, group {:+.1f}", known.prior, known.group);
        if (known.own_offset != 0) text += fmt::format(", own offset {:+.1f}", known.own_offset);
        if (known.measured) {
            text += fmt::format(", measured {:.1f} ({:.0f} samples, {} ago)", *known.measured,
                                std::max(1.0, known.samples), age_text(known.age_s));
        }
        const auto optimism = zone_->model().optimism(known, *measured);
        text += fmt::format(", estimate {:.1f}, optimism {:+.1f}", known.estimate, -optimism);
    } else {
        text = fmt::format("prior {:.1f} (no node measures there)", scores_[edge]);
    }
    if (via == geo::Via::Home && !zone_->home().empty()) {
        text += fmt::format(", home {:+.1f}{}", zone_->home()[edge],
                            zone_->home_known(edge) ? "" : " (not measured: the others' median)");
    }
    return text;
}

}  // namespace control
