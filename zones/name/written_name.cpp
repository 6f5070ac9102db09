// SPDX-License-Identifier: Apache-2.0
#include "zones/name/written_name.hpp"

#include <algorithm>

namespace zones {
namespace {

constexpr std::size_t max_label = 63;  // octets
constexpr std::string_view too_long = "it has more than 255 octets";

}  // namespace

std::optional<Escape> read_escape(std::string_view text) noexcept {
    const auto rest = text.substr(1);
    if (rest.empty()) return std::nullopt;
    if (rest[0] < '0' || rest[0] > '9') return Escape{static_cast<std::uint8_t>(rest[0]), 2};
    if (rest.size() < 3) return std::nullopt;
    int octet = 0;
    for (const char digit : rest.substr(0, 3)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        octet = octet * 10 + (digit - '0');
    }
    if (octet > 255) return std::nullopt;
    return Escape{static_cast<std::uint8_t>(octet), 4};
}

WrittenName::WrittenName(const Name& name) noexcept
    : length_{static_cast<std::uint8_t>(name.length())} {
    std::ranges::copy(name.wire(), octets_.begin());
}

std::optional<WrittenName> WrittenName::from_text(std::string_view text,
                                                  const WrittenName& origin) noexcept {
    std::optional<WrittenName> name{WrittenName{}};
    if (!name->assign(text, origin).empty()) name.reset();
    return name;
}

std::string_view WrittenName::fault_of(std::string_view text, const WrittenName& origin) noexcept {
    return WrittenName{}.assign(text, origin);
}

std::string_view WrittenName::assign(std::string_view text, const WrittenName& origin) noexcept {
    if (text.empty()) return "it is empty";
    if (text == ".") return {};
    if (text == "@") {
        *this = origin;
        return {};
    }
    std::size_t label = 0;  // where the length of the label stands that is being read
    std::size_t end = 1;
    bool absolute = false;
    const auto close = [&] {
        octets_[label] = static_cast<std::uint8_t>(end - label - 1);
        label = end++;
    };
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '.') {
            if (end == label + 1) return "a label is empty";
            if (end == max_name_length) return too_long;
            close();
            absolute = ++i == text.size();
            continue;
        }
        const bool escaped = text[i] == '\\';
        const auto octet =
            escaped ? read_escape(text.substr(i)) : Escape{static_cast<std::uint8_t>(text[i]), 1};
        if (!octet) return "an escape is neither \\DDD up to 255 nor \\ and a sign";
        if (end - label > max_label) return "a label has more than 63 octets";
        if (end == max_name_length) return too_long;
        octets_[end++] = octet->octet;
        i += octet->size;
    }
    if (!absolute) {
        if (end == max_name_length) return too_long;
        close();
    }
    static constexpr std::uint8_t root[] = {0};
    const auto rest = absolute ? std::span<const std::uint8_t>{root} : origin.wire();
    if (label + rest.size() > max_name_length) return too_long;
    std::ranges::copy(rest, octets_.begin() + static_cast<long>(label));
    length_ = static_cast<std::uint8_t>(label + rest.size());
    return {};
}

Name WrittenName::folded() const noexcept {
    return Name::read(wire()).value_or(Name{});
}

}  // namespace zones
