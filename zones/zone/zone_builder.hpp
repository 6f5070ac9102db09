// SPDX-License-Identifier: Apache-2.0
#pragma once
// Collects the RRsets of a zone, makes the checks that need all of them, and compiles the zone.

#include "geo/base/source.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/zone.hpp"
#include "zones/zone/zone_digest.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace zones {

/// Returns what the server itself answers at a name of the zone; empty for all other names.
[[nodiscard]] std::string_view own_answer(const Name& name, const Name& apex);

class ZoneBuilder {
 public:
    /// Faults go to `source`, which must outlive the builder.
    ZoneBuilder(const Name& apex, const Source& source);

    /// Announces about how many names will be added.
    void expect(std::size_t names);
    /// `owner` must be within the zone; faults of this RRset point to `where`.
    void add(const Name& owner, RrType type, std::uint32_t ttl, std::vector<Rdata> rdatas,
             Place where);
    void add_steer(Steer steer, Place where);
    void set_edges(std::vector<Edge> edges, geo::EdgeSites sites, MissingFamily missing_family);
    void set_all_down(AllDown all_down) { zone_->all_down_ = all_down; }
    void set_name_servers(std::vector<NameServer> name_servers);
    /// Where a serial comes from: the zone's file gives it, or it is the time of the file's last
    /// change.
    enum class SerialOf : std::uint8_t { Zone, FileTime };
    void set_serial(std::uint32_t serial, SerialOf of = SerialOf::Zone);

    /// Returns the zone, or null when a fault has been written to the source.
    [[nodiscard]] std::shared_ptr<const Zone> finish();

 private:
    struct Pending {
        std::uint32_t number = 0;  // of its name
        RrType type = 0;
        std::uint32_t ttl = 0;        // seconds
        std::uint32_t octets_at = 0;  // in octets_
        std::uint32_t fixups_at = 0;  // in fixups_
        RrSet set{};
        std::uint32_t rdatas = 0;
        Place where{};
    };
    [[nodiscard]] const std::vector<Rdata>& rdatas(const Pending& pending) const {
        return rdatas_[pending.rdatas];
    }
    [[nodiscard]] static std::pair<std::uint32_t, RrType> order(const Pending& pending) {
        return {pending.number, pending.type};
    }

    std::uint32_t add_name(const Name& name);
    void write(const std::vector<Rdata>& rdatas, Pending& pending);
    void write_rdata(const Rdata& rdata);
    void write_name(const Name& name, std::span<const std::uint8_t> written);
    void mark_nodes();
    [[nodiscard]] bool has_cut_above(std::uint32_t number) const;
    [[nodiscard]] bool is_marked(std::uint32_t number, NodeStore::Flag flag) const {
        return (flags_[number] & flag) != 0;
    }
    void lay_out();
    void digest_all();
    void place_nodes();
    void write_negative_soa(const Pending& soa);
    void write_edges();
    std::uint32_t edge_blocks(std::uint32_t ttl);
    void note_families(Steer& steer, const geo::Policy& policy) const;
    void note_families(Steer& steer, geo::EdgeIndex edge) const;
    [[nodiscard]] NewSet new_set(const Pending& pending) const;
    /// Returns the number of the name in this zone that each record of an NS RRset leads to, or
    /// none.
    [[nodiscard]] std::vector<std::uint32_t> targets_of(const Pending& pending) const;
    /// Calls `each` with the number and the RRsets of each name in turn.
    template <class Each>
    void for_each_node(Each each) const;
    [[nodiscard]] const RrSet* find(std::uint32_t node, RrType type) const {
        return zone_->find(node, type);
    }

    void fault(const Pending& pending, std::string text);
    void check_sets();
    void check_together(std::span<const Pending> at_name);
    void check_below_cuts();
    void check_targets();
    [[nodiscard]] std::optional<Name> next_name(const Name& name) const;
    void check_chains();
    void warn_of_doubtful_names();
    void warn_of_doubtful_names(const Pending& pending);

    const Source& source_;
    std::unique_ptr<Zone> zone_;
    NameTable names_;  // the apex is 0
    std::vector<Pending> pending_;
    std::vector<std::vector<Rdata>> rdatas_{1};  // of RRsets that lead to other names; 0: of others
    std::vector<std::uint8_t> octets_;
    std::vector<std::uint16_t> fixups_;
    std::vector<std::uint32_t> parents_;  // by number of a name
    std::vector<std::uint8_t> flags_;     // flags of NodeStore, likewise
    std::vector<std::uint32_t> nodes_;    // likewise
    std::vector<std::uint32_t> block_ttls_;
    ZoneDigest digest_;
    MissingFamily missing_family_ = MissingFamily::NoData;
    bool good_ = true;
};

}  // namespace zones
