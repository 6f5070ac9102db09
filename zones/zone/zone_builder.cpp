// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_builder.hpp"

#include "geo/base/big_endian.hpp"
#include "zones/zone/name_marks.hpp"
#include "zones/zone/set_writer.hpp"
#include "zones/zone/zone_digest.hpp"
#include "zones/zone/zone_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zones {

class ZoneBuilder {
 public:
    ZoneBuilder(Contents&& contents, const Source& source)
        : source_{source},
          contents_{std::move(contents)},
          zone_{new Zone{contents_.apex()}},
          writer_{contents_.apex()} {}

    std::shared_ptr<const Zone> build();

 private:
    using Sets = std::span<const Contents::Set>;

    void place_nodes();
    void write_sets(Sets at_name);
    void lay_out(const NameMarks& marks);
    [[nodiscard]] std::vector<std::uint32_t> target_nodes(const Contents::Set& name_servers) const;
    void take_settings();
    void digest_all();
    void write_negative_soa(const Contents::Set& soa);
    void write_edges();
    std::uint32_t edge_blocks(std::uint32_t ttl);
    void note_families(Steer& steer, const geo::Policy& policy) const;
    void note_families(Steer& steer, geo::EdgeIndex edge) const;

    const Source& source_;
    Contents contents_;
    std::unique_ptr<Zone> zone_;
    SetWriter writer_;
    std::vector<SetWriter::Written> written_;  // of the name that is being laid out
    std::vector<std::uint32_t> nodes_;         // by number of a name
    std::vector<std::uint32_t> block_ttls_;
    ZoneDigest digest_;
    bool good_ = true;
};

std::shared_ptr<const Zone> ZoneBuilder::build() {
    contents_.sort();
    place_nodes();
    ZoneRules rules{contents_, source_};
    rules.check_sets();
    const NameMarks marks{contents_};
    rules.check_below_cuts(marks);
    lay_out(marks);
    const LaidOutZone laid_out{.zone = *zone_, .store = zone_->nodes_, .nodes = nodes_};
    rules.check_targets(laid_out);
    rules.check_chains(laid_out);
    if (!good_ || !rules.kept()) return nullptr;
    rules.warn_of_doubtful_names(*zone_);
    return std::shared_ptr<const Zone>{std::move(zone_)};
}

/// Nodes refer to each other, so the place of each is found before any is written. RRsets that are
/// too large are found here.
void ZoneBuilder::place_nodes() {
    std::size_t size = 0;
    nodes_.reserve(contents_.name_count());
    contents_.for_each_name([&](std::uint32_t number, Sets at_name) {
        nodes_.push_back(NodeStore::node_at(size));
        size += NodeStore::node_size(contents_.names().stored(number).size(), at_name.size());
        write_sets(at_name);
        for (std::size_t i = 0; i < at_name.size(); ++i) {
            const auto& set = at_name[i];
            size += NodeStore::set_size(writer_.set(written_[i]));
            if (set.type == rr::NS) size += set.rr_count * sizeof(std::uint32_t);
            if (written_[i].fits) continue;
            good_ = false;
            source_.fault_at(set.where, type_text(set.type) + ": does not fit into a DNS message");
        }
    });
    constexpr std::size_t negative_soa = 1024;
    zone_->nodes_.reserve(size + negative_soa);
}

void ZoneBuilder::write_sets(Sets at_name) {
    writer_.clear();
    written_.clear();
    for (const auto& set : at_name) {
        if (set.steered()) {
            written_.push_back({.set = {.type = set.type, .at = set.at}});
        } else {
            written_.push_back(writer_.write(set.type, set.ttl, contents_.records(set)));
        }
    }
}

void ZoneBuilder::lay_out(const NameMarks& marks) {
    std::vector<NewSet> sets;
    std::vector<std::vector<std::uint32_t>> targets;  // outlive what looks at them
    contents_.for_each_name([&](std::uint32_t number, Sets at_name) {
        sets.clear();
        targets.clear();
        write_sets(at_name);
        const auto name = contents_.names().stored(number);
        for (std::size_t i = 0; i < at_name.size(); ++i) {
            auto& set = sets.emplace_back(writer_.set(written_[i]));
            digest_.add_set(name, at_name[i].type, set.octets);
            if (at_name[i].type == rr::NS)
                set.targets = targets.emplace_back(target_nodes(at_name[i]));
        }
        zone_->nodes_.add_node(name, marks.flags(number), sets);
    });
    for (const auto& set : contents_.sets()) {
        if (set.type == rr::SOA) write_negative_soa(set);
    }
    take_settings();
    write_edges();
    digest_all();
    zone_->name_count_ = contents_.name_count();
    zone_->nodes_.index(contents_.take_names(), nodes_);
}

std::vector<std::uint32_t> ZoneBuilder::target_nodes(const Contents::Set& name_servers) const {
    auto targets = targets_of(contents_, name_servers);
    for (auto& target : targets) target = target == Zone::none ? target : nodes_[target];
    return targets;
}

/// RFC 2308 §5: the SOA's own TTL, or its MINIMUM where that is less.
void ZoneBuilder::write_negative_soa(const Contents::Set& soa) {
    std::uint32_t minimum = 0;
    const auto records = contents_.records(soa);
    for (const auto octet : records.front().last(4)) minimum = minimum << 8 | octet;
    writer_.clear();
    const auto written = writer_.write(rr::SOA, std::min(soa.ttl, minimum), records);
    zone_->negative_soa_ = zone_->nodes_.add_set(writer_.set(written));
}

void ZoneBuilder::take_settings() {
    zone_->serial_ = contents_.serial();
    zone_->steers_ = contents_.take_steers();
    auto& settings = contents_.settings();
    zone_->sites_ = std::move(settings.sites);
    zone_->edges_ = std::move(settings.edges);
    zone_->all_down_ = settings.all_down;
    zone_->name_servers_ = std::move(settings.name_servers);
    if (settings.missing_family == MissingFamily::NoData) return;
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

/// Digests everything except the records, which are in the digest by now.
void ZoneBuilder::digest_all() {
    const std::span<const Edge> edges{zone_->edges_};
    const auto& settings = contents_.settings();
    for (const auto& steer : zone_->steers_) digest_.add_steer(steer, edges);
    for (std::size_t i = 0; i < edges.size(); ++i) digest_.add_edge(edges[i], zone_->sites_.at(i));
    digest_.add_choices(zone_->all_down_, settings.missing_family, edges);
    if (settings.serial_of == SerialOf::Zone) digest_.add_serial(zone_->serial_);
    zone_->digest_ = digest_.value();
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
                geo::append_number(octets, size, 2);
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

std::shared_ptr<const Zone> compile(Contents contents, const Source& source) {
    return ZoneBuilder{std::move(contents), source}.build();
}

}  // namespace zones
