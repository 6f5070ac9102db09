// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names and RRsets of a zone that is being built, before anything is laid out. Names are
// numbered as they come; the apex is 0. Control path.

#include "geo/base/source.hpp"
#include "zones/name/name_table.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/node_store.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zones {

/// An RRset of a draft.
struct PendingSet {
    std::uint32_t number = 0;  // of its name
    RrType type = 0;
    std::uint32_t ttl = 0;        // seconds
    std::uint32_t octets_at = 0;  // in the octets of the builder
    std::uint32_t fixups_at = 0;  // in the fixups of the builder
    RrSet set{};
    std::uint32_t rdatas = 0;  // in those of the draft
    FilePosition where{};
};

class ZoneDraft {
 public:
    explicit ZoneDraft(const Name& apex);

    /// Announces about how many names will be added.
    void expect(std::size_t names);
    /// Adds a name, and those between it and the apex. Returns its number.
    std::uint32_t add_name(const Name& name);
    void add_set(PendingSet pending, std::vector<Rdata> rdatas = {});
    /// Sorts the RRsets by name and type. Comes after all of them, and before what follows.
    void sort();
    /// Finds cuts, what is below them, and wildcards.
    void mark_nodes();
    /// Hands over the names, which the draft then lacks.
    [[nodiscard]] NameTable take_names() { return std::move(names_); }

    [[nodiscard]] const NameTable& names() const noexcept { return names_; }
    [[nodiscard]] std::size_t name_count() const noexcept { return parents_.size(); }
    /// Returns the number of the name one label above; `none` above the apex.
    [[nodiscard]] std::uint32_t parent(std::uint32_t number) const { return parents_[number]; }
    /// Returns flags of NodeStore; so does is_marked() for one of them.
    [[nodiscard]] std::uint8_t flags(std::uint32_t number) const { return flags_[number]; }
    [[nodiscard]] bool is_marked(std::uint32_t number, NodeStore::Flag flag) const {
        return (flags_[number] & flag) != 0;
    }
    [[nodiscard]] bool is_wildcard(std::uint32_t number) const;

    [[nodiscard]] std::span<const PendingSet> sets() const noexcept { return sets_; }
    /// Returns the RRset of a name; null when it has none of this type.
    [[nodiscard]] const PendingSet* find(std::uint32_t number, RrType type) const;
    /// Returns the records of an RRset that leads to other names; empty for others.
    [[nodiscard]] const std::vector<Rdata>& rdatas(const PendingSet& pending) const {
        return rdatas_[pending.rdatas];
    }
    /// Returns the number of the name in this zone that each record of an NS RRset leads to, or
    /// `none`.
    [[nodiscard]] std::vector<std::uint32_t> targets_of(const PendingSet& pending) const;
    /// Calls `each` with the number and the RRsets of each name in turn.
    template <class Each>
    void for_each_node(Each each) const {
        std::span<const PendingSet> rest{sets_};
        for (std::uint32_t number = 0; number < parents_.size(); ++number) {
            std::size_t count = 0;
            while (count < rest.size() && rest[count].number == number) ++count;
            each(number, rest.first(count));
            rest = rest.subspan(count);
        }
    }

 private:
    [[nodiscard]] bool has_cut_above(std::uint32_t number) const;

    NameTable names_;
    std::vector<PendingSet> sets_;
    std::vector<std::vector<Rdata>> rdatas_{1};  // of RRsets that lead to other names; 0: of others
    std::vector<std::uint32_t> parents_;         // by number of a name
    std::vector<std::uint8_t> flags_;            // likewise
};

}  // namespace zones
