// SPDX-License-Identifier: Apache-2.0
#pragma once
// What nodes tell each other: owners relative to a measurement zone's apex in lower case, such as
// "203-0-113-0/24.clients", and one line of printable ASCII for each.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace transfer {

using Records = std::map<std::string, std::string, std::less<>>;

struct Changes {
    Records set;  // new, or with another text
    std::vector<std::string> removed;
    bool all_removed = false;  // first all that was there, without a list of it

    [[nodiscard]] bool empty() const noexcept {
        return set.empty() && removed.empty() && !all_removed;
    }
    [[nodiscard]] std::size_t size() const noexcept { return set.size() + removed.size(); }
};

/// Whether an owner has one to four labels of lower-case letters, digits and "-_/:", of at most 63
/// octets each and 150 together, and a text at most 255 octets of printable ASCII.
[[nodiscard]] bool is_owner(std::string_view owner) noexcept;
[[nodiscard]] bool is_text(std::string_view text) noexcept;

}  // namespace transfer
