// SPDX-License-Identifier: Apache-2.0
#pragma once
// A line of key=value pairs separated by single blanks, for people to read and scripts to split. It
// always fits into one character string of a TXT record, whatever the values are: they may come
// from a remote server.

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

    /// Adds a pair. Keys are chosen by this program: short, and the same in each line of a kind. In
    /// a value, white space becomes "_", and all else that is not printable ASCII becomes "?"; an
    /// empty value becomes "-".
    void add(std::string_view key, std::string_view value);

    /// Returns the line, of at most max_length octets. When the values together are too long, the
    /// longest ones are cut, and end in "...".
    [[nodiscard]] std::string text() const;

 private:
    std::vector<std::pair<std::string, std::string>> facts_;
};

using Facts = std::map<std::string_view, std::string_view>;

/// Reads a line that another machine sent, by key; the views point into `text`. Returns nothing
/// when the line is too long, contains anything but printable ASCII, has a key twice, or has an
/// empty key or value.
[[nodiscard]] std::optional<Facts> read_facts(std::string_view text);
/// Returns the value of a key; empty, which no value is, when the key is missing.
[[nodiscard]] std::string_view value_of(const Facts& facts, std::string_view key);
/// Reads a number from 0 to `largest`, written in decimal digits alone; nothing for any other text.
[[nodiscard]] std::optional<std::int64_t> read_number(std::string_view text, std::int64_t largest);

/// Returns `value`, cut to at most `limit` octets with "..." at its end when it is longer. `limit`
/// is 3 or more.
[[nodiscard]] std::string cut(std::string_view value, std::size_t limit);

}  // namespace probes
