// SPDX-License-Identifier: Apache-2.0
#pragma once
// A compiled zone: every RRset is ready in wire form, every name is one hash look-up away.
// Immutable: any number of threads read it. Nothing here allocates once the zone is built.

#include "geo/place/address.hpp"
#include "geo/policy/policy.hpp"
#include "probes/check/check.hpp"
#include "zones/zone/node_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zones {

/// The most CNAME and DNAME steps that one answer follows inside a zone; a longer chain is a fault.
constexpr std::size_t max_chain = 16;

/// An RRset as it goes into a message: records back to back, each with a pointer to offset 12 (the
/// question's name) as its owner. `fixups` are the offsets of the pointers in it that lead into the
/// apex's name; each holds the distance from the apex's first octet.
struct WireSet {
    std::span<const std::uint8_t> octets;
    std::span<const std::uint16_t> fixups;
    std::uint16_t rr_count = 0;
};

/// What the server needs, besides the map, to answer a steered name.
struct Steer {
    Name owner;
    geo::Policy policy;
    std::uint32_t ttl = 0;      // seconds
    std::uint32_t min_ttl = 0;  // health does not shrink the TTL below this; at most `ttl`
    std::uint32_t blocks = 0;   // the number of the set of edge blocks that has this TTL
    /// Whether any edge that it may answer with, the last resort included, has an address of IPv4,
    /// and of IPv6.
    std::array<bool, 2> families{};

    [[nodiscard]] bool may_have(geo::Family family) const noexcept {
        return families[family == geo::Family::V4 ? 0 : 1];
    }
};

struct Edge {
    std::string name;
    std::vector<geo::Address> addresses;
    std::string location;                     // as the zone file writes it
    std::vector<probes::CheckPtr> checks{};   // of the edge itself: one for each check and address
    std::vector<probes::CheckPtr> origins{};  // of home, asked through the edge's relay
};

/// How a steered name is answered when health leaves none of its edges.
struct AllDown {
    enum class Kind : std::uint8_t {
        AsIfUp,      // as if all were healthy: a wrong alarm must not take a service off the net
        NoData,      // with no address
        LastResort,  // with `edge`, whatever health says of it
    };
    Kind kind = Kind::AsIfUp;
    geo::EdgeIndex edge = 0;
};

/// How AAAA (or A) is answered when the chosen edge has no address of that family.
enum class MissingFamily : std::uint8_t { NoData, NextEdge };

struct NameServer {
    Name name;
    std::vector<geo::Address> addresses;
};

class Zone {
 public:
    static constexpr std::uint32_t none = NodeStore::none;

    enum class Found : std::uint8_t { Exact, Wildcard, Delegation, Dname, NxDomain };
    struct Lookup {
        Found found = Found::NxDomain;
        std::uint32_t node = none;  // of the name, the wildcard, the cut or the DNAME
        std::size_t label = 0;      // labels of the query's name before the node's owner

        /// True if the node holds the records of the name itself.
        [[nodiscard]] bool has_records() const noexcept {
            return found == Found::Exact || found == Found::Wildcard;
        }
    };

    /// Looks up a name (RFC 1034 §4.3.2 step 3, RFC 4592, RFC 6672 §3.2). `name` must be within the
    /// zone. A name at a cut is a Delegation; the caller handles a query for DS.
    [[nodiscard]] Lookup look_up(const Name& name) const noexcept {
        return look_up(name, nodes_.find(name));
    }
    /// For a name that will be looked up soon: see NodeStore.
    void expect_slot(const Name& name) const noexcept { nodes_.expect_slot(name.hash(0)); }
    [[nodiscard]] std::uint32_t expect_node(const Name& name) const noexcept {
        return nodes_.expect_node(name.hash(0));
    }
    [[nodiscard]] Lookup look_up_expected(const Name& name, std::uint32_t node) const noexcept {
        return look_up(name, nodes_.find_expected(name, node));
    }

    /// Returns the RRset of a node; null when it has none of this type.
    [[nodiscard]] const RrSet* find(std::uint32_t node, RrType type) const noexcept;
    [[nodiscard]] std::span<const RrSet> sets(std::uint32_t node) const noexcept {
        return nodes_.sets(node);
    }
    [[nodiscard]] WireSet wire(const RrSet& set) const noexcept {
        return {
            .octets = nodes_.octets(set), .fixups = nodes_.fixups(set), .rr_count = set.rr_count};
    }
    /// The TTL of an RRset in seconds.
    [[nodiscard]] std::uint32_t ttl(const RrSet& set) const noexcept;
    /// Returns the node of the name server that record `index` of an NS RRset names, or `none`.
    [[nodiscard]] std::uint32_t target(const RrSet& set, std::size_t index) const noexcept {
        return nodes_.target(set, index);
    }
    /// True if a node is at or below a cut: its addresses are only there as glue for a delegated
    /// zone.
    [[nodiscard]] bool is_below_cut(std::uint32_t node) const noexcept {
        return nodes_.has(node, NodeStore::Below) || nodes_.has(node, NodeStore::Cut);
    }
    /// Returns the addresses of an edge as records with the TTL of a steer; empty when it has none.
    [[nodiscard]] WireSet edge_wire(const Steer& steer, geo::EdgeIndex edge,
                                    geo::Family family) const noexcept;

    [[nodiscard]] const Name& apex() const noexcept { return apex_; }
    [[nodiscard]] std::uint32_t serial() const noexcept { return serial_; }
    /// The digest of the zone: see zone_digest.hpp.
    [[nodiscard]] std::uint64_t digest() const noexcept { return digest_; }
    /// The SOA with the TTL of a negative answer (RFC 2308 §5).
    [[nodiscard]] const RrSet& negative_soa() const noexcept { return negative_soa_; }
    [[nodiscard]] std::span<const Steer> steers() const noexcept { return steers_; }
    [[nodiscard]] std::span<const Edge> edges() const noexcept { return edges_; }
    [[nodiscard]] const geo::EdgeSites& sites() const noexcept { return sites_; }
    [[nodiscard]] const AllDown& all_down() const noexcept { return all_down_; }
    [[nodiscard]] std::span<const NameServer> name_servers() const noexcept {
        return name_servers_;
    }
    /// Which edges have an address of the family; empty when MissingFamily is NoData.
    [[nodiscard]] geo::EdgeBits eligible(geo::Family family) const noexcept {
        return eligible_[family == geo::Family::V4 ? 0 : 1];
    }
    [[nodiscard]] std::size_t name_count() const noexcept { return name_count_; }

 private:
    friend class ZoneBuilder;
    explicit Zone(const Name& apex) : apex_{apex} {}

    /// `node` is the name's own node, or none.
    [[nodiscard]] Lookup look_up(const Name& name, std::uint32_t node) const noexcept;

    struct EdgeBlock {
        std::uint32_t at = 0;
        std::uint16_t length = 0;
        std::uint16_t rr_count = 0;
    };

    Name apex_;
    std::uint32_t serial_ = 0;
    std::uint64_t digest_ = 0;
    std::size_t name_count_ = 0;
    NodeStore nodes_;
    RrSet negative_soa_;
    std::vector<Steer> steers_;
    std::vector<std::uint8_t> edge_octets_;
    std::vector<EdgeBlock> edge_blocks_;  // by set of blocks, edge, family
    std::vector<Edge> edges_;
    geo::EdgeSites sites_;
    AllDown all_down_;
    std::vector<std::uint64_t> eligible_[2];
    std::vector<NameServer> name_servers_;
};

}  // namespace zones
