// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/steering.hpp"

#include "geo/overlay.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace control {
namespace {

using geo::Population;

/// A model takes at most this share of the background thread's time.
constexpr int rest_for_each_second = 19;

std::chrono::sys_seconds wall_clock() {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

double age_of(const probes::LatencyStore::Figures& figures) {
    const auto now = wall_clock().time_since_epoch().count();
    return static_cast<double>(std::max<std::int64_t>(0, now - figures.seen));
}

geo::Measurement measurement(std::uint32_t client, geo::EdgeIndex edge,
                             const probes::LatencyStore::Figures& figures) {
    return {.client = client,
            .edge = edge,
            .samples = figures.samples,
            .smallest_ms = figures.round_trip_ms,
            .age_s = age_of(figures)};
}

bool share_an_address(const std::vector<geo::Address>& a, const std::vector<geo::Address>& b) {
    return std::ranges::find_first_of(a, b) != a.end();
}

}  // namespace

Steering::Steering(zones::Name zone, geo::SourceFiles sources, const SteeringRules& rules)
    : zone_{std::move(zone)}, files_{std::move(sources)}, rules_{rules} {}

void Steering::hear(const std::string& edge,
                    const std::map<std::string, std::string, std::less<>>& set,
                    const std::vector<std::string>& removed) {
    if (restored_.erase(edge) > 0) store_.forget(edge);
    for (const auto& owner : removed) store_.take_back(edge, owner);
    const auto now = wall_clock();
    for (const auto& [owner, text] : set) store_.hear(edge, owner, text, now);
}

void Steering::forget(const std::string& edge) {
    restored_.erase(edge);
    store_.forget(edge);
}

std::string Steering::restore(std::string_view text, Clock::duration good_for) {
    auto fault = store_.restore(text, wall_clock());
    store_.each(
        [&](const std::string& edge, auto, const auto&, const auto&) { restored_.insert(edge); });
    restored_until_ = Clock::now() + good_for;
    return fault;
}

void Steering::end_restored(Clock::time_point now) {
    if (!restored_until_ || now < *restored_until_) return;
    for (const auto& edge : restored_) store_.forget(edge);
    restored_.clear();
    restored_until_.reset();
}

bool Steering::due(Clock::time_point now) {
    end_restored(now);
    if (now - learned_ <
        std::max<Clock::duration>(rules_.interval, learning_took_ * rest_for_each_second)) {
        return false;
    }
    const bool waits = model_ != nullptr && model_->waiting() > 0;
    return waits || store_.revision() != learned_revision_;
}

bool Steering::rebase_due(Clock::time_point now) const {
    if (model_ == nullptr) return false;
    if (base_ == nullptr) return true;
    // The first model is made when the first node has spoken, and the others come within seconds.
    if (model_->knows_more_edges_than(*base_)) return true;
    return learned_revision_ != based_revision_ && now - based_ >= rules_.rebase;
}

void Steering::rebase(Clock::time_point now) {
    ++base_generation_;
    if (base_ != nullptr && now - based_ < rules_.rebase) {
        // One network in a wrong place would move its neighbours at once if its figures came along.
        base_ = std::make_shared<const geo::LatencyModel>(base_->facts_with_edges_of(*model_),
                                                          rules_.latency, nullptr, base_.get(),
                                                          std::numeric_limits<std::size_t>::max());
        return;
    }
    base_ = model_;
    based_ = now;
    based_revision_ = learned_revision_;
}

void Steering::forget_places() {
    sources_stale_ = true;
    places_good_ = false;
}

const geo::Sources* Steering::sources() {
    if (std::exchange(sources_stale_, false)) {
        geo::Problems problems;  // the loader has told of them
        if (auto opened = geo::Sources::open(files_, problems)) sources_ = std::move(opened);
    }
    return sources_ ? &*sources_ : nullptr;
}

void Steering::learn(const zones::Catalog& catalog, Clock::time_point now) {
    // Whatever comes of it, the next one is not due at once.
    const auto passed = now - std::exchange(learned_, now);
    const auto* served = catalog.find(zone_);
    if (served == nullptr || !(served->zone->apex() == zone_)) {
        learned_revision_ = store_.revision();
        return drop_models();
    }
    const auto began = Clock::now();
    auto facts = this->facts(*served->zone);
    if (!facts) return;
    const auto networks = facts->networks.size();
    const bool any =
        networks > 0 || !facts->landmarks.empty() ||
        std::ranges::any_of(facts->home_ms, [](const auto& ms) { return ms.has_value(); });
    learned_revision_ = store_.revision();
    if (any || model_ != nullptr) {
        const auto allowed = moves(networks, passed);
        model_ = std::make_shared<const geo::LatencyModel>(std::move(*facts), rules_.latency,
                                                           base_.get(), model_.get(), allowed);
        moves_left_ = std::max(0.0, moves_left_ - static_cast<double>(model_->moved()));
        if (model_->moved() > 0 || model_->waiting() > 0) {
            spdlog::info("{} of {} measured networks go to another edge, {} wait", model_->moved(),
                         networks, model_->waiting());
        }
    }
    places_good_ = true;
    learning_took_ = Clock::now() - began;
}

void Steering::drop_models() {
    if (base_ != nullptr) ++base_generation_;
    model_ = base_ = nullptr;
}

/// All at the first; later a share of them a minute.
std::size_t Steering::moves(std::size_t networks, Clock::duration passed) {
    if (model_ == nullptr) return std::numeric_limits<std::size_t>::max();
    const auto a_minute = std::max(static_cast<double>(rules_.least_moves),
                                   rules_.moves_per_minute * static_cast<double>(networks));
    const std::chrono::duration<double, std::ratio<60>> minutes = passed;
    moves_left_ = std::min(a_minute, moves_left_ + a_minute * minutes.count());
    return static_cast<std::size_t>(moves_left_);
}

std::optional<geo::LatencyFacts> Steering::facts(const zones::Zone& zone) {
    if (sources() == nullptr) return std::nullopt;
    geo::LatencyFacts facts;
    facts.edges = zone.sites();
    std::vector<std::string> names;
    edge_addresses_.clear();
    for (const auto& edge : zone.edges()) {
        names.push_back(edge.name);
        edge_addresses_.push_back(edge.addresses);
        facts.reporting.push_back(store_.reports(edge.name));
        facts.home_ms.push_back(store_.home_ms(edge.name));
    }
    if (std::exchange(edge_names_, names) != names) drop_models();  // other numbers
    add_networks(facts);
    add_landmarks(facts);
    return facts;
}

void Steering::add_networks(geo::LatencyFacts& facts) {
    struct Known {
        geo::KnownNetwork network;
        geo::EdgeIndex edge;
        probes::LatencyStore::Figures figures;
    };
    std::vector<Known> all;
    all.reserve(store_.size());
    store_.each([&](const std::string& edge, Population population, const geo::Prefix& network,
                    const probes::LatencyStore::Figures& figures) {
        const auto at = std::ranges::find(edge_names_, edge);
        // Such addresses are looked up as those of the IPv4 clients that they carry.
        if (at == edge_names_.end() || geo::embedded_v4(network.address)) return;
        all.push_back({
            .network = {.population = population, .prefix = network, .place = {}},
            .edge = static_cast<geo::EdgeIndex>(at - edge_names_.begin()),
            .figures = figures
        });
    });
    std::ranges::stable_sort(all, geo::network_before, &Known::network);
    for (auto& [network, edge, figures] : all) {
        auto& networks = facts.networks;
        if (networks.empty() || geo::network_before(networks.back(), network)) {
            network.place = place_of(network.prefix, *sources_);
            networks.push_back(network);
        }
        facts.measurements.push_back(
            measurement(static_cast<std::uint32_t>(networks.size() - 1), edge, figures));
    }
}

geo::Place Steering::place_of(const geo::Prefix& network, const geo::Sources& sources) const {
    if (places_good_ && model_ != nullptr) {
        for (const auto population : {Population::Clients, Population::Resolvers}) {
            if (const auto known = model_->find(population, network.address))
                return model_->networks()[*known].place;
        }
    }
    return sources.find(network.address).place;
}

/// Landmarks are one by their name, whichever edges have measured them.
void Steering::add_landmarks(geo::LatencyFacts& facts) {
    std::map<std::string, std::uint32_t> numbers;
    for (std::size_t edge = 0; edge < edge_names_.size(); ++edge) {
        for (const auto& [name, landmark] : store_.landmarks(edge_names_[edge])) {
            const auto next = static_cast<std::uint32_t>(facts.networks.size() + numbers.size());
            const auto [at, added] = numbers.try_emplace(name, next);
            if (added) {
                geo::Place place;
                place.latitude = static_cast<float>(landmark.at.latitude);
                place.longitude = static_cast<float>(landmark.at.longitude);
                place.country = geo::position_at(landmark.at).country;
                facts.landmarks.push_back(place);
            }
            facts.measurements.push_back(
                measurement(at->second, static_cast<geo::EdgeIndex>(edge), landmark.figures));
        }
    }
}

std::shared_ptr<const geo::ZoneLatency> Steering::zone_latency(const Model& model,
                                                               const zones::Zone& zone) const {
    if (model == nullptr || model->edge_count() != edge_names_.size()) return nullptr;
    std::vector<std::optional<geo::EdgeIndex>> measures;
    for (const auto& edge : zone.edges()) {
        const auto same = std::ranges::find_if(edge_addresses_, [&](const auto& addresses) {
            return share_an_address(addresses, edge.addresses);
        });
        measures.push_back(
            same == edge_addresses_.end()
                ? std::nullopt
                : std::optional{static_cast<geo::EdgeIndex>(same - edge_addresses_.begin())});
    }
    if (std::ranges::none_of(measures, [](const auto& edge) { return edge.has_value(); }))
        return nullptr;
    return std::make_shared<const geo::ZoneLatency>(model, zone.sites(), std::move(measures));
}

std::shared_ptr<const geo::ZoneLatency> Steering::base_of(const zones::Zone& zone) const {
    return zone_latency(base_, zone);
}

zones::Catalog Steering::over(const zones::Catalog& catalog) {
    using Key = std::pair<const geo::Map*, std::string>;
    std::map<Key, std::array<geo::LayeredMap::Overlay, 2>> made;
    auto served = catalog.zones();
    for (auto& zone : served) {
        zone.latency = zone_latency(model_, *zone.zone);
        if (zone.latency == nullptr || sources() == nullptr) continue;
        for (std::size_t i = 0; i < zone.maps.size(); ++i) {
            const auto& policy = zone.zone->steers()[i].policy;
            if (!geo::uses(policy, geo::Policy::Kind::Latency)) continue;
            const auto& base = zone.maps[i].base();
            const auto [overlays, added] = made.try_emplace(
                {base.get(), geo::key_of(policy, zone.zone->sites()) + zone.latency->key()});
            for (const auto population : {Population::Clients, Population::Resolvers}) {
                if (!added) break;
                overlays->second[static_cast<std::size_t>(population)] = geo::make_overlay(
                    base, policy, zone.zone->sites(), *zone.latency, population, *sources_);
            }
            zone.maps[i] = {base, overlays->second};
        }
    }
    return zones::Catalog{std::move(served)};
}

}  // namespace control
