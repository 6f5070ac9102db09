// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/render.hpp"

#include "dnsd/wire/message.hpp"
#include "zones/name/record_type.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <variant>

namespace engine {
namespace {

using wire::Rcode;
using wire::Section;
using zones::Zone;
namespace rr = zones::rr;

constexpr std::size_t no_cut = 0;

/// RFC 8482 §4.2: the CPU field says why the answer is so short.
constexpr std::uint8_t minimal_any[] = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
constexpr std::uint32_t minimal_any_ttl = 3600;

}  // namespace

bool Renderer::write(const Finding& finding) noexcept {
    const bool fits =
        std::visit([&](const auto& found) { return add(found, finding.at); }, finding.what);
    if (!fits) response_.truncate();
    return fits;
}

bool Renderer::add(const PlainSet& found, const Lookup&) noexcept {
    const auto record = response_.size();
    if (!add_set(Section::Answer, *found.set, owner_)) return false;
    if (found.set->type == rr::NS) add_addresses(*found.set, record, no_cut);
    return true;
}

bool Renderer::add(const SteeredSet& found, const Lookup&) noexcept {
    const auto& [steer, answer] = found;
    const auto first = response_.size();
    for (const auto edge : answer.edges) {
        if (!add_edge(zone_.edge_wire(*steer, edge, answer.family), first)) return false;
    }
    if (answer.ttl != steer->ttl) response_.set_ttl(first, answer.ttl);
    return true;
}

/// Edges may share an address, which then stands in the RRset once (RFC 2181 §5).
bool Renderer::add_edge(const zones::WireSet& records, std::size_t first) noexcept {
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

bool Renderer::add(const Alias& found, const Lookup&) noexcept {
    const auto record = response_.size();
    if (!add_set(Section::Answer, *found.cname, owner_)) return false;
    owner_ = wire::Response::rdata_at(record);
    return true;
}

/// RFC 6672 §3: the DNAME, and a CNAME made of it.
bool Renderer::add(const Substitution& found, const Lookup& at) noexcept {
    // A chain may pass here twice, but the record stands in the answer once (RFC 2181 §5).
    const auto known = std::ranges::find(dnames_, found.dname, &DnameRecord::set);
    const auto record = known == dnames_.end() ? response_.size() : known->at;
    if (known == dnames_.end()) {
        const auto owner = response_.suffix_at(owner_, at.label);
        if (!add_set(Section::Answer, *found.dname, owner)) return false;
        dnames_.push_back({.set = found.dname, .at = record});
    }
    if (found.too_long) {
        response_.set_rcode(Rcode::YXDomain);
        return true;
    }
    // The labels that were asked for, then the target, both with the case of their letters.
    std::array<std::uint8_t, zones::max_name_length> rdata;
    if (response_.copy_name(owner_, rdata) == 0) return false;
    const auto target = std::span{rdata}.subspan(found.kept);
    const auto size = response_.copy_name(wire::Response::rdata_at(record), target);
    const auto cname = response_.size();
    if (!response_.add(Section::Answer, owner_, rr::CNAME, wire::RrClass::IN,
                       zone_.ttl(*found.dname), std::span{rdata}.first(found.kept + size))) {
        return false;
    }
    owner_ = wire::Response::rdata_at(cname);
    return true;
}

bool Renderer::add(const Cut& found, const Lookup& at) noexcept {
    if (!response_.has_answers()) response_.clear_flags(wire::flag_aa);
    const auto cut = response_.suffix_at(owner_, at.label);
    const auto record = response_.size();
    if (!add_set(Section::Authority, *found.name_servers, cut)) return false;
    add_addresses(*found.name_servers, record, cut);
    return true;
}

bool Renderer::add(const AllTypes&, const Lookup&) noexcept {
    return response_.add(Section::Answer, owner_, rr::HINFO, wire::RrClass::IN, minimal_any_ttl,
                         minimal_any);
}

bool Renderer::add(const NoType& found, const Lookup&) noexcept {
    return add_soa(found.ttl_limit);
}

bool Renderer::add(const NoName& found, const Lookup&) noexcept {
    response_.set_rcode(Rcode::NXDomain);
    return add_soa(found.ttl_limit);
}

bool Renderer::add(const Observed& found, const Lookup&) noexcept {
    std::array<std::uint8_t, 256> rdata;
    for (const auto& line : found.observation->lines) {
        const auto length = std::min<std::size_t>(line.size(), 255);
        rdata[0] = static_cast<std::uint8_t>(length);
        std::memcpy(rdata.data() + 1, line.data(), length);
        if (!response_.add(Section::Answer, owner_, rr::TXT, wire::RrClass::IN, 0,
                           std::span{rdata}.first(length + 1))) {
            return false;
        }
    }
    return true;
}

/// Anybody could send queries under an observer's address and have long answers sent to it. A
/// client whose answer is truncated comes back by TCP, which proves its address.
bool Renderer::add(const Unproved&, const Lookup&) noexcept {
    return false;
}

void Renderer::add_addresses(const zones::RrSet& set, std::size_t record,
                             std::size_t cut) noexcept {
    for (std::size_t i = 0; i < set.rr_count; ++i, record = response_.next_record(record)) {
        const auto node = zone_.target(set, i);
        if (node == Zone::none) continue;
        const bool required = cut != no_cut && zone_.is_below_cut(node);
        for (const auto type : {rr::A, rr::AAAA}) {
            const auto* addresses = zone_.find(node, type);
            if (addresses == nullptr || addresses->steered()) continue;
            if (add_set(Section::Additional, *addresses, wire::Response::rdata_at(record)))
                continue;
            // Without its glue the zone below cannot be reached (RFC 9471 §3.1), so TC tells the
            // client to ask over TCP. Over TCP there is nothing that it could do.
            if (required && transport_ == Transport::Udp) response_.set_flags(wire::flag_tc);
        }
    }
}

bool Renderer::add_soa(std::uint32_t ttl_limit) noexcept {
    const auto record = response_.size();
    if (!add_set(Section::Authority, zone_.negative_soa(), apex_)) return false;
    if (ttl_limit < zone_.ttl(zone_.negative_soa())) response_.set_ttl(record, ttl_limit);
    return true;
}

bool Renderer::add_set(Section section, const zones::RrSet& set, std::size_t owner) noexcept {
    return response_.add(section, zone_.wire(set), owner, apex_);
}

}  // namespace engine
