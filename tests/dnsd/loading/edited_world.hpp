// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small world that operators edit: zones, a places file, and what nodes tell of networks.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace loading_edits {

using Words = std::map<std::string, std::string, std::less<>>;

constexpr const char* own_edge = "frankfurt";
constexpr std::array names{"newyork", "frankfurt", "singapore", "tokyo", "paris"};
constexpr std::array locations{"[40.7, -74.0]", "[50.1, 8.7]", "[1.35, 103.8]", "[35.7, 139.7]",
                               "[48.9, 2.4]"};
constexpr std::array apexes{"example.", "other."};  // the nodes' own first
inline constexpr std::array places{"", "20.1.0.0/16,40.5,-74.5,US,\n",
                                   "20.1.0.0/16,1.3,103.8,SG,\n24.1.0.0/16,50.5,8.5,DE,\n"};
/// Networks in all three countries; every second one is measured.
constexpr std::array networks{"16.1.1", "16.1.2", "16.2.3", "20.1.1", "20.1.2", "20.1.3",
                              "20.2.4", "20.5.5", "24.1.1", "24.1.2", "24.2.3", "99.1.1"};

struct Edge {
    std::size_t name = 0;
    std::size_t location = 0;
    std::uint64_t address = 0;
};
struct ZoneFile {
    bool there = true;
    std::uint64_t file = 0;  // of several that it may stand in
    bool bare = false;       // without a policy that measurements decide
    std::vector<Edge> edges;
};

/// All that a server is told by operators and nodes.
struct Setting {
    std::array<ZoneFile, apexes.size()> zones;
    std::size_t places = 0;
    std::array<std::uint64_t, names.size()> processes{};  // by name of the edge at which it runs

    /// The edges at which a node of the own zone runs, by name; none where this server's is none.
    [[nodiscard]] std::set<std::size_t> nodes() const;
};

/// What the process at an edge tells, always the same.
[[nodiscard]] Words words_of(std::size_t name, std::uint64_t process);

/// Returns the file of a zone.
[[nodiscard]] std::string text_of(const char* apex, const ZoneFile& zone);

}  // namespace loading_edits
