// SPDX-License-Identifier: Apache-2.0
#pragma once
// The "edges" of a zone file: who may be answered, and where they stand.

#include "geo/policy/policy.hpp"
#include "zones/json/json.hpp"
#include "zones/zone/zone.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// A city ("New York, US") or [latitude, longitude]. Nothing, with a problem, when it is neither.
[[nodiscard]] std::optional<geo::EdgeSite> read_site(const Json& value);

/// The edges of a zone, in the order of the file, with what a reader of policies must know.
class EdgeList {
 public:
    /// Reads {"newyork": {"addresses": […], "location": …, "check": …}, …}; problems go to its
    /// document. `host` is whom checks ask for if they do not say it; empty: they must.
    void read(const Json& object, const std::string& host);

    /// The index of the edge that a policy names by a string, which then counts as used. An unknown
    /// name is a fault.
    [[nodiscard]] std::optional<geo::EdgeIndex> use(const Json& name);
    /// The same for one that is named by the key of a member.
    [[nodiscard]] std::optional<geo::EdgeIndex> use(const Json::Member& member);
    /// All edges that are named anywhere in what cannot be read count as used.
    void spare(const Json& unreadable);
    [[nodiscard]] bool has_location(geo::EdgeIndex edge) const {
        return sites_[edge].at.has_value();
    }

    /// The most addresses of one family that an answer of the policy can have.
    [[nodiscard]] std::size_t most_addresses(const geo::Policy& policy, geo::Family family) const;

    /// Faults for edges that no policy names.
    void check_used() const;
    /// A warning when nothing checks some edges while others are checked.
    void warn_of_unchecked() const;
    /// A warning for each family that some edges lack and others have.
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
    /// What is wrong with a name that no edge has.
    [[nodiscard]] std::string unknown(std::string_view name);

    std::vector<Edge> edges_;
    geo::EdgeSites sites_;
    std::vector<Json> where_;
    std::vector<bool> used_;
    std::vector<bool> checked_;  // also by what cannot be read
};

/// One address or a list of them; faults for what is none and for one that stands there twice.
[[nodiscard]] std::vector<geo::Address> read_addresses(const Json& value);
/// The same; an empty list is a fault too.
[[nodiscard]] std::vector<geo::Address> read_some_addresses(const Json& value);

}  // namespace zones
