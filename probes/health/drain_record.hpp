// SPDX-License-Identifier: Apache-2.0
#pragma once
// Operators' words on drains, as nodes tell them to each other: one record for each edge, with the
// latest word on it. Words are kept after the drain is over, so that a node that returns with an
// earlier word learns the later one.
//
//   1f2e3d4c5b6a7988.drain   said=1795540000123 until=1795550000 edge=newyork zone=plex.example.com
//
//   said     when it was said, in milliseconds since 1970: of two words the later one holds
//   until    seconds since 1970; never: it has no end; over: it was ended by hand
//
// The owner is a digest of zone and edge. Lines come from other machines: a malformed line is no
// record. Unknown keys are passed over, because they come from a later version.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

struct DrainWord {
    std::chrono::milliseconds said{0};            // since 1970
    std::optional<std::chrono::seconds> until{};  // since 1970; nothing: it has no end
    bool over = false;                            // ended by hand; `until` means nothing then

    /// True if the word drains the edge at this time.
    [[nodiscard]] bool holds(std::chrono::milliseconds wall) const noexcept {
        return !over && (!until || *until > wall);
    }
    bool operator==(const DrainWord&) const = default;
};

/// True if `word` holds in place of `than`. All nodes decide this alike, even for two words of the
/// same moment.
[[nodiscard]] bool is_later(const DrainWord& word, const DrainWord& than) noexcept;

struct DrainRecord {
    std::string zone;
    std::string edge;
    DrainWord word;
    bool operator==(const DrainRecord&) const = default;
};

[[nodiscard]] std::string drain_owner(std::string_view zone, std::string_view edge);
[[nodiscard]] bool is_drain_owner(std::string_view owner) noexcept;

/// Returns the line; nothing when it would not be read back unchanged, because the names are too
/// long for a line.
[[nodiscard]] std::optional<std::string> to_text(const DrainRecord& record);
/// Reads a line. Nothing when it is malformed, has a name that no edge can have, or lasts for more
/// than ten years.
[[nodiscard]] std::optional<DrainRecord> read_drain_record(std::string_view text);

}  // namespace probes
