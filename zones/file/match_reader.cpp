// SPDX-License-Identifier: Apache-2.0
#include "zones/file/match_reader.hpp"

#include "geo/place/countries.hpp"
#include "geo/text/suggestion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <utility>

namespace zones {
namespace {

constexpr std::array<std::string_view, 7> continents{"AF", "AN", "AS", "EU", "NA", "OC", "SA"};

std::optional<geo::Match> read_country(std::string_view code) {
    if (geo::find_country(code) == nullptr) return std::nullopt;
    return geo::Match{.kind = geo::Match::Kind::Country, .area = code};
}

std::optional<geo::Match> read_subdivision(std::string_view code) {
    const auto dash = code.find('-');
    if (dash == std::string_view::npos || !read_country(code.substr(0, dash))) return std::nullopt;
    const auto own = code.substr(dash + 1);
    const auto good = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    if (own.empty() || own.size() > 3 || !std::ranges::all_of(own, good)) return std::nullopt;
    return geo::Match{
        .kind = geo::Match::Kind::Subdivision, .area = code.substr(0, dash), .subdivision = own};
}

std::optional<geo::Match> read_continent(std::string_view code) {
    if (std::ranges::find(continents, code) == continents.end()) return std::nullopt;
    return geo::Match{.kind = geo::Match::Kind::Continent, .area = code};
}

std::optional<geo::Match> read_asn(std::string_view digits) {
    std::uint32_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [behind, fault] = std::from_chars(digits.data(), end, number);
    if (fault != std::errc{} || behind != end || number == 0) return std::nullopt;
    return geo::Match{.kind = geo::Match::Kind::Asn, .asn = number};
}

struct MatchWord {
    std::string_view word;
    std::string_view wanted;
    std::optional<geo::Match> (*read)(std::string_view code);
};
constexpr std::array match_words{
    MatchWord{"continent", "one of AF AN AS EU NA OC SA", read_continent},
    MatchWord{"country", "a code of ISO 3166-1 in capitals, as in \"country:DE\"", read_country},
    MatchWord{"subdivision", "a code of ISO 3166-2, as in \"subdivision:US-CA\"", read_subdivision},
    MatchWord{"asn", "a number, as in \"asn:64500\"", read_asn},
};

}  // namespace

std::optional<geo::Match> read_match(std::string_view text, const Json& where, MatchIn in) {
    const bool at_key = in == MatchIn::Table;
    const auto fail = [&](std::string fault) {
        at_key ? where.key_fault(std::move(fault)) : where.fault(std::move(fault));
        return std::nullopt;
    };
    if (text == "*" && at_key) return geo::Match{};
    const auto colon = text.find(':');
    for (const auto& [word, wanted, read] : match_words) {
        if (text.substr(0, colon) != word || colon == std::string_view::npos) continue;
        const auto match = read(text.substr(colon + 1));
        if (match) return match;
        return fail("expected " + std::string{word} + ": and " + std::string{wanted} +
                    ", found \"" + std::string{text} + "\"");
    }
    if (const auto prefix = geo::read_prefix(text)) {
        return geo::Match{.kind = geo::Match::Kind::Prefix, .prefix = *prefix};
    }
    constexpr std::array<std::string_view, 5> words{"continent", "country", "subdivision", "asn",
                                                    "group"};
    std::string hint;
    if (text.find('/') != std::string_view::npos) {
        hint = "; a prefix is written as in \"203.0.113.0/24\", without bits set behind its length";
    } else {
        hint = suggestion(text.substr(0, colon),
                          std::span{words}.first(at_key ? words.size() : words.size() - 1));
    }
    return fail("expected continent:, country:, subdivision:, asn:" +
                std::string{at_key ? ", group:, a prefix or \"*\"" : " or a prefix"} +
                ", found \"" + std::string{text} + "\"" + hint);
}

}  // namespace zones
