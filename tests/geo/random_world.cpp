// SPDX-License-Identifier: Apache-2.0
#include "tests/geo/random_world.hpp"

#include "tests/support/mmdb_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using Code = geo::Code<2>;
using geo::Family;
using geo::Match;
using geo::Policy;
using geo::Prefix;
using geo::Sources;
using nlohmann::json;

namespace support {
namespace {

template <class T, std::size_t N>
const T& one_of(Generator& generator, const T (&choices)[N]) {
    return choices[draw(generator, 0, N - 1)];
}

}  // namespace

const geo::EdgeSites six_sites{
    geo::EdgeSite{{40.7, -74.0}},   // New York
    geo::EdgeSite{{50.1, 8.7}},     // Frankfurt
    geo::EdgeSite{{1.35, 103.8}},   // Singapore
    geo::EdgeSite{{-33.9, 151.2}},  // Sydney
    geo::EdgeSite{{-23.5, -46.6}},  // São Paulo
    geo::EdgeSite{{19.1, 72.9}},    // Mumbai
};

Policy edge(geo::EdgeIndex index) {
    Policy policy;
    policy.edge = index;
    return policy;
}

Policy of_kind(Policy::Kind kind) {
    Policy policy;
    policy.kind = kind;
    return policy;
}

Policy ranked_all(Policy::Kind kind) {
    auto policy = of_kind(kind);
    for (geo::EdgeIndex i = 0; i < six_sites.size(); ++i) policy.children.push_back(edge(i));
    policy.biases.resize(six_sites.size());
    return policy;
}

void collect_prefixes(const Policy& policy, std::vector<Prefix>& into) {
    for (const auto& row : policy.rows) {
        if (row.match.kind == Match::Kind::Prefix) into.push_back(row.match.prefix);
    }
    for (const auto& child : policy.children) collect_prefixes(child, into);
}

RandomWorld::RandomWorld(std::uint64_t seed) : generator_{seed} {
    files_.builtin = geo::SourceFiles::Builtin::LeftOut;  // it is too large for so many worlds
    const auto count = draw(generator_, 1, 3);
    for (unsigned i = 0; i < count; ++i) files_.databases.push_back(make_database(i == 0));
    if (draw(generator_, 0, 2) > 0) files_.places = make_places();
    geo::Problems problems;
    sources_ = Sources::open(files_, problems);
    for (const auto& problem : problems) MESSAGE(geo::to_text(problem));
    REQUIRE(sources_.has_value());
    for (unsigned i = 0; i < 3; ++i) policies_.push_back(make_policy(3));
    for (const auto& policy : policies_) collect_prefixes(policy, cuts_);
}

Pieces RandomWorld::pieces(Family family) const {
    Pieces pieces{family};
    for (const auto& placeless : geo::placeless_prefixes()) {
        if (placeless.address.family == family) pieces.cut_at(placeless);
    }
    for (const auto& cut : cuts_) {
        pieces.cut_at(cut);
        // A row of IPv6 in there says something of IPv4.
        if (cut.length > 96 && prefix("::/96").contains(cut.address)) {
            const auto length = static_cast<std::uint8_t>(cut.length - 96);
            pieces.cut_at({{Family::V4, cut.address.bits << 96}, length});
        }
    }
    if (family == Family::V6) {
        pieces.cut_at(prefix("::/8"));
        pieces.cut_as_embedded(this->pieces(Family::V4));
    }
    pieces.sort();
    return pieces;
}

const char* RandomWorld::some_country() {
    static constexpr const char* codes[] = {"DE", "FR", "US", "SG", "BR", "IN", "AU", "ZZ"};
    return one_of(generator_, codes);
}

/// Often inside of another one, or beside it.
Prefix RandomWorld::some_prefix() {
    const auto family = draw(generator_, 0, 1) == 0 ? Family::V4 : Family::V6;
    static constexpr const char* special[] = {
        "2001::/16",      "2001::/31", "2001::/33",      "2002::/15",      "2003::/16",
        "2002:c000::/24", "::/8",      "::/7",           "64:ff9b::/95",   "::/96",
        "::fffe:0:0/95",  "2000::/3",  "203.0.112.0/23", "2a00:db8:2::/47"};
    auto around = Prefix{{family, 0}, 0};
    if (!cuts_.empty() && draw(generator_, 0, 1) == 0) {
        around = cuts_[draw(generator_, 0, cuts_.size() - 1)];
    }
    if (draw(generator_, 0, 9) == 0) around = prefix(one_of(generator_, special));
    const auto longest = geo::width(around.address.family);
    const auto length = draw(generator_, around.length, std::min(longest, around.length + 9U));
    auto found =
        prefix_around(random_address_in(generator_, around), static_cast<unsigned>(length));
    if (found.length > 0 && draw(generator_, 0, 4) == 0) found = sibling(found);
    cuts_.push_back(found);
    return found;
}

json RandomWorld::some_record(bool flat) {
    json record;
    const double latitude = double(draw(generator_, 0, 18)) * 10 - 90.0;
    const double longitude = double(draw(generator_, 0, 36)) * 10 - 180.0;
    const auto what = draw(generator_, 1, 7);
    if (flat) {
        record["country_code"] = some_country();
        if ((what & 2) != 0) record["latitude"] = latitude, record["longitude"] = longitude;
        return record;
    }
    if ((what & 1) != 0) record["country"]["iso_code"] = some_country();
    if ((what & 2) != 0) record["location"] = {{"latitude", latitude}, {"longitude", longitude}};
    if ((what & 4) != 0) record["autonomous_system_number"] = draw(generator_, 64500, 64503);
    if (what == 7) {
        record["subdivisions"] =
            json::array({{{"iso_code", draw(generator_, 0, 1) ? "CA" : "BE"}}});
        record["continent"]["code"] = draw(generator_, 0, 1) ? "EU" : "AS";
    }
    return record;
}

std::string RandomWorld::make_database(bool first) {
    std::vector<MmdbRow> rows;
    const bool flat = draw(generator_, 0, 2) == 0;
    const auto count = draw(generator_, 1, 40);
    for (unsigned i = 0; i < count; ++i) rows.push_back({some_prefix(), some_record(flat)});
    MmdbOptions options;
    static constexpr unsigned sizes[] = {24, 28, 32};
    options.record_size = one_of(generator_, sizes);
    options.aliases = draw(generator_, 0, 1) == 0;
    if (first) {
        // The first knows something of both families.
        for (const auto* text : {"0.0.0.0/3", "2400::/7"}) {
            json record;
            if (flat)
                record["country_code"] = "JP";
            else
                record["country"]["iso_code"] = "JP";
            rows.push_back({prefix(text), record});
            cuts_.push_back(prefix(text));
        }
    } else if (draw(generator_, 0, 3) == 0) {
        options.ip_version = 4;
        std::erase_if(rows,
                      [](const auto& row) { return row.prefix.address.family == Family::V6; });
        rows.push_back({prefix("128.0.0.0/2"), some_record(flat)});
        cuts_.push_back(prefix("128.0.0.0/2"));
    }
    const auto name = std::to_string(files_.databases.size()) + ".mmdb";
    return folder_.write(name, write_mmdb(std::move(rows), options));
}

std::string RandomWorld::make_places() {
    std::string text;
    std::vector<std::string> known;
    const auto count = draw(generator_, 1, 15);
    for (unsigned i = 0; i < count; ++i) {
        const auto row = geo::to_text(some_prefix());
        if (std::ranges::find(known, row) != known.end()) continue;
        known.push_back(row);
        static constexpr const char* places[] = {",,,DE,", ",,,BR,64501", ",-30,150,,",
                                                 ",,,,64502"};
        text += row + one_of(generator_, places) + "\n";
    }
    return folder_.write("places.csv", text);
}

Match RandomWorld::some_match() {
    Match match;
    match.kind = static_cast<Match::Kind>(draw(generator_, 0, 5));
    switch (match.kind) {
        case Match::Kind::Prefix:
            match.prefix = some_prefix();
            break;
        case Match::Kind::Asn:
            match.asn = static_cast<std::uint32_t>(draw(generator_, 64500, 64504));
            break;
        case Match::Kind::Subdivision:
            match.subdivision = std::string_view{draw(generator_, 0, 1) == 0 ? "CA" : "BE"};
            [[fallthrough]];
        case Match::Kind::Country:
            match.area = Code{some_country()};
            break;
        case Match::Kind::Continent: {
            static constexpr const char* continents[] = {"EU", "AS", "NA", "SA"};
            match.area = Code{one_of(generator_, continents)};
            break;
        }
        case Match::Kind::Any:
            break;
    }
    return match;
}

Policy RandomWorld::make_policy(unsigned depth) {
    const auto some_edge = [&] {
        return edge(static_cast<geo::EdgeIndex>(draw(generator_, 0, six_sites.size() - 1)));
    };
    if (depth == 0) return some_edge();
    Policy policy;
    static constexpr Policy::Kind kinds[] = {
        Policy::Kind::Edge,     Policy::Kind::Nearest,  Policy::Kind::Latency,
        Policy::Kind::Geo,      Policy::Kind::Geo,      Policy::Kind::Geo,
        Policy::Kind::Weighted, Policy::Kind::Failover, Policy::Kind::All};
    policy.kind = one_of(generator_, kinds);
    if (policy.kind == Policy::Kind::Edge) return some_edge();
    policy.answers = static_cast<std::uint16_t>(draw(generator_, 1, 2));
    policy.ranked = static_cast<std::uint16_t>(draw(generator_, 0, 4));
    policy.via = draw(generator_, 0, 1) == 0 ? geo::Via::Edge : geo::Via::Home;
    const bool by_distance =
        policy.kind == Policy::Kind::Nearest || policy.kind == Policy::Kind::Latency;
    const auto count = draw(generator_, 1, 4);
    for (unsigned i = 0; i < count; ++i) {
        policy.children.push_back(by_distance ? some_edge() : make_policy(depth - 1));
        if (by_distance) {
            const auto kilometres = double(draw(generator_, 0, 2000)) - 1000;
            policy.biases.push_back({kilometres, double(draw(generator_, 0, 2)) / 4});
        }
        if (policy.kind == Policy::Kind::Weighted) {
            policy.weights.push_back(static_cast<std::uint32_t>(draw(generator_, 0, 3)));
        }
    }
    if (policy.kind == Policy::Kind::Geo) {
        const auto rows = draw(generator_, 1, 8);
        for (unsigned i = 0; i < rows; ++i) {
            policy.rows.push_back(
                {some_match(), static_cast<std::uint32_t>(draw(generator_, 0, count - 1))});
        }
    }
    return policy;
}

}  // namespace support
