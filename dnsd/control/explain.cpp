// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/explain.hpp"

#include "dnsd/wire/message.hpp"
#include "geo/countries.hpp"
#include "zones/record.hpp"

#include <ldns/ldns.h>
#include <spdlog/fmt/fmt.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace control {
namespace {

struct FreePacket {
    void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

std::string row(std::string_view key, std::string_view value) {
    return fmt::format("{:<9} {}\n", key, value);
}

/// A query as a client or resolver would send it (RFC 1035 §4.1, RFC 7871 §6).
std::vector<std::uint8_t> make_query(const zones::Name& name, zones::RrType type,
                                     const Asker& asker) {
    std::vector<std::uint8_t> query{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto put16 = [&](std::size_t value) {
        query.push_back(static_cast<std::uint8_t>(value >> 8));
        query.push_back(static_cast<std::uint8_t>(value));
    };
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

std::string section_text(const ldns_rr_list* records, std::string_view key) {
    std::string text;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        char* line = ldns_rr2str(ldns_rr_list_rr(records, i));
        std::string_view content = line == nullptr ? "?" : line;
        while (content.ends_with('\n')) content.remove_suffix(1);
        text += row(key, content);
        std::free(line);
        key = "";
    }
    return text;
}

std::string answer_text(std::span<const std::uint8_t> response, zones::RrType type) {
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, response.data(), response.size()) != LDNS_STATUS_OK) {
        return row("answer", "?");
    }
    const Packet packet{raw};
    char* rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet.get()));
    const std::string status = rcode == nullptr ? "?" : rcode;
    std::free(rcode);
    auto text = section_text(ldns_pkt_answer(packet.get()), "answer");
    if (!text.empty()) return text;
    if (status != "NOERROR") {
        text = row("answer", status);
    } else if (ldns_pkt_aa(packet.get())) {
        text = row("answer", "no " + zones::type_text(type) + " at this name");
    } else {
        text = row("answer", "referral: the name belongs to a zone delegated to");
    }
    return text + section_text(ldns_pkt_authority(packet.get()), "authority");
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

/// Prints a policy as it was run for one subject: branches not taken by `geo` stay away.
class PolicyText {
 public:
    PolicyText(const zones::Zone& zone, const geo::Subject& subject)
        : zone_{zone}, subject_{subject} {}

    std::string of(const geo::Policy& policy, std::string_view note = {}, unsigned depth = 0) {
        const std::string indent(2 * std::size_t{depth}, ' ');
        if (policy.kind == geo::Policy::Kind::Edge) {
            return add(fmt::format("{}{}{}", indent, zone_.edges()[policy.edge].name, note));
        }
        std::string head = fmt::format("{}{}{}", indent, policy_name(policy.kind), note);
        if (policy.answers > 1 && policy.kind != geo::Policy::Kind::All)
            head += fmt::format(", {} answers", policy.answers);
        if (policy.kind == geo::Policy::Kind::Geo) {
            const auto* matched = geo::matching_row(policy, subject_);
            if (matched == nullptr) return add(head + ": no row matches");
            add(head + ": " + match_text(matched->match));
            return of(policy.children[matched->child], {}, depth + 1);
        }
        if (policy.kind == geo::Policy::Kind::Nearest ||
            policy.kind == geo::Policy::Kind::Latency) {
            return ranked(policy, head, depth);
        }
        add(head);
        for (std::size_t i = 0; i < policy.children.size(); ++i) {
            const bool weighted = policy.kind == geo::Policy::Kind::Weighted;
            of(policy.children[i], weighted ? fmt::format("  weight {}", policy.weights[i]) : "",
               depth + 1);
        }
        return text_;
    }

 private:
    std::string add(const std::string& line) {
        text_ += row(text_.empty() ? "policy" : "", line);
        return text_;
    }

    std::string ranked(const geo::Policy& policy, std::string head, unsigned depth) {
        const auto point = subject_.place.point();
        if (policy.kind == geo::Policy::Kind::Latency)
            head += " (nothing is measured: by distance)";
        if (!point) head += ": the client has no place, so edges stand as the zone lists them";
        add(head);
        std::size_t rank = 0;
        for (const auto child : geo::ranking(policy, zone_.sites(), point)) {
            std::string note;
            if (point) {
                const auto direction = geo::unit_vector(*point);
                const auto& site = zone_.sites()[policy.children[child].edge];
                const auto distance = geo::kilometres_between(site.direction, direction);
                note = fmt::format("  {:.0f} km", distance);
                if (!(policy.biases[child] == geo::Bias{})) {
                    note +=
                        fmt::format(", with its bias {:.0f} km",
                                    geo::biased_distance(policy, child, zone_.sites(), direction));
                }
                if (rank >= policy.ranked) note += "  (not ranked: in the zone's order)";
            }
            ++rank;
            of(policy.children[child], note, depth + 1);
        }
        return text_;
    }

    const zones::Zone& zone_;
    const geo::Subject& subject_;
    std::string text_;
};

/// The prefixes that a policy names and that hold the address, longest first.
void collect_prefixes(const geo::Policy& policy, const geo::Address& address,
                      std::vector<geo::Prefix>& found) {
    for (const auto& [match, child] : policy.rows) {
        if (match.kind == geo::Match::Kind::Prefix && match.prefix.contains(address))
            found.push_back(match.prefix);
    }
    for (const auto& child : policy.children) collect_prefixes(child, address, found);
}

std::string scope_text(const engine::Trace& trace) {
    const geo::Prefix scope{
        {trace.subject.family, trace.subject.bits & geo::mask(trace.found.scope)},
        trace.found.scope
    };
    return fmt::format("/{}: every address of {} has the same outcome", trace.found.scope,
                       geo::to_text(scope));
}

std::string steer_text(const engine::Trace& trace, const geo::Sources& sources) {
    const auto& zone = *trace.zone->zone;
    const auto located = sources.find(trace.subject);
    std::vector<geo::Prefix> within;
    const auto inside = geo::embedded_v4(trace.subject);
    collect_prefixes(trace.steer->policy, inside ? inside->client : trace.subject, within);
    const geo::Subject subject{.place = located.place, .within = within};
    std::vector<std::string> names;
    for (const auto& edge : zone.edges()) names.push_back(edge.name);
    std::string text;
    if (inside) text += row("carries", "the IPv4 client " + geo::to_text(inside->client));
    text += row("place",
                place_text(located.place) + (located.source.empty() ? "" : "; " + located.source));
    text += PolicyText{zone, subject}.of(trace.steer->policy);
    const auto& outcomes = trace.zone->maps[trace.steer_index]->outcomes();
    text += row("outcome", outcomes.to_text(trace.found.outcome, names));
    std::string chosen;
    for (const auto edge : trace.chosen.edges) chosen += (chosen.empty() ? "" : ", ") + names[edge];
    text += row("chosen", chosen);
    return text;
}

}  // namespace

std::string explain(const engine::Snapshot& snapshot, const geo::Sources& sources,
                    const zones::Name& name, const Asker& asker) {
    std::vector<std::uint8_t> response(wire::max_message);
    geo::Random random{1};
    std::string answers;
    engine::Trace trace;
    for (const auto type : {zones::rr::A, zones::rr::AAAA}) {
        const auto query = make_query(name, type, asker);
        // A subnet that may not be used leaves the resolver, of whom nothing is known here.
        const engine::Client client{
            .address = asker.by_subnet() ? geo::Address{} : asker.prefix.address,
            .transport = engine::Transport::Tcp};
        auto* wanted = trace.steer == nullptr ? &trace : nullptr;
        const auto size = engine::respond(snapshot, query, client, random, response, wanted);
        answers += answer_text(std::span{response}.first(size), type);
    }
    std::string text = row("name", name.text());
    if (trace.zone == nullptr) return text + row("zone", "none of those that are served") + answers;
    text += row("zone", fmt::format("{} (serial {})", trace.zone->zone->apex().text(),
                                    trace.zone->zone->serial()));
    if (trace.steer == nullptr) {
        return text + row("steer", "none: every client gets the same, scope /0") + answers;
    }
    if (asker.by_subnet() && !trace.by_subnet) {
        text += row("subject", geo::to_text(asker.prefix) +
                                   " is no network of the internet and counts as absent: the "
                                   "resolver's own address decides");
    } else {
        text += row("subject", asker.by_subnet() ? geo::to_text(asker.prefix) + " (client subnet)"
                                                 : geo::to_text(asker.prefix.address) +
                                                       " (the address that asks)");
    }
    const bool absent = asker.by_subnet() && !trace.by_subnet;
    text += steer_text(trace, sources);
    return text + row("scope", absent ? "/0" : scope_text(trace)) + answers;
}

}  // namespace control
