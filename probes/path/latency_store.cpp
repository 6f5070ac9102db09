// SPDX-License-Identifier: Apache-2.0
#include "probes/path/latency_store.hpp"

#include "geo/place/network.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace probes {
namespace {

constexpr std::string_view first_of_store = "isochrone-latency 1";
constexpr std::string_view last_of_store = "end";
constexpr std::string_view landmark_suffix = ".landmarks";
constexpr std::uint32_t longest_us = 10'000'000;

std::string_view next_word(std::string_view& text, char end) {
    const auto word = text.substr(0, text.find(end));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

template <class Number>
std::optional<Number> read_number(std::string_view word) {
    Number number{};
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (fault != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return number;
}

LatencyStore::Figures figures_of(const ToldMeasurement& told) {
    return {.round_trip_ms = static_cast<float>(told.round_trip_ms),
            .samples = told.samples,
            .seen = static_cast<std::uint32_t>(told.seen.time_since_epoch().count())};
}

/// When the `count` oldest have to leave: the moment before which all leave, and how many of those
/// at exactly that moment leave too. Whole networks are seen in the same minute.
template <class Moment>
struct Oldest {
    Oldest(std::vector<Moment>& seen, std::size_t count) {
        if (count == 0) return;
        const auto last = seen.begin() + static_cast<std::ptrdiff_t>(count - 1);
        std::ranges::nth_element(seen, last);
        limit = *last;
        equals = std::count(seen.begin(), last + 1, limit);
    }

    Moment limit{};
    std::ptrdiff_t equals = 0;
};

struct SavedLine {
    std::string edge;
    NetworkOwner owner;
    LatencyStore::Figures figures;
};

/// Reads "newyork 203-0-113-0/24.clients 12345 17 1795530000": microseconds, samples, seconds since
/// 1970.
std::optional<SavedLine> read_line(std::string_view line, std::chrono::sys_seconds now) {
    const auto edge = next_word(line, ' ');
    const auto owner = read_network_owner(next_word(line, ' '));
    const auto round_trip = read_number<std::uint32_t>(next_word(line, ' '));
    const auto samples = read_number<std::uint32_t>(next_word(line, ' '));
    const auto seen = read_number<std::uint32_t>(next_word(line, ' '));
    if (edge.empty() || !owner || !round_trip || !samples || !seen || !line.empty())
        return std::nullopt;
    if (*round_trip == 0 || *round_trip > longest_us || *samples == 0) return std::nullopt;
    const auto latest = static_cast<std::uint32_t>(now.time_since_epoch().count());
    return SavedLine{std::string{edge},
                     *owner,
                     {static_cast<float>(*round_trip) / 1000, *samples, std::min(*seen, latest)}};
}

}  // namespace

void LatencyStore::hear(const std::string& edge, std::string_view owner, std::string_view text,
                        std::chrono::sys_seconds now) {
    auto& of_edge = edges_[edge];
    if (owner == "node") {
        if (of_edge.node != text) ++revision_;
        of_edge.node = text;
        return;
    }
    const auto told = read_told(text, now);
    if (!told || told->samples == 0) return;
    if (owner == "home") {
        of_edge.home_ms = told->round_trip_ms;
        ++revision_;
    } else if (owner.ends_with(landmark_suffix)) {
        const std::string name{owner.substr(0, owner.size() - landmark_suffix.size())};
        const bool room =
            of_edge.landmarks.size() < limits_.landmarks || of_edge.landmarks.contains(name);
        if (!told->place || !room) return;
        of_edge.landmarks[name] = {*told->place, figures_of(*told)};
        ++revision_;
    } else if (const auto network = read_network_owner(owner)) {
        set(of_edge, *network, figures_of(*told));
        sight(*network, *told);
    }
}

void LatencyStore::sight(const NetworkOwner& owner, const ToldMeasurement& told) {
    // An address must not stand for a network that it is not in.
    if (!told.at || geo::path_network(*told.at) != owner.network) return;
    auto& table = sightings_[static_cast<std::size_t>(owner.population)];
    auto& known = table[owner.network];
    if (told.seen >= known.seen) known = {owner.population, *told.at, told.seen};
    if (table.size() <= limits_.sightings) return;
    std::vector<std::chrono::sys_seconds> seen;
    table.each([&](const auto&, const Sighting& one) { seen.push_back(one.seen); });
    const Oldest oldest{seen, seen.size() / 2};
    auto equals = oldest.equals;
    table.erase_if([&](const Sighting& one) {
        return one.seen < oldest.limit || (one.seen == oldest.limit && equals-- > 0);
    });
}

std::vector<LatencyStore::Sighting> LatencyStore::sightings() const {
    std::vector<Sighting> all;
    for (const auto& table : sightings_) {
        table.each([&](const auto&, const Sighting& one) { all.push_back(one); });
    }
    return all;
}

void LatencyStore::set(Edge& edge, const NetworkOwner& owner, const Figures& figures) {
    auto& table = edge.networks[static_cast<std::size_t>(owner.population)];
    const auto before = table.size();
    auto& known = table[owner.network];
    if (known.round_trip_ms == 0) {
        if (table.size() == before) --taken_back_;
        ++size_;
    }
    known = figures;
    ++revision_;
    if (size_ + taken_back_ > limits_.figures) make_room();
}

void LatencyStore::take_back(const std::string& edge, std::string_view owner) {
    const auto found = edges_.find(edge);
    if (found == edges_.end()) return;
    if (take_back(found->second, owner)) ++revision_;
}

bool LatencyStore::take_back(Edge& edge, std::string_view owner) {
    if (owner == "node") return !std::exchange(edge.node, {}).empty();
    if (owner == "home") return std::exchange(edge.home_ms, std::nullopt).has_value();
    if (owner.ends_with(landmark_suffix)) {
        const auto landmark =
            edge.landmarks.find(owner.substr(0, owner.size() - landmark_suffix.size()));
        if (landmark == edge.landmarks.end()) return false;
        edge.landmarks.erase(landmark);
        return true;
    }
    const auto network = read_network_owner(owner);
    if (!network) return false;
    auto* known =
        edge.networks[static_cast<std::size_t>(network->population)].find(network->network);
    if (known == nullptr || known->round_trip_ms == 0) return false;
    known->round_trip_ms = 0;
    --size_;
    ++taken_back_;
    return true;
}

void LatencyStore::forget(const std::string& edge) {
    const auto found = edges_.find(edge);
    if (found == edges_.end()) return;
    for (const auto& table : found->second.networks) {
        table.each([&](const geo::Prefix&, const Figures& figures) {
            figures.round_trip_ms == 0 ? --taken_back_ : --size_;
        });
    }
    edges_.erase(found);
    ++revision_;
}

/// Leaves a tenth of the room free, so that this need not be done for each line.
void LatencyStore::make_room() {
    std::vector<std::uint32_t> seen;
    seen.reserve(size_);
    each([&](const auto&, auto, const auto&, const Figures& figures) {
        seen.push_back(figures.seen);
    });
    const auto keep = std::min(seen.size(), limits_.figures - limits_.figures / 10);
    const Oldest oldest{seen, seen.size() - keep};
    auto equals = oldest.equals;
    for (auto& [name, edge] : edges_) {
        for (auto& table : edge.networks) {
            table.erase_if([&](const Figures& figures) {
                return figures.round_trip_ms == 0 || figures.seen < oldest.limit ||
                       (figures.seen == oldest.limit && equals-- > 0);
            });
        }
    }
    size_ = keep;
    taken_back_ = 0;
}

void LatencyStore::each(const Visit& visit) const {
    for (const auto& [name, edge] : edges_) {
        for (const auto population : {geo::Population::Clients, geo::Population::Resolvers}) {
            edge.networks[static_cast<std::size_t>(population)].each(
                [&, &name = name](const geo::Prefix& network, const Figures& figures) {
                    if (figures.round_trip_ms > 0) visit(name, population, network, figures);
                });
        }
    }
}

const std::map<std::string, LatencyStore::LandmarkFigures, std::less<>>& LatencyStore::landmarks(
    const std::string& edge) const {
    static const std::map<std::string, LandmarkFigures, std::less<>> none;
    const auto found = edges_.find(edge);
    return found == edges_.end() ? none : found->second.landmarks;
}

std::optional<double> LatencyStore::home_ms(const std::string& edge) const {
    const auto found = edges_.find(edge);
    return found == edges_.end() ? std::nullopt : found->second.home_ms;
}

const std::string& LatencyStore::node(const std::string& edge) const {
    static const std::string none;
    const auto found = edges_.find(edge);
    return found == edges_.end() ? none : found->second.node;
}

bool LatencyStore::reports(const std::string& edge) const {
    return (" " + node(edge) + " ").find(" relay=yes ") != std::string::npos;
}

std::string LatencyStore::text() const {
    std::string text{first_of_store};
    text += '\n';
    each([&](const std::string& edge, geo::Population population, const geo::Prefix& network,
             const Figures& figures) {
        text += edge + ' ' + network_owner(network, population) + ' ' +
                std::to_string(std::lround(figures.round_trip_ms * 1000)) + ' ' +
                std::to_string(figures.samples) + ' ' + std::to_string(figures.seen) + '\n';
    });
    text += last_of_store;
    text += '\n';
    return text;
}

std::string LatencyStore::restore(std::string_view text, std::chrono::sys_seconds now) {
    if (next_word(text, '\n') != first_of_store) return "it has another format";
    std::size_t damaged = 0;
    while (!text.empty()) {
        const auto line = next_word(text, '\n');
        if (line == last_of_store)
            return damaged == 0 ? std::string{} : std::to_string(damaged) + " lines are damaged";
        if (const auto saved = read_line(line, now)) {
            set(edges_[saved->edge], saved->owner, saved->figures);
        } else {
            ++damaged;
        }
    }
    return "its end is missing";
}

}  // namespace probes
