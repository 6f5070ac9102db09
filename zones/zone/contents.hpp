// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a zone says: its RRsets, its steered names, and its settings. Readers of files make Contents,
// compile() makes a served zone of them. A plain value, which can be copied, compared, and read
// RRset by RRset. An RRset takes 28 octets and a record 4, besides its name and its RDATA. Control
// path.

#include "geo/base/source.hpp"
#include "zones/name/name_table.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/records.hpp"
#include "zones/zone/zone.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zones {

/// Where a serial comes from: the zone's file gives it, or it is the time of the file's last change.
enum class SerialOf : std::uint8_t { Zone, FileTime };

/// What a zone says besides its RRsets and steers.
struct ZoneSettings {
    std::vector<Edge> edges{};
    geo::EdgeSites sites{};  // one for each edge
    MissingFamily missing_family = MissingFamily::NoData;
    AllDown all_down{};
    std::vector<NameServer> name_servers{};
    SerialOf serial_of = SerialOf::Zone;
};

class Contents {
 public:
    /// An RRset, or the steer that makes a name's A or AAAA. Names are numbered as they come; the
    /// apex is 0.
    struct Set {
        std::uint32_t owner = 0;  // the number of its name
        RrType type = 0;
        std::uint32_t ttl = 0;       // seconds
        std::uint32_t rr_count = 0;  // 0: steered, and `at` is the number of its steer
        std::uint32_t at = 0;        // of its records
        FilePosition where{};        // in the file; no part of what the zone says

        [[nodiscard]] bool steered() const noexcept { return rr_count == 0; }
    };

    explicit Contents(const Name& apex);

    // Filling

    /// Announces about how many names will be added.
    void expect(std::size_t names);
    /// Adds an RRset. `owner` must be within the zone; `rdatas` must be sound RDATA of the type, at
    /// least one. An RRset that is there already stays: that is a fault, which compile() reports.
    void add(const Name& owner, RrType type, std::uint32_t ttl,
             std::span<const std::span<const std::uint8_t>> rdatas, FilePosition where);
    void add(const Name& owner, RrType type, std::uint32_t ttl, const std::vector<Rdata>& rdatas,
             FilePosition where);
    /// Adds a steer as the A and the AAAA of its owner.
    void add_steer(Steer steer, FilePosition where);
    /// Removes the RRsets for which `unwanted` is true.
    template <class Unwanted>
    void remove_if(Unwanted unwanted) {
        std::erase_if(sets_, unwanted);
    }
    /// Sorts the RRsets by the numbers of their names and by type. The functions that say so need
    /// it.
    void sort();
    [[nodiscard]] ZoneSettings& settings() noexcept { return settings_; }

    // Reading

    [[nodiscard]] const Name& apex() const noexcept { return names_.common(); }
    /// The RRsets in the order in which they were added, or by number and type once sorted.
    [[nodiscard]] std::span<const Set> sets() const noexcept { return sets_; }
    /// Returns the RRsets by name in canonical order (RFC 4034 §6.1), then by type.
    [[nodiscard]] std::vector<const Set*> in_canonical_order() const;
    /// Returns the first RRset of a name and type; null when there is none. Sorted Contents only.
    [[nodiscard]] const Set* find(std::uint32_t owner, RrType type) const;
    [[nodiscard]] const Set* find(const Name& owner, RrType type) const;
    [[nodiscard]] Name owner(const Set& set) const { return names_.name(set.owner); }
    /// The RDATA of each record, in the order of the file; none of a steered set.
    [[nodiscard]] Records records(const Set& set) const noexcept {
        return {std::span{octets_}.subspan(set.steered() ? 0 : set.at), set.rr_count};
    }
    /// The steer of a steered set.
    [[nodiscard]] const Steer& steer(const Set& set) const { return steers_[set.at]; }
    [[nodiscard]] std::span<const Steer> steers() const noexcept { return steers_; }
    [[nodiscard]] const ZoneSettings& settings() const noexcept { return settings_; }
    /// The serial of the SOA; 0 when there is none. Sorted Contents only.
    [[nodiscard]] std::uint32_t serial() const;

    /// True if both say the same of a name and type: one TTL, and the same records in any order, or
    /// equal steers. Each set is of its Contents.
    [[nodiscard]] bool same(const Set& set, const Contents& others, const Set& other) const;
    /// True if both have the same RRsets, steers and edges. Neither the order of records and names
    /// counts nor where they stand in a file. The case of names in RDATA does: answers show it.
    [[nodiscard]] bool operator==(const Contents& other) const;

    // Names, by number

    [[nodiscard]] const NameTable& names() const noexcept { return names_; }
    /// How many names there are, with the empty ones between the apex and others.
    [[nodiscard]] std::size_t name_count() const noexcept { return parents_.size(); }
    /// Returns the number of the name one label above; `none` above the apex.
    [[nodiscard]] std::uint32_t parent(std::uint32_t number) const { return parents_[number]; }
    [[nodiscard]] bool is_wildcard(std::uint32_t number) const;
    /// Calls `each` with the number and the RRsets of each name in turn. Sorted Contents only.
    template <class Each>
    void for_each_name(Each each) const {
        std::span<const Set> rest{sets_};
        for (std::uint32_t number = 0; number < parents_.size(); ++number) {
            std::size_t count = 0;
            while (count < rest.size() && rest[count].owner == number) ++count;
            each(number, rest.first(count));
            rest = rest.subspan(count);
        }
    }

    // These hand over what the Contents then lack.
    [[nodiscard]] NameTable take_names() { return std::move(names_); }
    [[nodiscard]] std::vector<Steer> take_steers() { return std::move(steers_); }

 private:
    std::uint32_t add_name(const Name& name);

    NameTable names_;
    std::vector<std::uint32_t> parents_;  // by number of a name
    std::vector<Set> sets_;
    std::vector<std::uint8_t> octets_;  // of all records: see Records
    std::vector<Steer> steers_;
    ZoneSettings settings_;
};

}  // namespace zones
