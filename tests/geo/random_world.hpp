// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random databases, places files and policies, small enough to look everywhere.

#include "geo/policy/policy.hpp"
#include "geo/source/sources.hpp"
#include "tests/geo/pieces.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace support {

/// Six cities on as many coasts; policies of a random world name no other edges.
extern const geo::EdgeSites six_sites;

[[nodiscard]] geo::Policy edge(geo::EdgeIndex index);
[[nodiscard]] geo::Policy of_kind(geo::Policy::Kind kind);
/// `nearest` or `latency`, of all six, without bias.
[[nodiscard]] geo::Policy ranked_all(geo::Policy::Kind kind);

void collect_prefixes(const geo::Policy& policy, std::vector<geo::Prefix>& into);

class RandomWorld {
 public:
    explicit RandomWorld(std::uint64_t seed);

    [[nodiscard]] const geo::Sources& sources() const { return *sources_; }
    [[nodiscard]] const std::vector<geo::Policy>& policies() const { return policies_; }
    [[nodiscard]] Generator& generator() { return generator_; }
    /// All prefixes of all files and policies, and what a test adds to them.
    [[nodiscard]] const std::vector<geo::Prefix>& cuts() const { return cuts_; }
    void cut_at(const geo::Prefix& prefix) { cuts_.push_back(prefix); }
    /// Within which nothing tells clients apart.
    [[nodiscard]] Pieces pieces(geo::Family family) const;

 private:
    const char* some_country();
    /// Often inside of another one, or beside it.
    geo::Prefix some_prefix();
    nlohmann::json some_record(bool flat);
    std::string make_database(bool first);
    std::string make_places();
    geo::Match some_match();
    geo::Policy make_policy(unsigned depth);

    Generator generator_;
    TemporaryFolder folder_;
    geo::SourceFiles files_;
    std::vector<geo::Prefix> cuts_;
    std::optional<geo::Sources> sources_;
    std::vector<geo::Policy> policies_;
};

}  // namespace support
