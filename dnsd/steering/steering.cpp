// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/steering.hpp"

#include "dnsd/config/config.hpp"
#include "geo/compile/overlay.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cassert>
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

geo::Measurement measurement(geo::EdgeIndex edge, const probes::LatencyStore::Figures& figures) {
    return {.edge = edge,
            .samples = figures.samples,
            .smallest_ms = figures.round_trip_ms,
            .age_s = age_of(figures)};
}

geo::Place place_at(geo::Coordinates point) {
    geo::Place place;
    place.latitude = static_cast<float>(point.latitude);
    place.longitude = static_cast<float>(point.longitude);
    place.country = geo::position_at(point).country;
    return place;
}

bool share_an_address(const std::vector<geo::Address>& a, const std::vector<geo::Address>& b) {
    return std::ranges::find_first_of(a, b) != a.end();
}

}  // namespace

Steering::Steering(zones::Name zone, std::string edge, geo::SourceFiles sources,
                   const SteeringRules& rules)
    : zone_{std::move(zone)}, edge_{std::move(edge)}, files_{std::move(sources)}, rules_{rules} {}

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

geo::Result<void> Steering::restore(std::string_view text, Clock::duration good_for) {
    auto fault = store_.restore(text, wall_clock());
    store_.each(
        [&](const std::string& edge, auto, const auto&, const auto&) { restored_.insert(edge); });
    restored_until_ = Clock::now() + good_for;
    if (!fault.empty()) return geo::Error{std::move(fault)};
    return {};
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
    const bool news = news_wait_ && news_left(now) >= 1;
    return waits || news || homes_.due(now) || store_.revision() != learned_revision_;
}

bool Steering::rebase_due(Clock::time_point now) {
    news_wait_ = false;
    if (model_ == nullptr) return false;
    if (base_ == nullptr) return true;
    // The first model is made when the first node has spoken, and the others come within seconds.
    const bool news = geo::has_news(model_->facts(), base_->facts());
    if (its_time_has_come(now)) return news || learned_revision_ != based_revision_;
    news_wait_ = news && news_left(now) < 1;
    return news && !news_wait_;
}

bool Steering::its_time_has_come(Clock::time_point now) const {
    return base_ == nullptr || now - based_ >= rules_.rebase;
}

/// Returns how many times news may still remake the base maps at once: a few times for each edge
/// when nodes come, then once a minute, whatever nodes tell.
double Steering::news_left(Clock::time_point now) const {
    const std::chrono::duration<double, std::ratio<60>> minutes = now - news_counted_;
    return std::min(rules_.news_at_once * static_cast<double>(edges_.size()),
                    news_left_ + minutes.count());
}

void Steering::rebase(Clock::time_point now) {
    ++base_generation_;
    if (!its_time_has_come(now)) {
        news_left_ = news_left(now) - 1;
        news_counted_ = now;
        // One network in a wrong place would move its neighbours at once if all figures came along.
        base_ = std::make_shared<const geo::LatencyModel>(
            geo::with_news(base_->facts(), model_->facts()), rules_.latency, nullptr, base_.get(),
            std::numeric_limits<std::size_t>::max());
        return;
    }
    base_ = model_;
    based_ = now;
    based_revision_ = learned_revision_;
}

void Steering::forget_places() {
    sources_stale_ = true;
}

/// Opens the databases again if they may have changed. If that fails, keeps the earlier ones.
void Steering::open_sources() {
    if (!std::exchange(sources_stale_, false)) return;
    geo::Problems problems;  // the loader has told of them
    auto opened = geo::Sources::open(files_, problems);
    if (!opened) return;
    sources_ = std::move(opened);
    places_good_ = false;
}

void Steering::learn(const zones::Zone* zone, Clock::time_point now) {
    // Whatever comes of it, the next one is not due at once.
    const auto passed = now - std::exchange(learned_, now);
    if (zone == nullptr ||
        std::ranges::find(zone->edges(), edge_, &zones::Edge::name) == zone->edges().end()) {
        learned_revision_ = store_.revision();
        return drop_models();
    }
    const auto began = Clock::now();
    auto facts = this->facts(*zone, now);
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
    learning_took_ = Clock::now() - began;
}

void Steering::drop_models() {
    if (base_ != nullptr) ++base_generation_;
    model_ = base_ = nullptr;
    homes_.forget();
}

/// Returns how many networks may move now: all with the first model, later a share of them a
/// minute.
std::size_t Steering::moves(std::size_t networks, Clock::duration passed) {
    if (model_ == nullptr) return std::numeric_limits<std::size_t>::max();
    const auto a_minute = std::max(static_cast<double>(rules_.least_moves),
                                   rules_.moves_per_minute * static_cast<double>(networks));
    const std::chrono::duration<double, std::ratio<60>> minutes = passed;
    moves_left_ = std::min(a_minute, moves_left_ + a_minute * minutes.count());
    return static_cast<std::size_t>(moves_left_);
}

std::optional<geo::LatencyFacts> Steering::facts(const zones::Zone& zone, Clock::time_point now) {
    open_sources();
    if (!sources_) return std::nullopt;
    geo::LatencyFacts facts;
    facts.edges = zone.sites();
    const auto before = std::exchange(edges_, edges_of(zone));
    const auto stays = [](const ModelEdge& a, const ModelEdge& b) {
        return a.name == b.name && a.place == b.place;
    };
    if (!std::ranges::equal(before, edges_, stays)) drop_models();
    add_measurements(facts);
    if (!std::exchange(places_good_, true) && model_ != nullptr &&
        !geo::same_places(facts, model_->facts())) {
        drop_models();
    }
    for (const auto& [name, place, addresses] : edges_) {
        facts.nodes.push_back(store_.node(name));
        facts.reporting.push_back(store_.reports(name));
        facts.home_ms.push_back(
            homes_.counted(name, facts.nodes.back(), store_.home_ms(name), now));
    }
    return facts;
}

void Steering::add_measurements(geo::LatencyFacts& facts) {
    geo::MeasurementList list;
    list.reserve(store_.size());
    store_.each([&](const std::string& edge, Population population, const geo::Prefix& network,
                    const probes::LatencyStore::Figures& figures) {
        const auto at = std::ranges::find(edges_, edge, &ModelEdge::name);
        // An address that carries an IPv4 client is looked up as that client.
        if (at == edges_.end() || geo::embedded_v4(network.address)) return;
        list.add({.population = population, .prefix = network, .place = {}},
                 measurement(static_cast<geo::EdgeIndex>(at - edges_.begin()), figures));
    });
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
        for (const auto& [name, landmark] : store_.landmarks(edges_[edge].name)) {
            list.add(geo::KnownLandmark{name, place_at(landmark.at)},
                     measurement(static_cast<geo::EdgeIndex>(edge), landmark.figures));
        }
    }
    list.move_into(facts);
    for (auto& network : facts.networks) network.place = place_of(network.prefix, *sources_);
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

std::vector<Steering::ModelEdge> Steering::edges_of(const zones::Zone& zone) {
    std::vector<ModelEdge> edges;
    for (std::size_t i = 0; i < zone.edges().size(); ++i) {
        const auto& edge = zone.edges()[i];
        edges.push_back(
            {.name = edge.name, .place = zone.sites()[i].at, .addresses = edge.addresses});
    }
    return edges;
}

/// Edges of the nodes' zone match by name. Edges of other zones match by a common address.
std::optional<geo::EdgeIndex> Steering::measured_as(const zones::Edge& edge,
                                                    const zones::Zone& zone) const {
    const bool own = zone.apex() == zone_;
    const auto same = std::ranges::find_if(edges_, [&](const ModelEdge& known) {
        return own ? known.name == edge.name : share_an_address(known.addresses, edge.addresses);
    });
    if (same == edges_.end()) return std::nullopt;
    return static_cast<geo::EdgeIndex>(same - edges_.begin());
}

std::shared_ptr<const geo::ZoneLatency> Steering::zone_latency(const Model& model,
                                                               const zones::Zone& zone) const {
    if (model == nullptr) return nullptr;
    assert(model->edge_count() == edges_.size());
    std::vector<std::optional<geo::EdgeIndex>> measures;
    for (const auto& edge : zone.edges()) measures.push_back(measured_as(edge, zone));
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
        if (zone.latency == nullptr) continue;
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

std::optional<Steering> steering_for(const Config& config) {
    if (!config.node) return std::nullopt;
    return Steering{config.node->zone, config.node->edge, config.sources, config.steering};
}

}  // namespace control
