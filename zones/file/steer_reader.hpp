// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the "steer" of a name: a tree of policies. A tree is an edge's name, or an object with one
// policy and its options:
//
//   {"nearest": [edge, …], "bias": {edge: "500 km" or "20 %"}, "ranked": 3, "answers": 1}
//   {"latency": …the same, "via": "edge" or "home"}
//   {"geo": {"continent:EU" | "country:DE" | "subdivision:US-CA" | "asn:64500" |
//            "203.0.113.0/24" | "group:NAME" | "*": tree, …}}
//   {"weighted": {edge: weight, …} or [{"weight": n, "steer": tree}, …], "answers": 1}
//   {"failover": [tree, …], "answers": 1}
//   {"all": [tree, …]}

#include "geo/policy/policy.hpp"
#include "zones/file/edge_reader.hpp"
#include "zones/json/json.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

class SteerReader {
 public:
    explicit SteerReader(EdgeList& edges) : edges_{edges} {}

    /// Reads "groups": {"nordic": ["country:SE", …], …}.
    void read_groups(const Json& object);
    /// Returns nothing when there is a fault. The root of a tree may also have "ttl" and "min_ttl";
    /// the caller reads these.
    [[nodiscard]] std::optional<geo::Policy> read(const Json& tree);

 private:
    using Kind = geo::Policy::Kind;

    [[nodiscard]] std::optional<geo::Policy> read_tree(const Json& tree, unsigned depth);
    [[nodiscard]] std::optional<geo::Policy> read_edge(const Json& name);
    void read_ranked(const Json& list, const Json& options, geo::Policy& policy);
    void read_via(const Json& options, geo::Policy& policy);
    void read_bias(const Json& biases, geo::Policy& policy);
    void read_geo(const Json& table, unsigned depth, geo::Policy& policy);
    void read_row(const Json& value, std::string_view key, std::uint32_t child,
                  geo::Policy& policy);
    void add_row(const geo::Match& match, std::uint32_t child, const Json& where,
                 std::string_view key, geo::Policy& policy);
    void read_weighted(const Json& value, unsigned depth, geo::Policy& policy);
    void read_list(const Json& list, unsigned depth, geo::Policy& policy);

    EdgeList& edges_;
    std::set<std::string> rows_seen_;  // of the table that is being read
    std::map<std::string, std::vector<geo::Match>, std::less<>> groups_;
};

}  // namespace zones
