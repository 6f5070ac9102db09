// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_builder.hpp"

#include <algorithm>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_set_length = 65535 - 12 - 255 - 4;  // beside the header and the question

void put16(std::vector<std::uint8_t>& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}

/// Writes a record up to its RDLENGTH; its owner is the question's name.
void put_record_head(std::vector<std::uint8_t>& to, RrType type, std::uint32_t ttl) {
    put16(to, 0xC00C);
    put16(to, type);
    put16(to, 1);  // IN
    put16(to, ttl >> 16);
    put16(to, ttl & 0xFFFF);
}

bool is_wildcard(std::span<const std::uint8_t> wire) {
    return wire.size() >= 2 && wire[0] == 1 && wire[1] == '*';
}

/// True if the names in the records are needed once all names are there.
bool leads_on(RrType type, const std::vector<Rdata>& rdatas) {
    return !rdatas.empty() && !names_of(type, rdatas.front().octets).empty();
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
    : source_{source}, zone_{new Zone{apex}}, names_{apex} {
    add_name(apex);
}

void ZoneBuilder::expect(std::size_t names) {
    names_.reserve(names);
    parents_.reserve(names);
    pending_.reserve(names);
}

std::uint32_t ZoneBuilder::add_name(const Name& name) {
    const auto before = names_.size();
    const auto number = names_.add(name);
    if (names_.size() == before) return number;
    parents_.push_back(Zone::none);
    // The names between it and the apex exist too, if only as empty non-terminals (RFC 8020 §3).
    auto child = number;
    const auto apex_label = name.label_count() - zone_->apex_.label_count();
    for (std::size_t label = 1; label <= apex_label; ++label) {
        const auto known = names_.size();
        const auto parent = names_.add(name, label);
        parents_[child] = parent;
        if (names_.size() == known) break;
        parents_.push_back(Zone::none);
        child = parent;
    }
    return number;
}

void ZoneBuilder::add(const Name& owner, RrType type, std::uint32_t ttl, std::vector<Rdata> rdatas,
                      Place where) {
    Pending pending{.number = add_name(owner), .type = type, .ttl = ttl, .where = where};
    write(rdatas, pending);
    if (leads_on(type, rdatas)) {
        pending.rdatas = static_cast<std::uint32_t>(rdatas_.size());
        rdatas_.push_back(std::move(rdatas));
    }
    pending_.push_back(pending);
}

void ZoneBuilder::add_steer(Steer steer, Place where) {
    const auto number = add_name(steer.owner);
    const auto index = static_cast<std::uint32_t>(zone_->steers_.size());
    for (const auto type : {rr::A, rr::AAAA}) {
        Pending pending{.number = number, .type = type, .ttl = steer.ttl, .where = where};
        pending.set = {.type = type, .at = index};
        pending_.push_back(pending);
    }
    zone_->steers_.push_back(std::move(steer));
}

void ZoneBuilder::set_edges(std::vector<Edge> edges, geo::EdgeSites sites,
                            MissingFamily missing_family) {
    zone_->sites_ = std::move(sites);
    zone_->edges_ = std::move(edges);
    missing_family_ = missing_family;
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

void ZoneBuilder::set_serial(std::uint32_t serial, SerialOf of) {
    zone_->serial_ = serial;
    if (of == SerialOf::Zone) digest_.add_serial(serial);
}

std::shared_ptr<const Zone> ZoneBuilder::finish() {
    // Nearly sorted already: names are numbered as they come.
    const auto rest = std::ranges::is_sorted_until(pending_, {}, &ZoneBuilder::order);
    std::ranges::stable_sort(rest, pending_.end(), {}, &ZoneBuilder::order);
    std::ranges::inplace_merge(pending_, rest, {}, &ZoneBuilder::order);
    check_sets();
    mark_nodes();
    check_below_cuts();
    lay_out();
    check_targets();
    check_chains();
    if (!good_) return nullptr;
    warn_of_doubtful_names();
    return std::shared_ptr<const Zone>{std::move(zone_)};
}

// Laying out

template <class Each>
void ZoneBuilder::for_each_node(Each each) const {
    auto rest = std::span{pending_};
    for (std::uint32_t number = 0; number < parents_.size(); ++number) {
        std::size_t count = 0;
        while (count < rest.size() && rest[count].number == number) ++count;
        each(number, rest.first(count));
        rest = rest.subspan(count);
    }
}

void ZoneBuilder::lay_out() {
    place_nodes();
    std::vector<NewSet> sets;
    std::vector<std::vector<std::uint32_t>> targets;  // outlive what looks at them
    for_each_node([&](std::uint32_t number, std::span<const Pending> at_name) {
        sets.clear();
        targets.clear();
        for (const auto& pending : at_name) {
            auto& set = sets.emplace_back(new_set(pending));
            digest_.add_set(names_.stored(number), pending.type, set.octets);
            if (pending.type != rr::NS) continue;
            targets.push_back(targets_of(pending));
            for (auto& target : targets.back())
                target = target == Zone::none ? target : nodes_[target];
            set.targets = targets.back();
        }
        zone_->nodes_.add_node(names_.stored(number), flags_[number], sets);
    });
    for (const auto& pending : pending_) {
        if (pending.type == rr::SOA) write_negative_soa(pending);
    }
    write_edges();
    digest_all();
    zone_->name_count_ = names_.size();
    zone_->nodes_.index(std::move(names_), nodes_);
}

/// Digests everything except the records, which are in the digest by now.
void ZoneBuilder::digest_all() {
    const std::span<const Edge> edges{zone_->edges_};
    for (const auto& steer : zone_->steers_) digest_.add_steer(steer, edges);
    for (std::size_t i = 0; i < edges.size(); ++i) digest_.add_edge(edges[i], zone_->sites_.at(i));
    digest_.add_choices(zone_->all_down_, missing_family_, edges);
    zone_->digest_ = digest_.value();
}

/// Nodes refer to each other, so the place of each is found before any is written.
void ZoneBuilder::place_nodes() {
    std::size_t size = 0;
    nodes_.reserve(parents_.size());
    for_each_node([&](std::uint32_t number, std::span<const Pending> at_name) {
        nodes_.push_back(NodeStore::node_at(size));
        size += NodeStore::node_size(names_.stored(number).size(), at_name.size());
        for (const auto& pending : at_name) {
            size += NodeStore::set_size(new_set(pending));
            if (pending.type == rr::NS) size += rdatas(pending).size() * sizeof(std::uint32_t);
        }
    });
    constexpr std::size_t negative_soa = 1024;
    zone_->nodes_.reserve(size + negative_soa);
}

NewSet ZoneBuilder::new_set(const Pending& pending) const {
    if (pending.set.steered()) return {.set = pending.set, .octets = {}, .fixups = {}};
    const auto& set = pending.set;
    return {.set = set,
            .octets = std::span{octets_}.subspan(pending.octets_at, set.length),
            .fixups = std::span{fixups_}.subspan(pending.fixups_at, set.fixup_count)};
}

/// RFC 2308 §5: the SOA's own TTL, or its MINIMUM where that is less.
void ZoneBuilder::write_negative_soa(const Pending& soa) {
    std::uint32_t minimum = 0;
    for (const auto octet : std::span{rdatas(soa).front().octets}.last(4))
        minimum = minimum << 8 | octet;
    auto negative = soa;
    negative.ttl = std::min(soa.ttl, minimum);
    write(rdatas(soa), negative);
    zone_->negative_soa_ = zone_->nodes_.add_set(new_set(negative));
}

void ZoneBuilder::write(const std::vector<Rdata>& rdatas, Pending& pending) {
    auto& set = pending.set;
    pending.octets_at = static_cast<std::uint32_t>(octets_.size());
    pending.fixups_at = static_cast<std::uint32_t>(fixups_.size());
    set = {.type = pending.type, .rr_count = static_cast<std::uint16_t>(rdatas.size())};
    for (const auto& rdata : rdatas) {
        put_record_head(octets_, pending.type, pending.ttl);
        const auto length_at = octets_.size();
        put16(octets_, 0);
        write_rdata(rdata);
        const auto length = octets_.size() - length_at - 2;
        octets_[length_at] = static_cast<std::uint8_t>(length >> 8);
        octets_[length_at + 1] = static_cast<std::uint8_t>(length);
        if (octets_.size() - pending.octets_at > max_set_length || rdatas.size() > 0xFFFF) {
            return fault(pending, type_text(pending.type) + ": does not fit into a DNS message");
        }
    }
    set.length = static_cast<std::uint16_t>(octets_.size() - pending.octets_at);
    for (auto i = pending.fixups_at; i < fixups_.size(); ++i) {
        fixups_[i] = static_cast<std::uint16_t>(fixups_[i] - (pending.octets_at & 0xFFFF));
    }
    set.fixup_count = static_cast<std::uint16_t>(fixups_.size() - pending.fixups_at);
}

void ZoneBuilder::write_rdata(const Rdata& rdata) {
    std::size_t at = 0;
    for (const auto name_at : rdata.names) {
        octets_.insert(octets_.end(), rdata.octets.begin() + static_cast<long>(at),
                       rdata.octets.begin() + name_at);
        const auto name = name_in(rdata, name_at);
        write_name(*name, std::span{rdata.octets}.subspan(name_at, name->length()));
        at = name_at + name->length();
    }
    octets_.insert(octets_.end(), rdata.octets.begin() + static_cast<long>(at), rdata.octets.end());
}

/// Writes a name and leaves as much of it as possible to a pointer into the apex's name. Labels
/// with capitals are written out, because answers show them as the file has them (RFC 4343 §4.1).
void ZoneBuilder::write_name(const Name& name, std::span<const std::uint8_t> written) {
    const Name& apex = zone_->apex_;
    std::size_t shared = 0;  // labels from the end
    while (shared < std::min(name.label_count(), apex.label_count()) &&
           std::ranges::equal(written.subspan(name.label_at(name.label_count() - shared - 1)),
                              apex.suffix(apex.label_count() - shared - 1))) {
        ++shared;
    }
    const auto own = written.first(name.label_at(name.label_count() - shared));
    octets_.insert(octets_.end(), own.begin(), own.end());
    if (shared == 0) {
        octets_.push_back(0);
        return;
    }
    fixups_.push_back(static_cast<std::uint16_t>(octets_.size() & 0xFFFF));
    put16(octets_, apex.label_at(apex.label_count() - shared));
}

std::vector<std::uint32_t> ZoneBuilder::targets_of(const Pending& pending) const {
    std::vector<std::uint32_t> targets;
    for (const auto& rdata : rdatas(pending)) {
        const auto target = name_in(rdata, 0);
        targets.push_back(target->within(zone_->apex_) ? names_.find(*target) : Zone::none);
    }
    return targets;
}

void ZoneBuilder::write_edges() {
    for (auto& steer : zone_->steers_) {
        steer.blocks = edge_blocks(steer.ttl);
        note_families(steer, steer.policy);
        const auto& [kind, last_resort] = zone_->all_down_;
        if (kind == AllDown::Kind::LastResort) note_families(steer, last_resort);
    }
}

void ZoneBuilder::note_families(Steer& steer, const geo::Policy& policy) const {
    if (policy.kind == geo::Policy::Kind::Edge) note_families(steer, policy.edge);
    for (const auto& child : policy.children) note_families(steer, child);
}

void ZoneBuilder::note_families(Steer& steer, geo::EdgeIndex edge) const {
    if (edge >= zone_->edges_.size()) return;  // of a policy with a fault, of which no zone comes
    for (const auto& address : zone_->edges_[edge].addresses)
        steer.families[address.family == geo::Family::V4 ? 0 : 1] = true;
}

/// Returns the number of the set of blocks with this TTL. Writes the set if there is none yet.
std::uint32_t ZoneBuilder::edge_blocks(std::uint32_t ttl) {
    const auto known = std::ranges::find(block_ttls_, ttl);
    const auto number = static_cast<std::uint32_t>(known - block_ttls_.begin());
    if (known != block_ttls_.end()) return number;
    block_ttls_.push_back(ttl);
    auto& octets = zone_->edge_octets_;
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

void ZoneBuilder::mark_nodes() {
    flags_.resize(parents_.size());
    for (const auto& pending : pending_) {
        auto& flags = flags_[pending.number];
        if (pending.type == rr::NS && pending.number != 0) flags |= NodeStore::Cut;
        if (pending.type == rr::DNAME) flags |= NodeStore::Dname;
    }
    for (std::uint32_t number = 0; number < parents_.size(); ++number) {
        if (has_cut_above(number)) flags_[number] |= NodeStore::Below;
        if (parents_[number] != Zone::none && is_wildcard(names_.stored(number))) {
            flags_[parents_[number]] |= NodeStore::HasWildcard;
        }
    }
}

bool ZoneBuilder::has_cut_above(std::uint32_t number) const {
    for (auto at = parents_[number]; at != Zone::none; at = parents_[at]) {
        if (is_marked(at, NodeStore::Cut)) return true;
    }
    return false;
}

}  // namespace zones
