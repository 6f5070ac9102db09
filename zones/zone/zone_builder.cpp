// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_builder.hpp"

#include "zones/zone/zone_rules.hpp"

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

}  // namespace

std::string_view own_answer(const Name& name, const Name& apex) {
    const auto below = name.label_count() - apex.label_count();
    if (below == 0) return {};
    if (label_of(name, below - 1) == "_probes") return "the dashboard";
    if (label_of(name, 0) == "_why") return "why a client gets its answer";
    return {};
}

ZoneBuilder::ZoneBuilder(const Name& apex, const Source& source)
    : source_{source}, zone_{new Zone{apex}}, draft_{apex} {}

void ZoneBuilder::expect(std::size_t names) {
    draft_.expect(names);
}

void ZoneBuilder::add(const Name& owner, RrType type, std::uint32_t ttl, std::vector<Rdata> rdatas,
                      FilePosition where) {
    PendingSet pending{.number = draft_.add_name(owner), .type = type, .ttl = ttl, .where = where};
    write(rdatas, pending);
    draft_.add_set(pending, std::move(rdatas));
}

void ZoneBuilder::add_steer(Steer steer, FilePosition where) {
    const auto number = draft_.add_name(steer.owner);
    const auto index = static_cast<std::uint32_t>(zone_->steers_.size());
    for (const auto type : {rr::A, rr::AAAA}) {
        PendingSet pending{.number = number, .type = type, .ttl = steer.ttl, .where = where};
        pending.set = {.type = type, .at = index};
        draft_.add_set(pending);
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
    draft_.sort();
    ZoneRules rules{draft_, source_};
    rules.check_sets();
    draft_.mark_nodes();
    rules.check_below_cuts();
    lay_out();
    const LaidOutZone laid_out{.zone = *zone_, .store = zone_->nodes_, .nodes = nodes_};
    rules.check_targets(laid_out);
    rules.check_chains(laid_out);
    if (!good_ || !rules.kept()) return nullptr;
    rules.warn_of_doubtful_names(*zone_);
    return std::shared_ptr<const Zone>{std::move(zone_)};
}

void ZoneBuilder::fault(const PendingSet& pending, std::string text) {
    good_ = false;
    source_.fault_at(pending.where, std::move(text));
}

void ZoneBuilder::lay_out() {
    place_nodes();
    std::vector<NewSet> sets;
    std::vector<std::vector<std::uint32_t>> targets;  // outlive what looks at them
    draft_.for_each_node([&](std::uint32_t number, std::span<const PendingSet> at_name) {
        sets.clear();
        targets.clear();
        for (const auto& pending : at_name) {
            auto& set = sets.emplace_back(new_set(pending));
            digest_.add_set(draft_.names().stored(number), pending.type, set.octets);
            if (pending.type != rr::NS) continue;
            targets.push_back(draft_.targets_of(pending));
            for (auto& target : targets.back())
                target = target == Zone::none ? target : nodes_[target];
            set.targets = targets.back();
        }
        zone_->nodes_.add_node(draft_.names().stored(number), draft_.flags(number), sets);
    });
    for (const auto& pending : draft_.sets()) {
        if (pending.type == rr::SOA) write_negative_soa(pending);
    }
    write_edges();
    digest_all();
    zone_->name_count_ = draft_.name_count();
    zone_->nodes_.index(draft_.take_names(), nodes_);
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
    nodes_.reserve(draft_.name_count());
    draft_.for_each_node([&](std::uint32_t number, std::span<const PendingSet> at_name) {
        nodes_.push_back(NodeStore::node_at(size));
        size += NodeStore::node_size(draft_.names().stored(number).size(), at_name.size());
        for (const auto& pending : at_name) {
            size += NodeStore::set_size(new_set(pending));
            if (pending.type == rr::NS)
                size += draft_.rdatas(pending).size() * sizeof(std::uint32_t);
        }
    });
    constexpr std::size_t negative_soa = 1024;
    zone_->nodes_.reserve(size + negative_soa);
}

NewSet ZoneBuilder::new_set(const PendingSet& pending) const {
    if (pending.set.steered()) return {.set = pending.set, .octets = {}, .fixups = {}};
    const auto& set = pending.set;
    return {.set = set,
            .octets = std::span{octets_}.subspan(pending.octets_at, set.length),
            .fixups = std::span{fixups_}.subspan(pending.fixups_at, set.fixup_count)};
}

/// RFC 2308 §5: the SOA's own TTL, or its MINIMUM where that is less.
void ZoneBuilder::write_negative_soa(const PendingSet& soa) {
    std::uint32_t minimum = 0;
    for (const auto octet : std::span{draft_.rdatas(soa).front().octets}.last(4))
        minimum = minimum << 8 | octet;
    auto negative = soa;
    negative.ttl = std::min(soa.ttl, minimum);
    write(draft_.rdatas(soa), negative);
    zone_->negative_soa_ = zone_->nodes_.add_set(new_set(negative));
}

void ZoneBuilder::write(const std::vector<Rdata>& rdatas, PendingSet& pending) {
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

}  // namespace zones
