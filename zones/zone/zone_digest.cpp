// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_digest.hpp"

#include "geo/base/digest.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

namespace zones {
namespace {

using probes::Digest;

/// The kind of a part, so that parts of different kinds never read alike.
enum class Part : std::uint64_t { Record, Steer, Edge, Choices, Serial };

constexpr std::size_t record_head = 12;  // pointer, type, class, TTL, length (RFC 1035 §3.2.1)
constexpr std::size_t soa_numbers = 20;  // behind its names; the serial first

template <class Number>
void add_number(Digest& digest, Number number) {
    digest.add(static_cast<std::uint64_t>(number));
}

void add_number(Digest& digest, double number) {
    digest.add(std::bit_cast<std::uint64_t>(number));
}

Digest part(Part kind) {
    Digest digest;
    add_number(digest, kind);
    return digest;
}

std::string_view name_of(std::span<const Edge> edges, geo::EdgeIndex index) {
    return index < edges.size() ? std::string_view{edges[index].name} : std::string_view{};
}

void add_match(Digest& digest, const geo::Match& match) {
    add_number(digest, match.kind);
    digest.add(geo::to_text(match.prefix));
    add_number(digest, match.asn);
    digest.add(std::string_view{match.area.characters.data(), match.area.characters.size()});
    digest.add(
        std::string_view{match.subdivision.characters.data(), match.subdivision.characters.size()});
}

/// Edges go in by name: a number would change with their order.
std::uint64_t digest_of(const geo::Policy& policy, std::span<const Edge> edges) {
    using Kind = geo::Policy::Kind;
    Digest digest;
    add_number(digest, policy.kind);
    if (policy.kind == Kind::Edge) {
        digest.add(name_of(edges, policy.edge));
        return digest.value();
    }
    for (const auto number : {policy.answers, policy.ranked}) add_number(digest, number);
    add_number(digest, policy.via);
    std::vector<std::uint64_t> children;
    for (const auto& child : policy.children) children.push_back(digest_of(child, edges));
    std::uint64_t sum = 0;  // of rows and weights, which have no order
    for (const auto& [match, child] : policy.rows) {
        Digest row;
        add_match(row, match);
        row.add(children.at(child));
        sum += row.value();
    }
    for (std::size_t i = 0; i < policy.weights.size(); ++i) {
        Digest weighted;
        add_number(weighted, policy.weights[i]);
        weighted.add(children.at(i));
        sum += weighted.value();
    }
    digest.add(sum);
    if (policy.kind == Kind::Geo || policy.kind == Kind::Weighted) return digest.value();
    for (const auto child : children) digest.add(child);
    for (const auto& bias : policy.biases) {
        add_number(digest, bias.kilometres);
        add_number(digest, bias.share);
    }
    return digest.value();
}

void add_sorted(Digest& digest, std::vector<std::string> texts) {
    std::ranges::sort(texts);
    for (const auto& text : texts) digest.add(text);
    add_number(digest, texts.size());
}

std::vector<std::string> keys_of(std::span<const probes::CheckPtr> checks) {
    std::vector<std::string> keys;
    for (const auto& check : checks) keys.push_back(key_of(*check));
    return keys;
}

}  // namespace

void ZoneDigest::add_set(std::span<const std::uint8_t> owner, RrType type,
                         std::span<const std::uint8_t> octets) {
    while (octets.size() >= record_head) {
        const auto size = std::size_t{octets[10]} << 8 | octets[11];
        auto record = octets.first(std::min(record_head + size, octets.size()));
        octets = octets.subspan(record.size());
        auto digest = part(Part::Record);
        digest.add(owner);
        if (type == rr::SOA && size >= soa_numbers) {
            digest.add(record.first(record.size() - soa_numbers));
            record = record.last(soa_numbers - 4);
        }
        digest.add(record);
        sum_ += digest.value();
    }
}

void ZoneDigest::add_steer(const Steer& steer, std::span<const Edge> edges) {
    auto digest = part(Part::Steer);
    digest.add(steer.owner.wire());
    add_number(digest, steer.ttl);
    add_number(digest, steer.min_ttl);
    digest.add(digest_of(steer.policy, edges));
    sum_ += digest.value();
}

void ZoneDigest::add_edge(const Edge& edge, const geo::EdgeSite& site) {
    auto digest = part(Part::Edge);
    digest.add(edge.name);
    std::vector<std::string> addresses;
    for (const auto& address : edge.addresses) addresses.push_back(geo::to_text(address));
    add_sorted(digest, std::move(addresses));
    add_sorted(digest, keys_of(edge.checks));
    add_sorted(digest, keys_of(edge.origins));
    if (site.at) {
        add_number(digest, site.at->latitude);
        add_number(digest, site.at->longitude);
    }
    sum_ += digest.value();
}

void ZoneDigest::add_choices(const AllDown& all_down, MissingFamily missing_family,
                             std::span<const Edge> edges) {
    auto digest = part(Part::Choices);
    add_number(digest, all_down.kind);
    if (all_down.kind == AllDown::Kind::LastResort) digest.add(name_of(edges, all_down.edge));
    add_number(digest, missing_family);
    sum_ += digest.value();
}

void ZoneDigest::add_serial(std::uint32_t serial) {
    auto digest = part(Part::Serial);
    add_number(digest, serial);
    sum_ += digest.value();
}

}  // namespace zones
