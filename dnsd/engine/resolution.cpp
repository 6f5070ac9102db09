// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/resolution.hpp"

#include "dnsd/engine/observed_name.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace engine {
namespace {

using wire::Rcode;
using zones::Zone;
namespace rr = zones::rr;

constexpr std::size_t no_cut = 0;

/// RFC 8482 §4.2: the CPU field says why the answer is so short.
constexpr std::uint8_t minimal_any[] = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
constexpr std::uint32_t minimal_any_ttl = 3600;

}  // namespace

Subject subject_of(const wire::Request& request, const Client& client,
                   const geo::LayeredMap& map) noexcept {
    const auto* subnet = request.edns && request.edns->subnet ? &*request.edns->subnet : nullptr;
    // RFC 7871 §7.1.2: a source prefix of 0 asks for privacy.
    if (subnet == nullptr || subnet->prefix.length == 0) return {.address = client.address};
    if (geo::routable(subnet->prefix))
        return {.address = subnet->prefix.address, .by_subnet = true};
    // §10: a subnet that no client of the internet has counts as absent, unless the operator knows
    // it.
    const auto part = map.base()->local_part(subnet->prefix);
    return {.address = part.named ? subnet->prefix.address : client.address,
            .by_subnet = part.named,
            .least_scope = part.length};
}

void Resolution::run() noexcept {
    const bool transfer = request_.type == rr::AXFR || request_.type == rr::IXFR;
    if (served_ == nullptr || transfer) {
        response_.set_rcode(Rcode::Refused);
        if (served_ == nullptr) error_ = wire::ExtendedError::NotAuthoritative;
        return;
    }
    zone_ = served_->zone.get();
    apex_ = wire::header_size + request_.name.length() - zone_->apex().length();
    name_ = &request_.name;
    if (trace_ != nullptr) trace_->zone = served_;
    response_.set_flags(wire::flag_aa);
    // Records at an observed name are a fault of the zone. Where it has some, they are answered.
    const auto& lookup = query_.lookup;
    const bool has_records =
        lookup.found == Zone::Found::Exact && !zone_->sets(lookup.node).empty();
    if (!has_records && observe()) return;
    bool goes_on = step(lookup);
    for (std::size_t chain = 0; chain < zones::max_chain && goes_on; ++chain)
        goes_on = step(zone_->look_up(*name_));
}

bool Resolution::observe() noexcept {
    const auto observed = read_observed(*zone_, *name_);
    if (observed.kind == ObservedName::Kind::None ||
        !any_contains(snapshot_.observers, client_.address)) {
        return false;
    }
    // Anybody could send queries under an observer's address and have long answers sent to it.
    if (query_.origin() == Origin::Claimed && !client_.on_this_machine()) {
        response_.truncate();
        return true;
    }
    const bool asks_text = request_.type == rr::TXT || request_.type == rr::ANY;
    if (observed.kind == ObservedName::Kind::Absent) {
        deny(Rcode::NXDomain, 0);
    } else if (!asks_text) {
        deny(Rcode::NoError, 0);
    } else if (observation_ == nullptr) {
        deferred_ = true;
    } else {
        answer_observed();
    }
    return true;
}

void Resolution::answer_observed() noexcept {
    std::array<std::uint8_t, 256> rdata;
    for (const auto& line : observation_->lines) {
        const auto length = std::min<std::size_t>(line.size(), 255);
        rdata[0] = static_cast<std::uint8_t>(length);
        std::memcpy(rdata.data() + 1, line.data(), length);
        if (response_.add(Section::Answer, owner_, rr::TXT, wire::RrClass::IN, 0,
                          std::span{rdata}.first(length + 1))) {
            continue;
        }
        response_.truncate();
        return;
    }
    scope_ = observation_->scope;
}

bool Resolution::step(const Zone::Lookup& lookup) noexcept {
    switch (lookup.found) {
        case Zone::Found::Exact:
        case Zone::Found::Wildcard:
            return answer_at(lookup.node);
        case Zone::Found::Delegation:
            if (lookup.label == 0 && request_.type == rr::DS) return answer_at(lookup.node);
            refer(lookup);
            return false;
        case Zone::Found::Dname:
            return synthesize(lookup);
        case Zone::Found::NxDomain:
            deny(Rcode::NXDomain);
            return false;
    }
    return false;
}

bool Resolution::answer_at(std::uint32_t node) noexcept {
    const auto* set = zone_->find(node, request_.type);
    if (set == nullptr) return answer_without_type(node);
    if (set->steered()) {
        answer_steered(*set);
        return false;
    }
    const auto record = response_.size();
    if (!add(Section::Answer, *set, owner_)) {
        response_.truncate();
    } else if (set->type == rr::NS) {
        add_addresses(*set, record, no_cut);
    }
    return false;
}

/// At a name that has nothing of the type, or that is asked for all types.
bool Resolution::answer_without_type(std::uint32_t node) noexcept {
    const bool any = request_.type == rr::ANY;
    if (const auto* cname = zone_->find(node, rr::CNAME)) return follow(*cname) && !any;
    if (any && !zone_->sets(node).empty()) {
        answer_any();
    } else {
        deny(Rcode::NoError);
    }
    return false;
}

void Resolution::answer_any() noexcept {
    if (!response_.add(Section::Answer, owner_, rr::HINFO, wire::RrClass::IN, minimal_any_ttl,
                       minimal_any)) {
        response_.truncate();
    }
}

bool Resolution::follow(const zones::RrSet& cname) noexcept {
    const auto record = response_.size();
    if (!add(Section::Answer, cname, owner_)) {
        response_.truncate();
        return false;
    }
    return go_on(wire::Response::rdata_at(record));
}

bool Resolution::go_on(std::size_t at) noexcept {
    if (!response_.read_name(at, alias_) || !alias_.within(zone_->apex())) return false;
    name_ = &alias_;
    owner_ = at;
    return true;
}

/// RFC 6672 §3: the DNAME, and a CNAME made of it.
bool Resolution::synthesize(const Zone::Lookup& lookup) noexcept {
    const auto& dname = *zone_->find(lookup.node, rr::DNAME);
    // A chain may pass here twice, but the record stands in the answer once (RFC 2181 §5).
    const auto known = std::ranges::find(dnames_, lookup.node, &DnameRecord::node);
    const auto record = known == dnames_.end() ? response_.size() : known->at;
    if (known == dnames_.end()) {
        if (!add(Section::Answer, dname, response_.suffix_at(owner_, lookup.label))) {
            response_.truncate();
            return false;
        }
        dnames_.push_back({.node = lookup.node, .at = record});
    }
    // The labels that were asked for, then the target, both with the case of their letters.
    std::array<std::uint8_t, zones::max_name_length> rdata;
    const auto prefix = name_->label_at(lookup.label);
    if (response_.copy_name(owner_, rdata) == 0) return false;
    const auto size =
        response_.copy_name(wire::Response::rdata_at(record), std::span{rdata}.subspan(prefix));
    if (size == 0) {
        response_.set_rcode(Rcode::YXDomain);
        return false;
    }
    const auto cname_record = response_.size();
    if (!response_.add(Section::Answer, owner_, rr::CNAME, wire::RrClass::IN, zone_->ttl(dname),
                       std::span{rdata}.first(prefix + size))) {
        response_.truncate();
        return false;
    }
    if (request_.type == rr::CNAME) return false;
    return go_on(wire::Response::rdata_at(cname_record));
}

void Resolution::answer_steered(const zones::RrSet& set) noexcept {
    const auto& steer = zone_->steers()[set.at];
    const auto& map = served_->maps[set.at];
    const bool located = query_.map == &map;
    const auto subject = located ? query_.subject : subject_of(request_, client_, map);
    auto found = located ? query_.search.found() : map.find(subject.address, subject.population());
    found.scope = std::max(found.scope, subject.least_scope);
    if (!subject.by_subnet && client_.seen != nullptr)
        client_.seen->note(subject.address, query_.origin());
    const auto family = set.type == rr::A ? geo::Family::V4 : geo::Family::V6;
    const auto chosen = choose_edges(*served_, set.at, found, family, random_);
    if (trace_ != nullptr) {
        trace_->steer = &steer;
        trace_->steer_index = set.at;
        trace_->subject = subject;
        trace_->found = found;
        trace_->chosen = chosen;
    }
    bool any = false;
    const auto first = response_.size();
    for (const auto edge : chosen.edges) {
        const auto records = zone_->edge_wire(steer, edge, family);
        if (records.rr_count == 0) continue;
        any = true;
        if (served_->board != nullptr) served_->board->count(client_.lane, edge);
        if (add_edge(records, first)) continue;
        response_.truncate();
        break;
    }
    // No edge has an address of this family, wherever the client is and whatever health says.
    if (!steer.may_have(family)) return deny(Rcode::NoError);
    scope_ = subject.by_subnet ? found.scope : subject.least_scope;
    if (any) {
        if (chosen.ttl != steer.ttl) response_.set_ttl(first, chosen.ttl);
        return;
    }
    // Other edges have one, so the scope is that of an answer with addresses: with a scope of 0
    // this answer would go to all clients. Some resolvers know no scope of a negative answer (RFC
    // 7871 §7.4). In these it lives no longer than an address would.
    deny(Rcode::NoError, chosen.ttl);
}

/// Edges may share an address, which then stands in the RRset once (RFC 2181 §5).
bool Resolution::add_edge(const zones::WireSet& records, std::size_t first) noexcept {
    const auto size = records.octets.size() / records.rr_count;
    for (std::size_t at = 0; at < records.octets.size(); at += size) {
        const zones::WireSet record{
            .octets = records.octets.subspan(at, size), .fixups = {}, .rr_count = 1};
        const auto rdata = record.octets.subspan(wire::Response::rdata_at(0));
        if (response_.has_rdata(first, rdata)) continue;
        if (!response_.add(Section::Answer, record, owner_, apex_)) return false;
    }
    return true;
}

void Resolution::refer(const Zone::Lookup& lookup) noexcept {
    const auto& name_servers = *zone_->find(lookup.node, rr::NS);
    if (!response_.has_answers()) response_.clear_flags(wire::flag_aa);
    const auto cut = response_.suffix_at(owner_, lookup.label);
    const auto record = response_.size();
    if (!add(Section::Authority, name_servers, cut)) {
        response_.truncate();
        return;
    }
    add_addresses(name_servers, record, cut);
}

void Resolution::add_addresses(const zones::RrSet& set, std::size_t record,
                               std::size_t cut) noexcept {
    for (std::size_t i = 0; i < set.rr_count; ++i, record = response_.next_record(record)) {
        const auto node = zone_->target(set, i);
        if (node == Zone::none) continue;
        const bool required = cut != no_cut && zone_->is_below_cut(node);
        for (const auto type : {rr::A, rr::AAAA}) {
            const auto* addresses = zone_->find(node, type);
            if (addresses == nullptr || addresses->steered()) continue;
            if (add(Section::Additional, *addresses, wire::Response::rdata_at(record))) continue;
            // Without its glue the zone below cannot be reached (RFC 9471 §3.1), so TC tells the
            // client to ask over TCP. Over TCP there is nothing that it could do.
            if (required && client_.transport == Transport::Udp) response_.set_flags(wire::flag_tc);
        }
    }
}

void Resolution::deny(Rcode rcode, std::uint32_t ttl) noexcept {
    response_.set_rcode(rcode);
    const auto record = response_.size();
    if (!add(Section::Authority, zone_->negative_soa(), apex_)) {
        response_.truncate();
    } else if (ttl < zone_->ttl(zone_->negative_soa())) {
        response_.set_ttl(record, ttl);
    }
}

bool Resolution::add(Section section, const zones::RrSet& set, std::size_t owner) noexcept {
    return response_.add(section, zone_->wire(set), owner, apex_);
}

}  // namespace engine
