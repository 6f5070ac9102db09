// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the "edges" of a zone file: the hosts that answers may name, and their locations.

#include "geo/policy/policy.hpp"
#include "zones/json/json.hpp"
#include "zones/zone/zone.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// Reads a city ("New York, US") or [latitude, longitude]. Returns nothing, and writes a problem,
/// for anything else.
[[nodiscard]] std::optional<geo::EdgeSite> read_site(const Json& value);

/// The edges of a zone in the order of the file, and what the reader of policies must know of them.
class EdgeList {
 public:
    /// Reads {"newyork": {"addresses": […], "location": …, "check": …}, …}. Problems go to the
    /// document of `object`. `host` is the host that a check asks for when it names none. If `host`
    /// is empty, each check must name one.
    void read(const Json& object, const std::string& host);

    /// Returns the index of the edge that `name`, a string in a policy, names. The edge then counts
    /// as used. An unknown name is a fault.
    [[nodiscard]] std::optional<geo::EdgeIndex> use(const Json& name);
    /// The same for an edge that is named by a member's key.
    [[nodiscard]] std::optional<geo::EdgeIndex> use(const Json::Member& member);
    /// Counts as used every edge whose name stands anywhere in a part that cannot be read.
    void spare(const Json& unreadable);
    [[nodiscard]] bool has_location(geo::EdgeIndex edge) const {
        return sites_[edge].at.has_value();
    }

    /// Returns the most addresses of one family that an answer of the policy can have.
    [[nodiscard]] std::size_t most_addresses(const geo::Policy& policy, geo::Family family) const;

    /// Writes a fault for each edge that no policy names.
    void check_used() const;
    /// Writes a warning when some edges have checks and others have none.
    void warn_of_unchecked() const;
    /// Writes a warning for each family of which some edges have an address and others have none.
    void warn_of_missing_families() const;

    [[nodiscard]] const std::vector<Edge>& edges() const noexcept { return edges_; }
    [[nodiscard]] const geo::EdgeSites& sites() const noexcept { return sites_; }

 private:
    void read_edge(std::string_view name, const Json& value, const std::string& host);
    void read_location(const Json& edge);
    void read_checks(const Json& edge, const std::string& host);
    void mark(std::string_view name);
    [[nodiscard]] std::optional<geo::EdgeIndex> find(std::string_view name) const;
    [[nodiscard]] std::string others_text(std::span<const std::size_t> lacking) const;
    /// Returns the text of the fault for a name that no edge has.
    [[nodiscard]] std::string unknown(std::string_view name);

    std::vector<Edge> edges_;
    geo::EdgeSites sites_;
    std::vector<Json> where_;
    std::vector<bool> used_;
    std::vector<bool> checked_;  // also true for a check that cannot be read
};

/// Reads one address or a list of them. Writes a fault for each that is no address, and for each
/// that stands there twice.
[[nodiscard]] std::vector<geo::Address> read_addresses(const Json& value);
/// The same, but an empty list is a fault too.
[[nodiscard]] std::vector<geo::Address> read_some_addresses(const Json& value);

}  // namespace zones
