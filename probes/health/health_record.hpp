// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a node tells the others about itself and the edges that it checks, as lines of key=value:
//
//   newyork.health   state=up since=1795540000 sees=yes check=1f2e3d4c5b6a7988
//                                        about an edge, by the node's own checks alone
//   health           cut_off=no          about the node
//
//   state    up, down, unknown
//   since    when this state began, in seconds since 1970
//   sees     no: it cannot tell: its checks have no word, or it takes itself for cut off
//   check    what is checked: asked_digest(); nodes of an early version leave it out
//
// Lines come from other machines. A malformed line is no record. Unknown keys are passed over,
// because they come from a later version.

#include "probes/check/tracker.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

struct HealthRecord {
    State state = State::Unknown;
    std::chrono::seconds since{0};  // since 1970
    bool sees = false;              // never with Unknown
    std::optional<std::uint64_t> check{};
    bool operator==(const HealthRecord&) const = default;
};

struct NodeRecord {
    bool cut_off = false;
    bool operator==(const NodeRecord&) const = default;
};

/// The lines of a node, by owner.
using HealthLines = std::map<std::string, std::string, std::less<>>;

/// The owner of a node's record. Owners are relative to the zone in which a node tells them.
constexpr std::string_view node_owner = "health";
[[nodiscard]] std::string health_owner(std::string_view edge);
/// Returns the edge of a record; nothing when its owner is not that of an edge's health.
[[nodiscard]] std::optional<std::string_view> edge_of_owner(std::string_view owner) noexcept;

[[nodiscard]] std::string to_text(const HealthRecord& record);
[[nodiscard]] std::string to_text(const NodeRecord& record);
/// Reads a line. Nothing when it is too long, contains anything but printable ASCII, lacks a key,
/// has one twice, says something impossible, or has an empty key or value.
[[nodiscard]] std::optional<HealthRecord> read_health_record(std::string_view text);
[[nodiscard]] std::optional<NodeRecord> read_node_record(std::string_view text);

}  // namespace probes
