// SPDX-License-Identifier: Apache-2.0
#include "zones/zone_builder.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_set_length = 65535 - 12 - 255 - 4;  // beside the header and the question

void put16(std::vector<std::uint8_t>& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}

/// Everything of a record before its RDLENGTH; the owner is the question's name.
void put_record_head(std::vector<std::uint8_t>& to, RrType type, std::uint32_t ttl) {
    put16(to, 0xC00C);
    put16(to, type);
    put16(to, 1);  // IN
    put16(to, ttl >> 16);
    put16(to, ttl & 0xFFFF);
}

/// Labels in wire form before a name; nothing when that is too long for a name.
std::optional<Name> below(std::span<const std::uint8_t> labels, const Name& name) {
    std::vector<std::uint8_t> wire{labels.begin(), labels.end()};
    wire.insert(wire.end(), name.wire().begin(), name.wire().end());
    return Name::read(wire);
}

/// Whether what the records say is needed once all names are there.
bool leads_on(RrType type, const std::vector<Rdata>& rdatas) {
    const auto has_names = [](const Rdata& rdata) { return !rdata.names.empty(); };
    return type == rr::DNAME || std::ranges::any_of(rdatas, has_names);
}

std::string_view label_of(const Name& name, std::size_t index) {
    const auto label = name.suffix(index);
    return {reinterpret_cast<const char*>(label.data()) + 1, label[0]};
}

bool is_address(RrType type) {
    return type == rr::A || type == rr::AAAA;
}

}  // namespace

std::string_view own_answer(const Name& name, const Name& apex) {
    const auto below = name.label_count() - apex.label_count();
    if (below == 0) return {};
    if (label_of(name, below - 1) == "_probes") return "the dashboard";
    if (label_of(name, 0) == "_why") return "why a client gets its answer";
    return {};
}

ZoneBuilder::ZoneBuilder(const Name& apex, const Source& source)
    : source_{source}, zone_{new Zone{apex}} {
    add_name(apex);
}

void ZoneBuilder::expect(std::size_t names) {
    zone_->names_.reserve(names);
    parents_.reserve(names);
    pending_.reserve(names);
}

std::uint32_t ZoneBuilder::add_name(const Name& name) {
    auto& names = zone_->names_;
    const auto before = names.size();
    const auto node = names.add(name);
    if (names.size() == before) return node;
    parents_.push_back(Zone::none);
    // The names between it and the apex exist too, if only as empty non-terminals (RFC 8020 §3).
    auto child = node;
    const auto apex_label = name.label_count() - zone_->apex_.label_count();
    for (std::size_t label = 1; label <= apex_label; ++label) {
        const auto known = names.size();
        const auto parent = names.add(name, label);
        parents_[child] = parent;
        if (names.size() == known) break;
        parents_.push_back(Zone::none);
        child = parent;
    }
    return node;
}

void ZoneBuilder::add(const Name& owner, RrType type, std::uint32_t ttl, std::vector<Rdata> rdatas,
                      Place where) {
    Pending pending{
        .node = add_name(owner), .type = type, .set = {.type = type, .ttl = ttl},
                .where = where
    };
    write(rdatas, pending);
    if (leads_on(type, rdatas)) {
        pending.rdatas = static_cast<std::uint32_t>(rdatas_.size());
        rdatas_.push_back(std::move(rdatas));
    }
    pending_.push_back(pending);
}

void ZoneBuilder::add_steer(Steer steer, Place where) {
    const auto node = add_name(steer.owner);
    const auto index = static_cast<std::uint32_t>(zone_->steers_.size());
    for (const auto type : {rr::A, rr::AAAA}) {
        pending_.push_back({
            .node = node,
            .type = type,
            .set = {.type = type, .ttl = steer.ttl, .at = index},
            .where = where
        });
    }
    zone_->steers_.push_back(std::move(steer));
}

void ZoneBuilder::set_edges(std::vector<Edge> edges, geo::EdgeSites sites,
                            MissingFamily missing_family) {
    zone_->sites_ = std::move(sites);
    zone_->edges_ = std::move(edges);
    if (missing_family == MissingFamily::NoData) return;
    for (const auto family : {geo::Family::V4, geo::Family::V6}) {
        auto& bits = zone_->eligible_[family == geo::Family::V4 ? 0 : 1];
        bits.assign(zone_->edges_.size() / 64 + 1, 0);
        for (std::size_t i = 0; i < zone_->edges_.size(); ++i) {
            if (std::ranges::count(zone_->edges_[i].addresses, family, &geo::Address::family) > 0) {
                bits[i / 64] |= std::uint64_t{1} << (i % 64);
            }
        }
    }
}

void ZoneBuilder::set_name_servers(std::vector<NameServer> name_servers) {
    zone_->name_servers_ = std::move(name_servers);
}

std::shared_ptr<const Zone> ZoneBuilder::finish() {
    // Nearly sorted already: names are numbered as they come.
    const auto rest = std::ranges::is_sorted_until(pending_, {}, &ZoneBuilder::order);
    std::ranges::stable_sort(rest, pending_.end(), {}, &ZoneBuilder::order);
    std::ranges::inplace_merge(pending_, rest, {}, &ZoneBuilder::order);
    check_sets();
    lay_out();
    mark_cuts();
    check_below_cuts();
    check_targets();
    check_chains();
    if (!good_) return nullptr;
    warn_of_dangling_names();
    zone_->octets_.shrink_to_fit();
    zone_->sets_.shrink_to_fit();
    return std::shared_ptr<const Zone>{std::move(zone_)};
}

// Laying out

void ZoneBuilder::lay_out() {
    zone_->nodes_.resize(zone_->names_.size());
    zone_->sets_.reserve(pending_.size());
    for (auto& pending : pending_) {
        auto& node = zone_->nodes_[pending.node];
        if (node.count == 0) node.first = static_cast<std::uint32_t>(zone_->sets_.size());
        ++node.count;
        if (pending.type == rr::NS) write_targets(pending, pending.set);
        zone_->sets_.push_back(pending.set);
        if (pending.type != rr::SOA) continue;
        const auto& soa = rdatas(pending).front().octets;
        std::uint32_t minimum = 0;
        for (const auto octet : std::span{soa}.last(4)) minimum = minimum << 8 | octet;
        Pending negative = pending;
        negative.set = {.type = rr::SOA, .ttl = std::min(pending.set.ttl, minimum)};
        write(rdatas(negative), negative);
        zone_->negative_soa_ = negative.set;
    }
    for (std::uint32_t node = 0; node < zone_->nodes_.size(); ++node) {
        if (is_wildcard(node) && parents_[node] != Zone::none) {
            zone_->nodes_[parents_[node]].flags |= Zone::Node::HasWildcard;
        }
    }
    write_edges();
}

void ZoneBuilder::write(const std::vector<Rdata>& rdatas, Pending& pending) {
    auto& octets = zone_->octets_;
    auto& set = pending.set;
    set.at = static_cast<std::uint32_t>(octets.size());
    set.fixups_at = static_cast<std::uint32_t>(zone_->fixups_.size());
    set.rr_count = static_cast<std::uint16_t>(rdatas.size());
    for (const auto& rdata : rdatas) {
        put_record_head(octets, set.type, set.ttl);
        const auto length_at = octets.size();
        put16(octets, 0);
        write_rdata(rdata);
        const auto length = octets.size() - length_at - 2;
        octets[length_at] = static_cast<std::uint8_t>(length >> 8);
        octets[length_at + 1] = static_cast<std::uint8_t>(length);
        if (octets.size() - set.at > max_set_length || rdatas.size() > 0xFFFF) {
            return fault(pending, type_text(pending.type) + ": does not fit into a DNS message");
        }
    }
    set.length = static_cast<std::uint16_t>(octets.size() - set.at);
    for (auto i = set.fixups_at; i < zone_->fixups_.size(); ++i) {
        zone_->fixups_[i] = static_cast<std::uint16_t>(zone_->fixups_[i] - (set.at & 0xFFFF));
    }
    set.fixup_count = static_cast<std::uint16_t>(zone_->fixups_.size() - set.fixups_at);
}

void ZoneBuilder::write_rdata(const Rdata& rdata) {
    std::size_t at = 0;
    for (const auto name_at : rdata.names) {
        zone_->octets_.insert(zone_->octets_.end(), rdata.octets.begin() + static_cast<long>(at),
                              rdata.octets.begin() + name_at);
        const auto name = name_in(rdata, name_at);
        write_name(*name);
        at = name_at + name->length();
    }
    zone_->octets_.insert(zone_->octets_.end(), rdata.octets.begin() + static_cast<long>(at),
                          rdata.octets.end());
}

/// Writes a name with as much of it as possible left to a pointer into the apex's name.
void ZoneBuilder::write_name(const Name& name) {
    auto& octets = zone_->octets_;
    const Name& apex = zone_->apex_;
    std::size_t shared = 0;  // labels from the end
    while (shared < std::min(name.label_count(), apex.label_count()) &&
           std::ranges::equal(name.suffix(name.label_count() - shared - 1),
                              apex.suffix(apex.label_count() - shared - 1))) {
        ++shared;
    }
    const auto own = name.wire().first(name.label_at(name.label_count() - shared));
    octets.insert(octets.end(), own.begin(), own.end());
    if (shared == 0) {
        octets.push_back(0);
        return;
    }
    zone_->fixups_.push_back(static_cast<std::uint16_t>(octets.size() & 0xFFFF));
    put16(octets, apex.label_at(apex.label_count() - shared));
}

void ZoneBuilder::write_targets(const Pending& pending, RrSet& set) {
    set.targets_at = static_cast<std::uint32_t>(zone_->targets_.size());
    for (const auto& rdata : rdatas(pending)) {
        const auto target = name_in(rdata, 0);
        zone_->targets_.push_back(target->within(zone_->apex_) ? zone_->names_.find(*target)
                                                               : Zone::none);
    }
}

void ZoneBuilder::write_edges() {
    for (auto& steer : zone_->steers_) steer.blocks = edge_blocks(steer.ttl);
}

/// The number of the set of blocks with this TTL, which is written if there is none yet.
std::uint32_t ZoneBuilder::edge_blocks(std::uint32_t ttl) {
    const auto known = std::ranges::find(block_ttls_, ttl);
    const auto number = static_cast<std::uint32_t>(known - block_ttls_.begin());
    if (known != block_ttls_.end()) return number;
    block_ttls_.push_back(ttl);
    auto& octets = zone_->octets_;
    for (const auto& edge : zone_->edges_) {
        for (const auto family : {geo::Family::V4, geo::Family::V6}) {
            Zone::EdgeBlock block{.at = static_cast<std::uint32_t>(octets.size())};
            const std::size_t size = width(family) / 8;
            for (const auto& address : edge.addresses) {
                if (address.family != family) continue;
                put_record_head(octets, family == geo::Family::V4 ? rr::A : rr::AAAA, ttl);
                put16(octets, size);
                octets.resize(octets.size() + size);
                write_octets(address, std::span{octets}.last(size));
                ++block.rr_count;
            }
            block.length = static_cast<std::uint16_t>(octets.size() - block.at);
            zone_->edge_blocks_.push_back(block);
        }
    }
    return number;
}

void ZoneBuilder::mark_cuts() {
    for (std::uint32_t node = 0; node < zone_->nodes_.size(); ++node) {
        auto& flags = zone_->nodes_[node].flags;
        if (node != 0 && find(node, rr::NS) != nullptr) flags |= Zone::Node::Cut;
        if (find(node, rr::DNAME) != nullptr) flags |= Zone::Node::Dname;
    }
    for (std::uint32_t node = 0; node < zone_->nodes_.size(); ++node) {
        if (has_cut_above(node)) zone_->nodes_[node].flags |= Zone::Node::Below;
    }
}

bool ZoneBuilder::has_cut_above(std::uint32_t node) const {
    for (auto at = parents_[node]; at != Zone::none; at = parents_[at]) {
        if (zone_->nodes_[at].has(Zone::Node::Cut)) return true;
    }
    return false;
}

// Checking

void ZoneBuilder::fault(const Pending& pending, std::string text) {
    good_ = false;
    source_.fault_at(pending.where, std::move(text));
}

void ZoneBuilder::check_sets() {
    for (std::size_t begin = 0; begin < pending_.size();) {
        std::size_t end = begin + 1;
        while (end < pending_.size() && pending_[end].node == pending_[begin].node) ++end;
        check_together(std::span{pending_}.subspan(begin, end - begin));
        begin = end;
    }
}

bool ZoneBuilder::is_wildcard(std::uint32_t node) const {
    const auto labels = zone_->names_.labels(node);
    return labels.size() >= 2 && labels[0] == 1 && labels[1] == '*';
}

/// What may stand together at one name.
void ZoneBuilder::check_together(std::span<const Pending> at_node) {
    const auto of_type = [&](RrType type) {
        const auto found = std::ranges::find(at_node, type, &Pending::type);
        return found == at_node.end() ? nullptr : &*found;
    };
    const auto node = at_node.front().node;
    for (std::size_t i = 0; i < at_node.size(); ++i) {
        const auto& pending = at_node[i];
        if (i > 0 && at_node[i - 1].type == pending.type) {
            const bool steered = pending.set.steered() || at_node[i - 1].set.steered();
            // A name with both, say, is told once, not once for A and once for AAAA.
            if (!steered || pending.type == rr::A || of_type(rr::A) == nullptr) {
                fault(pending, zone_->names_.name(node).text() + " has " + type_text(pending.type) +
                                   " twice" + (steered ? ": \"steer\" makes its A and AAAA" : ""));
            }
        }
        const bool single =
            pending.type == rr::CNAME || pending.type == rr::DNAME || pending.type == rr::SOA;
        if (single && pending.set.rr_count > 1) {
            fault(pending, type_text(pending.type) + " takes one value only");
        }
        if (pending.type == rr::SOA && pending.node != 0) {
            fault(pending, "SOA stands at the zone's apex \"@\" only");
        }
    }
    if (const auto* cname = of_type(rr::CNAME); cname != nullptr && at_node.size() > 1) {
        std::string others;
        for (const auto& other : at_node) {
            const auto text = other.set.steered() ? "steer" : type_text(other.type);
            if (other.type != rr::CNAME && others.find(text) == std::string::npos)
                others += " " + text;
        }
        fault(*cname, "CNAME allows no other data at its name (RFC 1034 §3.6.2), found" + others);
    }
    const auto* name_servers = of_type(rr::NS);
    const auto* ds = of_type(rr::DS);
    if (ds != nullptr && (name_servers == nullptr || ds->node == 0)) {
        fault(*ds, "DS stands at a delegation only, beside its NS");
    }
    if (name_servers != nullptr && is_wildcard(node)) {
        fault(*name_servers, "NS at a wildcard has no meaning (RFC 4592 §4.2)");
    }
    if (const auto* dname = of_type(rr::DNAME); dname != nullptr && is_wildcard(node)) {
        fault(*dname, "DNAME at a wildcard has no meaning (RFC 4592 §4.4)");
    }
}

void ZoneBuilder::check_below_cuts() {
    const std::unordered_set<std::uint32_t> targets{zone_->targets_.begin(), zone_->targets_.end()};
    for (const auto& pending : pending_) {
        if (pending.set.steered() && pending.type == rr::AAAA) continue;  // said once, for A
        const auto& node = zone_->nodes_[pending.node];
        const auto what = [&] {
            return pending.set.steered() ? "\"steer\"" : type_text(pending.type);
        };
        const bool glue = is_address(pending.type) && !pending.set.steered();
        if (node.has(Zone::Node::Below) && !glue) {
            fault(pending, what() +
                               " below a delegation belongs into the delegated zone; only glue (A "
                               "and AAAA) may stand here");
        }
        const bool at_cut = pending.type == rr::NS || pending.type == rr::DS;
        if (node.has(Zone::Node::Cut) && !node.has(Zone::Node::Below) && !at_cut &&
            !(glue && targets.contains(pending.node))) {
            fault(pending, what() + " beside NS belongs into the delegated zone");
        }
        for (auto at = parents_[pending.node]; at != Zone::none; at = parents_[at]) {
            if (!zone_->nodes_[at].has(Zone::Node::Dname)) continue;
            fault(pending, "no name may stand below a DNAME (RFC 6672 §2.4)");
            break;
        }
    }
}

void ZoneBuilder::check_targets() {
    for (const auto& pending : pending_) {
        if (pending.type != rr::NS) continue;
        for (const auto& rdata : rdatas(pending)) {
            const auto target = name_in(rdata, 0);
            if (!target->within(zone_->apex_)) continue;
            const auto node = zone_->names_.find(*target);
            const auto fixed = [&](RrType type) {
                const auto* set = node == Zone::none ? nullptr : find(node, type);
                return set != nullptr && !set->steered();
            };
            if (fixed(rr::A) || fixed(rr::AAAA)) continue;
            fault(pending, "the name server " + target->text() +
                               " is inside this zone and has no address here");
        }
    }
}

/// A relative name that was meant to be absolute is found here more often than anywhere else.
void ZoneBuilder::warn_of_dangling_names() {
    for (const auto& pending : pending_) {
        if (pending.type == rr::SOA || pending.type == rr::NS) continue;
        for (const auto& rdata : rdatas(pending)) {
            for (const auto at : rdata.names) {
                const auto target = name_in(rdata, at);
                if (!target->within(zone_->apex_)) continue;
                if (zone_->look_up(*target).found != Zone::Found::NxDomain) continue;
                source_.warn_at(pending.where, type_text(pending.type) + " leads to " +
                                                   target->text() +
                                                   ", which does not exist; a name outside of this "
                                                   "zone needs a dot at its end");
            }
        }
    }
}

/// Where a resolver is led from a name by a CNAME or DNAME; nothing when by none.
std::optional<Name> ZoneBuilder::next_name(const Name& name) const {
    const auto [found, node, label] = zone_->look_up(name);
    const auto target_of = [&](RrType type) -> std::optional<Name> {
        if (find(node, type) == nullptr) return std::nullopt;
        const auto source =
            std::ranges::lower_bound(pending_, std::pair{node, type}, {}, &ZoneBuilder::order);
        return name_in(rdatas(*source).front(), 0);
    };
    if (found == Zone::Found::Exact || found == Zone::Found::Wildcard) return target_of(rr::CNAME);
    if (found != Zone::Found::Dname) return std::nullopt;
    const auto target = target_of(rr::DNAME);
    return target ? below(name.wire().first(name.label_at(label)), *target) : std::nullopt;
}

void ZoneBuilder::check_chains() {
    constexpr std::uint8_t any_label[] = {1, '_'};
    for (const auto& pending : pending_) {
        if (pending.type != rr::CNAME && pending.type != rr::DNAME) continue;
        auto target = name_in(rdatas(pending).front(), 0);
        if (target && pending.type == rr::DNAME) target = below(any_label, *target);
        for (std::size_t step = 1; target && target->within(zone_->apex_); ++step) {
            if (step > max_chain) {
                fault(pending, type_text(pending.type) + " leads in a circle, or over more than " +
                                   std::to_string(max_chain) + " names");
                break;
            }
            target = next_name(*target);
        }
    }
}

}  // namespace zones
