// SPDX-License-Identifier: Apache-2.0
#include "zones/name/record.hpp"

#include "zones/name/ldns_record.hpp"
#include "zones/name/odd_letters.hpp"
#include "zones/name/record_layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include <arpa/inet.h>

namespace zones {
namespace {

enum class Form : std::uint8_t { Json, Master };

constexpr std::string_view generic = "\\#";  // RFC 3597 §5

RdataResult refused(std::string fault) {
    return {.rdata = std::nullopt, .fault = std::move(fault), .warning = {}};
}

RdataResult rdata_of(std::vector<std::uint8_t> octets, std::string warning = {}) {
    return {
        .rdata = Rdata{.octets = std::move(octets)}, .fault = {}, .warning = std::move(warning)};
}

RdataResult read_plain_text(std::string_view text) {
    auto warning = odd_letter_of_text(text);
    std::vector<std::uint8_t> octets;
    do {
        const auto piece = text.substr(0, 255);
        octets.push_back(static_cast<std::uint8_t>(piece.size()));
        octets.insert(octets.end(), piece.begin(), piece.end());
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return rdata_of(std::move(octets), std::move(warning));
}

RdataResult read_address(RrType type, std::string_view text) {
    std::array<std::uint8_t, 16> octets{};
    const std::string terminated{text};
    const bool v4 = type == rr::A;
    if (inet_pton(v4 ? AF_INET : AF_INET6, terminated.c_str(), octets.data()) == 1)
        return rdata_of({octets.begin(), octets.begin() + (v4 ? 4 : 16)});
    if (inet_pton(v4 ? AF_INET6 : AF_INET, terminated.c_str(), octets.data()) == 1)
        return refused("that is an address of the other family");
    return refused(v4 ? "that is no IPv4 address" : "that is no IPv6 address");
}

/// Returns the octets of "\# LENGTH HEXADECIMAL …"; nothing when the text has another form.
std::optional<std::vector<std::uint8_t>> read_generic(std::span<const Word> words) {
    std::size_t length = 0;
    if (words.size() < 2) return std::nullopt;
    const auto digits = words[1].text;
    const auto* end = digits.data() + digits.size();
    const auto [behind, fault] = std::from_chars(digits.data(), end, length);
    if (fault != std::errc{} || behind != end) return std::nullopt;
    std::string hexadecimal;
    for (const auto& word : words.subspan(2)) hexadecimal += word.text;
    if (hexadecimal.size() != 2 * length) return std::nullopt;
    std::vector<std::uint8_t> octets(length);
    for (std::size_t i = 0; i < length; ++i) {
        const auto* first = hexadecimal.data() + 2 * i;
        if (std::from_chars(first, first + 2, octets[i], 16).ptr != first + 2) return std::nullopt;
    }
    return octets;
}

std::string odd_letter_in(std::span<const Field> fields, std::span<const Word> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool name = fields[std::min(i, fields.size() - 1)] == Field::Name;
        if (words[i].quoted && !name) continue;
        const auto text = words[i].text;
        if (auto odd = name ? odd_letter_of_name(text) : odd_letter_of_text(text); !odd.empty())
            return odd;
    }
    return {};
}

/// A type whose fields are known.
RdataResult read_known(RrType type, std::string_view text, const WrittenName& origin, Form form) {
    const auto fields = layout_of(type);
    const auto words = words_of(text);
    if (!words.fault.empty()) return refused(std::string{words.fault});
    if (!words.list.empty() && !words.list[0].quoted && words.list[0].text == generic) {
        auto octets = read_generic(words.list);
        if (!octets) return refused("a part of it cannot be read");
        auto fault = walk_fields(fields, *octets, [](Field, std::size_t, std::size_t) {});
        return fault.empty() ? rdata_of(std::move(*octets)) : refused(std::move(fault));
    }
    std::vector<std::uint8_t> octets;
    auto fault = write_fields(fields, words.list, origin, octets);
    auto odd = odd_letter_in(fields, words.list);
    // Nobody writes comments into a value in JSON: the text after the ";" would be lost, as in "0
    // issue ;".
    const bool text_alone = fields.back() != Field::Name && fields.back() != Field::Time;
    if (form == Form::Json && words.remark && text_alone)
        fault = "a \";\" outside of quotes begins a remark: it stands in quotes or behind a \\";
    if (fault.empty() && octets.size() > 65535) fault = "it has more than 65535 octets";
    if (fault.empty()) return rdata_of(std::move(octets), std::move(odd));
    return refused(odd.empty() ? std::move(fault) : fault + "; " + odd);
}

RdataResult read_value(RrType type, std::string_view text, const WrittenName& origin, Form form) {
    const auto control = [&](char c) {
        const bool blank = c == '\t' || (form == Form::Master && c == '\r');
        return static_cast<unsigned char>(c) < ' ' && !blank;
    };
    if (std::ranges::any_of(text, control))
        return refused("there is a line break or another control character in it");
    if (!layout_of(type).empty()) return read_known(type, text, origin, form);
    text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
    const bool address = type == rr::A || type == rr::AAAA;
    if (address && !text.starts_with(generic)) return read_address(type, text);
    if (const auto words = words_of(text); !words.fault.empty())
        return refused(std::string{words.fault});
    auto [octets, fault] = read_by_ldns(type, text, origin);
    return fault.empty() ? rdata_of(std::move(octets)) : refused(std::move(fault));
}

std::uint8_t lower_octet(std::uint8_t octet) {
    return lower(octet);
}

}  // namespace

RdataResult read_rdata(RrType type, std::string_view text, const WrittenName& origin) {
    if (type == rr::TXT && !text.starts_with('"')) return read_plain_text(text);
    return read_value(type, text, origin, Form::Json);
}

RdataResult read_master_rdata(RrType type, std::string_view text, const WrittenName& origin) {
    return read_value(type, text, origin, Form::Master);
}

std::string rdata_text(RrType type, const std::vector<std::uint8_t>& octets) {
    const auto fields = layout_of(type);
    const bool names =
        std::ranges::all_of(fields, [](Field field) { return field == Field::Name; });
    if (fields.empty() || !names) return text_by_ldns(type, octets);
    // ldns takes the name of an NSAP-PTR for a string.
    std::string text;
    for (const auto at : names_of(type, octets))
        text += (text.empty() ? "" : " ") + name_text(std::span{octets}.subspan(at));
    return text;
}

bool holds_names(RrType type) noexcept {
    const auto fields = layout_of(type);
    return std::ranges::find(fields, Field::Name) != fields.end();
}

std::vector<std::uint16_t> names_of(RrType type, std::span<const std::uint8_t> octets) {
    std::vector<std::uint16_t> names;
    if (!holds_names(type)) return names;
    static_cast<void>(
        walk_fields(layout_of(type), octets, [&](Field field, std::size_t at, std::size_t) {
            if (field == Field::Name) names.push_back(static_cast<std::uint16_t>(at));
        }));
    return names;
}

CompressibleNames compressible_names(RrType type) noexcept {
    switch (type) {
        case rr::NS:
        case rr::CNAME:
        case rr::PTR:
            return {.before = 0, .count = 1};
        case rr::MX:
            return {.before = 2, .count = 1};
        case rr::SOA:
            return {.before = 0, .count = 2};
        default:
            return {};
    }
}

bool same_value(RrType type, std::span<const std::uint8_t> one,
                std::span<const std::uint8_t> other) {
    if (std::ranges::equal(one, other)) return true;
    if (!std::ranges::equal(one, other, {}, lower_octet, lower_octet)) return false;
    // They differ only in the case of letters, which counts outside of names.
    const auto folded = [&](std::span<const std::uint8_t> octets) {
        std::vector<std::uint8_t> copy{octets.begin(), octets.end()};
        for (const auto at : names_of(type, octets)) {
            const auto name = name_in(octets, at);
            if (name) std::ranges::copy(name->wire(), copy.begin() + at);
        }
        return copy;
    };
    return folded(one) == folded(other);
}

std::optional<Name> name_in(std::span<const std::uint8_t> octets, std::size_t offset) {
    if (offset >= octets.size()) return std::nullopt;
    return Name::read(octets.subspan(offset));
}

}  // namespace zones
