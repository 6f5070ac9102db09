// SPDX-License-Identifier: Apache-2.0
#include "zones/file/edge_reader.hpp"

#include "geo/text/suggestion.hpp"
#include "zones/file/check_reader.hpp"
#include "zones/file/city_reader.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

namespace zones {
namespace {

constexpr std::size_t max_edges = 4096;
constexpr std::size_t max_addresses = 64;  // of one edge: more do not fit into an answer

std::string location_text(const Json& value) {
    if (value.is(Json::Kind::String)) return std::string{value.text()};
    std::string text;
    for (const auto& number : value.items()) {
        text += (text.empty() ? "" : ", ") + std::string{number.text()};
    }
    return text;
}

}  // namespace

std::optional<geo::EdgeSite> read_site(const Json& value) {
    constexpr std::string_view wanted = "a city (\"New York, US\") or [latitude, longitude]";
    if (value.is(Json::Kind::String)) return read_city(value);
    const auto pair = value.items();
    if (pair.size() != 2) {
        value.expected(wanted);
        return std::nullopt;
    }
    const auto latitude = pair[0].number(-90, 90, "a latitude from -90 to 90");
    const auto longitude = pair[1].number(-180, 180, "a longitude from -180 to 180");
    if (!latitude || !longitude) return std::nullopt;
    return geo::EdgeSite{{*latitude, *longitude}};
}

std::vector<geo::Address> read_addresses(const Json& value) {
    std::vector<geo::Address> addresses;
    const auto items = value.one_or_more();
    if (items.size() > max_addresses) {
        value.fault("more than " + std::to_string(max_addresses) + " addresses");
        return addresses;
    }
    for (const auto& item : items) {
        const auto text = item.string("an IP address");
        if (!text) continue;
        const auto address = geo::read_address(*text);
        if (!address) {
            item.expected("an IP address");
        } else if (std::ranges::find(addresses, *address) != addresses.end()) {
            item.fault("the address " + std::string{*text} + " stands here twice");
        } else {
            addresses.push_back(*address);
        }
    }
    return addresses;
}

std::vector<geo::Address> read_some_addresses(const Json& value) {
    auto addresses = read_addresses(value);
    if (value.is(Json::Kind::Array) && value.items().empty()) {
        value.expected("at least one address");
    }
    return addresses;
}

void EdgeList::read(const Json& object, const std::string& host) {
    if (!object.object("an object of edges by name")) return;
    const auto members = object.members();
    if (members.size() > max_edges) {
        object.fault("more than " + std::to_string(max_edges) + " edges");
        return;
    }
    for (const auto& [name, value] : members) read_edge(name, value, host);
}

void EdgeList::read_edge(std::string_view name, const Json& value, const std::string& host) {
    // A faulty edge is listed too, or a policy that names it would be told that it does not exist.
    edges_.push_back({.name = std::string{name}, .addresses = {}, .location = {}});
    sites_.emplace_back();
    where_.push_back(value);
    used_.push_back(false);
    checked_.push_back(value.find("check") || value.find("origin"));
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (name.empty() || name.size() > 63 || !std::ranges::all_of(name, allowed)) {
        value.key_fault("an edge's name has 1 to 63 of a-z, 0-9, - and _");
    }
    if (!value.object("an object with \"addresses\"")) return;
    value.allow_keys({"addresses", "location", "check", "origin"});
    if (const auto addresses = value.find("addresses")) {
        edges_.back().addresses = read_some_addresses(*addresses);
    } else {
        value.fault("\"addresses\" is missing");
    }
    read_location(value);
    read_checks(value, host);
}

void EdgeList::read_location(const Json& edge) {
    const auto location = edge.find("location");
    if (!location) return;
    edges_.back().location = location_text(*location);
    // A location that cannot be read is not a missing one: a place here prevents further faults.
    sites_.back() = read_site(*location).value_or(geo::EdgeSite{geo::Coordinates{}});
}

void EdgeList::read_checks(const Json& edge, const std::string& host) {
    auto& read = edges_.back();
    const CheckDefaults defaults{.addresses = read.addresses, .host = host};
    if (const auto check = edge.find("check")) {
        read.checks = zones::read_checks(*check, Asked::Edge, defaults);
    }
    if (const auto origin = edge.find("origin")) {
        read.origins = zones::read_checks(*origin, Asked::Home, defaults);
    }
}

std::optional<geo::EdgeIndex> EdgeList::find(std::string_view name) const {
    const auto found = std::ranges::find(edges_, name, &Edge::name);
    if (found == edges_.end()) return std::nullopt;
    return static_cast<geo::EdgeIndex>(found - edges_.begin());
}

/// An edge that stands in the file twice is one fault, not two.
void EdgeList::mark(std::string_view name) {
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        if (edges_[i].name == name) used_[i] = true;
    }
}

std::string EdgeList::unknown(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& edge : edges_) names.push_back(edge.name);
    mark(nearest_word(name, names));  // most likely this one was meant
    return "there is no edge \"" + std::string{name} + "\"" + suggestion(name, names);
}

std::optional<geo::EdgeIndex> EdgeList::use(const Json& name) {
    const auto index = find(name.text());
    index ? mark(name.text()) : name.fault(unknown(name.text()));
    return index;
}

std::optional<geo::EdgeIndex> EdgeList::use(const Json::Member& member) {
    const auto index = find(member.key);
    index ? mark(member.key) : member.value.key_fault(unknown(member.key));
    return index;
}

void EdgeList::spare(const Json& unreadable) {
    mark(unreadable.text());
    for (const auto& item : unreadable.items()) spare(item);
    for (const auto& [key, value] : unreadable.members()) {
        mark(key);
        spare(value);
    }
}

std::size_t EdgeList::most_addresses(const geo::Policy& policy, geo::Family family) const {
    if (policy.kind == geo::Policy::Kind::Edge) {
        if (policy.edge >= edges_.size()) return 0;  // a fault, which has been told
        const auto& addresses = edges_[policy.edge].addresses;
        return static_cast<std::size_t>(
            std::ranges::count(addresses, family, &geo::Address::family));
    }
    std::vector<std::size_t> counts;
    for (const auto& child : policy.children) counts.push_back(most_addresses(child, family));
    std::ranges::sort(counts, std::greater{});
    const bool one = policy.kind == geo::Policy::Kind::Geo;
    counts.resize(std::min<std::size_t>(counts.size(), one ? 1 : policy.answers));
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

void EdgeList::check_used() const {
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        if (used_[i]) continue;
        where_[i].key_fault("no \"steer\" names this edge; comment it out if that is meant");
    }
}

/// Returns " here and at b, c and 11 more edges", or nothing when only one edge lacks something.
/// The warning stands once, at the first of these edges.
std::string EdgeList::others_text(std::span<const std::size_t> lacking) const {
    constexpr std::size_t most_named = 3;
    if (lacking.size() == 1) return {};
    const auto others = lacking.subspan(1);
    const auto named = others.size() <= most_named ? others.size() : most_named - 1;
    std::string text = " here and at ";
    for (std::size_t i = 0; i < named; ++i) {
        const bool last = i + 1 == others.size();
        text += (i == 0 ? "" : last ? " and " : ", ") + edges_[others[i]].name;
    }
    if (named < others.size())
        text += " and " + std::to_string(others.size() - named) + " more edges";
    return text;
}

void EdgeList::warn_of_unchecked() const {
    if (std::ranges::count(checked_, true) == 0) return;
    std::vector<std::size_t> lacking;
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        if (!checked_[i]) lacking.push_back(i);
    }
    if (lacking.empty()) return;
    where_[lacking.front()].warning(
        "no \"check\"" + others_text(lacking) + ", other edges have one: " +
        (lacking.size() == 1 ? "this one counts" : "these count") + " as up for ever");
}

void EdgeList::warn_of_missing_families() const {
    for (const auto family : {geo::Family::V4, geo::Family::V6}) {
        const auto has = [&](const Edge& edge) {
            return std::ranges::count(edge.addresses, family, &geo::Address::family) > 0;
        };
        if (std::ranges::none_of(edges_, has)) continue;
        std::vector<std::size_t> lacking;
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            if (!edges_[i].addresses.empty() && !has(edges_[i])) lacking.push_back(i);
        }
        if (lacking.empty()) continue;
        const std::string name = family == geo::Family::V4 ? "IPv4" : "IPv6";
        const std::string type = family == geo::Family::V4 ? "A" : "AAAA";
        where_[lacking.front()].warning("no " + name + " address" + others_text(lacking) +
                                        ", other edges have one: clients that belong " +
                                        (lacking.size() == 1 ? "here" : "there") + " get no " +
                                        type + "; see \"missing_family\"");
    }
}

}  // namespace zones
