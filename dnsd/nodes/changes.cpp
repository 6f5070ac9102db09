// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/changes.hpp"

#include <algorithm>

namespace transfer {
namespace {

constexpr std::size_t longest_owner = 150;
constexpr std::size_t most_labels = 4;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_text = 255;

bool is_label_octet(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/' ||
           c == ':';
}

}  // namespace

bool is_owner(std::string_view owner) noexcept {
    if (owner.size() > longest_owner) return false;
    for (std::size_t labels = 1; labels <= most_labels; ++labels) {
        const auto dot = owner.find('.');
        const auto label = owner.substr(0, dot);
        if (label.empty() || label.size() > longest_label) return false;
        if (!std::ranges::all_of(label, is_label_octet)) return false;
        if (dot == std::string_view::npos) return true;
        owner.remove_prefix(dot + 1);
    }
    return false;
}

bool is_text(std::string_view text) noexcept {
    return text.size() <= longest_text &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace transfer
