// SPDX-License-Identifier: Apache-2.0
#pragma once
// What operators have said of drains, as nodes tell it to each other: a record for each edge, with
// the latest word on it. Words are kept after the drain is over, so that a node that comes back with
// an earlier one learns better.
//
//   1f2e3d4c5b6a7988.drain   said=1795540000123 until=1795550000 edge=newyork zone=plex.example.com
//
//   said     when, in milliseconds since 1970: of two words the later one holds
//   until    seconds since 1970; never: it has no end; over: it was ended by hand
//
// The owner is a digest of zone and edge. Lines come from other machines: what is malformed is no
// record; keys that are not known here are those of a later version, and passed over.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

struct DrainWord {
    std::chrono::milliseconds said{0};            // since 1970
    std::optional<std::chrono::seconds> until{};  // since 1970; nothing: it has no end
    bool over = false;                            // ended by hand; `until` means nothing then

    /// Whether the edge is drained by it.
    [[nodiscard]] bool holds(std::chrono::milliseconds wall) const noexcept {
        return !over && (!until || *until > wall);
    }
    bool operator==(const DrainWord&) const = default;
};

/// Whether it holds in place of another. All nodes agree on that, also of words of one moment.
[[nodiscard]] bool is_later(const DrainWord& word, const DrainWord& than) noexcept;

struct DrainRecord {
    std::string zone;
    std::string edge;
    DrainWord word;
    bool operator==(const DrainRecord&) const = default;
};

[[nodiscard]] std::string drain_owner(std::string_view zone, std::string_view edge);
[[nodiscard]] bool is_drain_owner(std::string_view owner) noexcept;

/// Nothing where that would not be read back as it is: the names are too long for a line.
[[nodiscard]] std::optional<std::string> to_text(const DrainRecord& record);
/// Nothing for what is malformed, has a name that no edge has, or lasts for more than ten years.
[[nodiscard]] std::optional<DrainRecord> read_drain_record(std::string_view text);

}  // namespace probes
