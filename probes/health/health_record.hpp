// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a node tells the others of the edges that it checks, and of itself, as lines of key=value:
//
//   newyork.health   state=up since=1795540000 sees=yes check=1f2e3d4c5b6a7988
//                                        of an edge, by its own checks alone
//   health           cut_off=no          of the node
//
//   state    up, down, unknown
//   since    when this state began, in seconds since 1970
//   sees     no: it cannot tell, as its checks have no word, or it takes itself for cut off
//   check    what is checked, as asked_digest() has it; nodes of an early version do not tell
//
// Lines come from other machines. What is malformed is no record; keys that are not known here are
// those of a later version, and passed over.

#include "probes/check/tracker.hpp"

#include <chrono>
#include <cstdint>
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

/// Owners are relative to the zone that a node tells them in.
constexpr std::string_view node_owner = "health";
[[nodiscard]] std::string health_owner(std::string_view edge);
/// The edge that a record is of; nothing when its owner is none of these.
[[nodiscard]] std::optional<std::string_view> edge_of_owner(std::string_view owner) noexcept;

[[nodiscard]] std::string to_text(const HealthRecord& record);
[[nodiscard]] std::string to_text(const NodeRecord& record);
/// Nothing when the line is too long, has anything but printable ASCII, lacks a key, has one twice,
/// says what cannot be, or has a key or value that is empty.
[[nodiscard]] std::optional<HealthRecord> read_health_record(std::string_view text);
[[nodiscard]] std::optional<NodeRecord> read_node_record(std::string_view text);

}  // namespace probes
