// SPDX-License-Identifier: Apache-2.0
#pragma once
// Records that nodes tell each other. Each has an owner, relative to the apex of a measurement zone
// and in lower case, such as "203-0-113-0/24.clients", and one line of printable ASCII as its text.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace transfer {

using Records = std::map<std::string, std::string, std::less<>>;

struct Changes {
    Records set;  // new, or with another text
    std::vector<std::string> removed;
    bool all_removed = false;  // all earlier records go first; `removed` does not list them

    [[nodiscard]] bool empty() const noexcept {
        return set.empty() && removed.empty() && !all_removed;
    }
    [[nodiscard]] std::size_t size() const noexcept { return set.size() + removed.size(); }
};

/// True for one to four labels of lower-case letters, digits and "-_/:", of at most 63 octets each
/// and 150 octets together with the dots.
[[nodiscard]] bool is_owner(std::string_view owner) noexcept;
/// True for at most 255 octets of printable ASCII.
[[nodiscard]] bool is_text(std::string_view text) noexcept;

}  // namespace transfer
