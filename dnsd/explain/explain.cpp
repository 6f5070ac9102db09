// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/explain.hpp"

#include "dnsd/engine/trace.hpp"
#include "dnsd/explain/client_latency.hpp"
#include "dnsd/explain/policy_rows.hpp"
#include "dnsd/wire/message.hpp"
#include "geo/base/big_endian.hpp"
#include "geo/place/countries.hpp"
#include "zones/name/record.hpp"

#include <ldns/ldns.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace control {
namespace {

struct FreePacket {
    void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

struct FreeText {
    void operator()(char* text) const noexcept { std::free(text); }
};
using Text = std::unique_ptr<char, FreeText>;

/// A query as a client or resolver would send it (RFC 1035 §4.1, RFC 7871 §6).
std::vector<std::uint8_t> make_query(const zones::Name& name, zones::RrType type,
                                     const Asker& asker) {
    std::vector<std::uint8_t> query{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto put16 = [&](std::size_t value) { geo::append_number(query, value, 2); };
    query.insert(query.end(), name.wire().begin(), name.wire().end());
    put16(type);
    put16(static_cast<std::size_t>(wire::RrClass::IN));
    query.insert(query.end(), {0, 0, zones::rr::OPT, 0x04, 0xD0, 0, 0, 0, 0});
    if (!asker.by_subnet()) {
        put16(0);
        return query;
    }
    std::vector<std::uint8_t> octets((asker.prefix.length + 7U) / 8);
    write_octets(asker.prefix.address, octets);
    put16(8 + octets.size());
    put16(static_cast<std::size_t>(wire::OptionCode::ClientSubnet));
    put16(4 + octets.size());
    put16(asker.prefix.address.family == geo::Family::V4 ? 1 : 2);
    query.push_back(asker.prefix.length);
    query.push_back(0);
    query.insert(query.end(), octets.begin(), octets.end());
    return query;
}

Rows section_rows(const ldns_rr_list* records, const std::string& key) {
    Rows rows;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const Text line{ldns_rr2str(ldns_rr_list_rr(records, i))};
        std::string_view content = line == nullptr ? "?" : line.get();
        while (content.ends_with('\n')) content.remove_suffix(1);
        rows.push_back({key, std::string{content}});
    }
    return rows;
}

void append(Rows& rows, Rows more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

Rows answer_rows(std::span<const std::uint8_t> response, zones::RrType type) {
    // ldns 1.8 does not check whether it got memory for its lists. Without memory, this throws
    // first.
    ::operator delete(::operator new (std::size_t{64} << 10));
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, response.data(), response.size()) != LDNS_STATUS_OK) {
        return {{"answer", "?"}};
    }
    const Packet packet{raw};
    const Text rcode{ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet.get()))};
    const std::string status = rcode == nullptr ? "?" : rcode.get();
    auto rows = section_rows(ldns_pkt_answer(packet.get()), "answer");
    if (!rows.empty()) return rows;
    if (status != "NOERROR") {
        rows.push_back({"answer", status});
    } else if (ldns_pkt_aa(packet.get())) {
        rows.push_back({"answer", "no " + zones::type_text(type) + " at this name"});
    } else {
        rows.push_back({"answer", "referral: the name belongs to a zone delegated to"});
    }
    append(rows, section_rows(ldns_pkt_authority(packet.get()), "authority"));
    return rows;
}

std::string place_text(const geo::Place& place) {
    std::string text;
    if (const auto* country = geo::find_country(place.country.text())) {
        text = fmt::format("{} ({}), {}", country->code, country->name, country->continent);
        if (!place.subdivision.empty())
            text += fmt::format(", {}-{}", country->code, place.subdivision.text());
    } else if (!place.continent_code().empty()) {
        text = place.continent_code();
    }
    if (const auto point = place.point()) {
        text += fmt::format("{}{:.2f}, {:.2f}{}", text.empty() ? "" : ", ", point->latitude,
                            point->longitude, place.has_point() ? "" : " (where its people live)");
    }
    if (place.asn != 0) text += fmt::format(", AS{}", place.asn);
    return text.empty() ? "unknown" : text;
}

/// Names a prefix next to the scope's that has another outcome: it keeps the scope from being
/// shorter.
std::string neighbour_text(const engine::Steering& steering,
                           const std::vector<std::string>& names) {
    constexpr unsigned most_looks = 4096;
    const auto& map = steering.served->maps[steering.index];
    const auto family = steering.locating.address.family;
    const auto length = steering.found.scope;
    if (length == 0) return {};
    const auto flipped =
        (steering.locating.address.bits & geo::mask(length)) ^ (geo::Bits{1} << (128 - length));
    const geo::Prefix sibling{{family, flipped}, length};
    geo::Address at = sibling.address;
    for (unsigned look = 0; look < most_looks && sibling.contains(at); ++look) {
        const auto found = map.find(at, steering.locating.population());
        const auto part = geo::prefix_around(at, found.scope);
        if (found.outcome != steering.found.outcome) {
            return fmt::format("; {} beside it has {}", geo::to_text(part),
                               found.map->outcomes().to_text(found.outcome, names));
        }
        const auto next = part.address.bits + (geo::Bits{1} << (128 - found.scope));
        if (found.scope == 0 || next == 0) break;
        at.bits = next;
    }
    return {};
}

std::string scope_text(const engine::Steering& steering, const std::vector<std::string>& names) {
    if (steering.found.scope == 0) return "/0: every address has the same outcome";
    const auto scope = geo::prefix_around(steering.locating.address, steering.found.scope);
    return fmt::format("/{}: every address of {} has the same outcome{}", steering.found.scope,
                       geo::to_text(scope), neighbour_text(steering, names));
}

/// The scope of a subnet that counts as absent (RFC 7871 §10).
std::string absent_scope_text(const geo::Prefix& subnet, unsigned length) {
    if (length == 0) return "/0";
    return fmt::format("/{}: all of {} counts as absent", length,
                       geo::to_text(geo::prefix_around(subnet.address, length)));
}

std::vector<std::string> edge_names(const zones::Zone& zone) {
    std::vector<std::string> names;
    for (const auto& edge : zone.edges()) names.push_back(edge.name);
    return names;
}

std::string chosen_text(const engine::Steering& steering, const std::vector<std::string>& names) {
    std::string text;
    for (const auto edge : steering.chosen.picked.edges)
        text += (text.empty() ? "" : ", ") + names[edge];
    if (text.empty()) text = "none";
    if (!steering.chosen.all_down) return text;
    switch (steering.served->zone->all_down().kind) {
        case zones::AllDown::Kind::AsIfUp:
            return text + " (all are out: as if all were up)";
        case zones::AllDown::Kind::NoData:
            return text + " (all are out: no address, as \"all_down\" says)";
        case zones::AllDown::Kind::LastResort:
            break;
    }
    return text + " (all are out: the last resort)";
}

Rows steer_rows(const engine::Steering& steering, const geo::Sources& sources,
                const probes::ZoneStatus* health) {
    const auto& zone = *steering.served->zone;
    const auto located = sources.find(steering.locating.address);
    const auto inside = geo::embedded_v4(steering.locating.address);
    const auto client = inside ? inside->client : steering.locating.address;
    const auto within = geo::named_prefixes(steering.steer->policy, client);
    const ClientLatency latency{*steering.served, steering.locating.population(), client,
                                located.place};
    const geo::Subject subject{
        .place = located.place, .within = within, .round_trips = latency.round_trips()};
    const auto names = edge_names(zone);
    Rows rows;
    if (inside) rows.push_back({"carries", "the IPv4 client " + geo::to_text(inside->client)});
    rows.push_back({"place", place_text(located.place) +
                                 (located.source.empty() ? "" : "; " + located.source)});
    append(rows, latency.rows(names));
    append(rows, policy_rows(steering.steer->policy, zone, subject, latency, health));
    rows.push_back(
        {"outcome", steering.found.map->outcomes().to_text(steering.found.outcome, names)});
    rows.push_back({"chosen", chosen_text(steering, names)});
    return rows;
}

std::string subject_text(const Asker& asker, bool absent) {
    const auto resolver = asker.resolver ? " " + geo::to_text(*asker.resolver) : std::string{};
    if (absent) {
        return geo::to_text(asker.prefix) +
               " is no network of the internet and counts as absent: the resolver's own address" +
               resolver + " decides";
    }
    if (!asker.by_subnet()) return geo::to_text(asker.prefix.address) + " (the address that asks)";
    return geo::to_text(asker.prefix) + " (client subnet" +
           (asker.resolver ? ", sent by" + resolver : "") + ")";
}

/// If the subnet may not be used, the resolver's address decides; sometimes it is not known.
engine::Client client_of(const Asker& asker) {
    const auto own = asker.by_subnet() ? geo::Address{} : asker.prefix.address;
    return {.address = asker.resolver.value_or(own), .transport = engine::Transport::Tcp};
}

/// Replaces control characters: text from a server or a file must not move a terminal's cursor.
/// Keeps tabs, which records contain.
std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }, '?');
    return text;
}

/// Lists the zones that are served, for an operator who has asked the wrong server.
std::string no_zone_text(const zones::Catalog& catalog) {
    constexpr std::size_t most_names = 8;
    std::string text = "none of those that are served";
    const auto& zones = catalog.zones();
    for (std::size_t i = 0; i < std::min(zones.size(), most_names); ++i)
        text += (i == 0 ? ": " : ", ") + zones[i].zone->apex().text();
    if (zones.size() > most_names) text += fmt::format(" and {} more", zones.size() - most_names);
    return text;
}

/// What holds for all edges of the zone at once.
Rows alarm_rows(const probes::ZoneStatus* health) {
    Rows rows;
    if (health != nullptr && health->home_down) {
        rows.push_back(
            {"alarm", "home does not answer behind any edge; answers go on as if it did"});
    }
    if (health != nullptr && health->cut_off) {
        rows.push_back(
            {"cut_off", "this node takes itself for cut off; answers go on as was last agreed"});
    }
    return rows;
}

}  // namespace

Rows explain(const engine::Snapshot& snapshot, const geo::Sources& sources, const zones::Name& name,
             const Asker& asker, const probes::ZoneStatus* health, geo::Random random) {
    std::vector<std::uint8_t> response(wire::max_message);
    Rows answers;
    engine::Trace trace;
    for (const auto type : {zones::rr::A, zones::rr::AAAA}) {
        const auto query = make_query(name, type, asker);
        auto* wanted = !trace.steering ? &trace : nullptr;
        const auto size =
            engine::respond(snapshot, query, client_of(asker), random, response, wanted);
        append(answers, answer_rows(std::span{response}.first(size), type));
    }
    Rows rows{{"name", name.text()}};
    if (trace.zone == nullptr) {
        rows.push_back({"zone", no_zone_text(snapshot.catalog)});
    } else {
        rows.push_back({"zone", fmt::format("{} (serial {})", trace.zone->zone->apex().text(),
                                            trace.zone->zone->serial())});
        if (!trace.steering) {
            rows.push_back({"steer", "none: every client gets the same, scope /0"});
        } else {
            const bool absent = asker.by_subnet() && !trace.steering->locating.by_subnet;
            rows.push_back({"subject", subject_text(asker, absent)});
            append(rows, alarm_rows(health));
            append(rows, steer_rows(*trace.steering, sources, health));
            const auto names = edge_names(*trace.zone->zone);
            rows.push_back(
                {"scope",
                 absent ? absent_scope_text(asker.prefix, trace.steering->locating.least_scope)
                        : scope_text(*trace.steering, names)});
        }
    }
    append(rows, std::move(answers));
    return rows;
}

std::string to_text(const Rows& rows) {
    std::string text;
    std::string_view before;
    for (const auto& [key, value] : rows) {
        const bool goes_on = key == "edge" || (key == "policy" && key == before);
        text += fmt::format("{:<9} {}\n", goes_on ? "" : key, printable(value));
        if (key != "edge") before = key;
    }
    return text;
}

}  // namespace control
