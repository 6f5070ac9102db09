// SPDX-License-Identifier: Apache-2.0
#pragma once
// Collects the RRsets of a zone, has its rules check them, and compiles the zone: lays out names and
// records in the form in which they are served.

#include "geo/base/source.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/zone.hpp"
#include "zones/zone/zone_digest.hpp"
#include "zones/zone/zone_draft.hpp"

#include <memory>
#include <string_view>
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
             FilePosition where);
    void add_steer(Steer steer, FilePosition where);
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
    void write(const std::vector<Rdata>& rdatas, PendingSet& pending);
    void write_rdata(const Rdata& rdata);
    void write_name(const Name& name, std::span<const std::uint8_t> written);
    void lay_out();
    void digest_all();
    void place_nodes();
    void write_negative_soa(const PendingSet& soa);
    void write_edges();
    std::uint32_t edge_blocks(std::uint32_t ttl);
    void note_families(Steer& steer, const geo::Policy& policy) const;
    void note_families(Steer& steer, geo::EdgeIndex edge) const;
    [[nodiscard]] NewSet new_set(const PendingSet& pending) const;
    void fault(const PendingSet& pending, std::string text);

    const Source& source_;
    std::unique_ptr<Zone> zone_;
    ZoneDraft draft_;
    std::vector<std::uint8_t> octets_;
    std::vector<std::uint16_t> fixups_;
    std::vector<std::uint32_t> nodes_;  // by number of a name
    std::vector<std::uint32_t> block_ttls_;
    ZoneDigest digest_;
    MissingFamily missing_family_ = MissingFamily::NoData;
    bool good_ = true;
};

}  // namespace zones
