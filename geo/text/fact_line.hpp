// SPDX-License-Identifier: Apache-2.0
#pragma once
// A line of key=value pairs between single blanks, which a person reads without a manual and a
// script splits without a parser. It fits into one character string of a TXT record, whatever the
// values are: they may come from a remote server.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace probes {

class FactLine {
 public:
    static constexpr std::size_t max_length = 255;

    /// Keys are ours: short, and the same in each line of a kind. In a value, blanks become "_" and
    /// all that is not printable ASCII becomes "?"; nothing at all becomes "-".
    void add(std::string_view key, std::string_view value);

    /// At most max_length octets. Of values that are too long together the longest are cut, and end
    /// in "..." then.
    [[nodiscard]] std::string text() const;

 private:
    std::vector<std::pair<std::string, std::string>> facts_;
};

using Facts = std::map<std::string_view, std::string_view>;

/// A line as another machine tells it, by key; views into `text`. Nothing when it is too long, has
/// anything but printable ASCII, a key twice, or a key or value that is empty.
[[nodiscard]] std::optional<Facts> read_facts(std::string_view text);
/// One of the facts; empty, which none of them is, when it is missing.
[[nodiscard]] std::string_view value_of(const Facts& facts, std::string_view key);
/// A number that is not negative, in decimal digits alone, and at most `largest`.
[[nodiscard]] std::optional<std::int64_t> read_number(std::string_view text, std::int64_t largest);

/// `value` in at most `limit` octets, which is 3 or more.
[[nodiscard]] std::string cut(std::string_view value, std::size_t limit);

}  // namespace probes
