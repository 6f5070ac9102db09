// SPDX-License-Identifier: Apache-2.0
#include "zones/name/ldns_record.hpp"

#include "geo/base/big_endian.hpp"
#include "geo/text/found_text.hpp"
#include "zones/name/c_text.hpp"
#include "zones/name/value_words.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace zones {
namespace {

struct FreeRr {
    void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
};
using Rr = std::unique_ptr<ldns_rr, FreeRr>;

constexpr RrType ipseckey = 45;

/// Returns the parts of a value before the first quoted one, without parentheses and comments.
std::vector<std::string> parts_of(std::string_view text) {
    constexpr std::string_view blanks = " \t()";
    std::vector<std::string> found;
    text = text.substr(0, text.find_first_of(";\""));
    for (std::size_t at = 0; (at = text.find_first_not_of(blanks, at)) < text.size();) {
        const auto end = std::min(text.find_first_of(blanks, at), text.size());
        found.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return found;
}

/// Returns the largest number that a field holds; 0 when the field is no number.
std::uint64_t largest_number(ldns_rdf_type field) {
    switch (static_cast<int>(field)) {
        case LDNS_RDF_TYPE_INT8:
        case LDNS_RDF_TYPE_ALG:
        case LDNS_RDF_TYPE_CERTIFICATE_USAGE:
        case LDNS_RDF_TYPE_SELECTOR:
        case LDNS_RDF_TYPE_MATCHING_TYPE:
            return 0xFF;
        case LDNS_RDF_TYPE_INT16:
        case LDNS_RDF_TYPE_CERT_ALG:
            return 0xFFFF;
        case LDNS_RDF_TYPE_INT32:
        case LDNS_RDF_TYPE_PERIOD:
            return 0xFFFFFFFF;
        default:
            return 0;
    }
}

/// Returns the first number that ldns would let wrap round its field ("99999" in 16 bits, "-1"), or
/// nothing. Numbers stand before any field that may be longer than a word.
std::string wrapped_number(RrType type, std::string_view text) {
    if (text.starts_with("\\#")) return {};
    const auto* descriptor = ldns_rr_descript(type);
    const auto parts = parts_of(text);
    // An IPSECKEY is one field to ldns; it begins with three numbers of one octet (RFC 4025 §2.1).
    const auto fields = type == ipseckey ? 3 : ldns_rr_descriptor_maximum(descriptor);
    for (std::size_t i = 0; i < std::min(parts.size(), fields); ++i) {
        const auto largest =
            type == ipseckey ? 0xFF : largest_number(ldns_rr_descriptor_field_type(descriptor, i));
        const auto number = number_in(parts[i]);
        if (largest > 0 && number && *number > largest) return parts[i];
    }
    return {};
}

/// ldns takes a lone hexadecimal digit at the end for the upper half of an octet. A digit was lost.
bool lacks_hex_digit(RrType type, std::string_view text) {
    if (text.starts_with("\\#")) return false;
    const auto* descriptor = ldns_rr_descript(type);
    const auto parts = parts_of(text);
    for (std::size_t i = 0; i < std::min(parts.size(), ldns_rr_descriptor_maximum(descriptor));
         ++i) {
        if (ldns_rr_descriptor_field_type(descriptor, i) != LDNS_RDF_TYPE_HEX) continue;
        std::size_t digits = 0;
        for (auto at = i; at < parts.size(); ++at) digits += parts[at].size();
        return digits % 2 != 0;
    }
    return false;
}

/// Returns ldns's verdict in words for readers who do not know its parts.
std::string wording(ldns_status status) {
    switch (static_cast<int>(status)) {
        case LDNS_STATUS_SYNTAX_RDATA_ERR:
            return "a part of it cannot be read";
        case LDNS_STATUS_SYNTAX_MISSING_VALUE_ERR:
            return "a part is missing";
        case LDNS_STATUS_SYNTAX_SUPERFLUOUS_TEXT_ERR:
            return "there is something behind it";
        case LDNS_STATUS_PACKET_OVERFLOW:
            return "that is too short for this type";
        default:
            return ldns_get_errorstr_by_id(status);
    }
}

/// Returns the fields that an RR should have and does not.
std::vector<ldns_rdf_type> lacking_fields(const ldns_rr& rr) {
    const auto* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(ldns_rr_get_type(&rr)));
    std::vector<ldns_rdf_type> lacking;
    if (descriptor == nullptr) return lacking;
    for (auto i = ldns_rr_rd_count(&rr); i < ldns_rr_descriptor_minimum(descriptor); ++i)
        lacking.push_back(ldns_rr_descriptor_field_type(descriptor, i));
    return lacking;
}

/// True for a CAA that lacks only its value. The value goes to the end of the RDATA and may be
/// empty (RFC 8659 §4.1), which ldns takes for a missing field.
bool lacks_value_alone(const ldns_rr& rr) {
    return ldns_rr_get_type(&rr) == LDNS_RR_TYPE_CAA &&
           lacking_fields(rr) == std::vector{LDNS_RDF_TYPE_LONG_STR};
}

/// True if the RR lacks a field other than base64: an empty base64 field has no text.
bool lacks_field(const ldns_rr& rr) {
    const auto lacking = lacking_fields(rr);
    return !lacking.empty() && lacking != std::vector{LDNS_RDF_TYPE_B64};
}

/// Returns the number of octets that the generic form declares (RFC 3597 §5), as it is written.
std::optional<std::string> generic_length(std::string_view text) {
    if (!text.starts_with("\\#")) return std::nullopt;
    text.remove_prefix(2);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return std::string{text.substr(0, text.find_first_of(" \t"))};
}

/// Returns which words of a value are names: the index of the first, and the index after the last.
std::pair<std::size_t, std::size_t> name_words(RrType type, std::span<const Word> words) {
    constexpr RrType sig = 24;
    constexpr RrType nxt = 30;
    constexpr RrType hip = 55;
    if (type == nxt || type == rr::NSEC) return {0, 1};
    if (type == sig || type == rr::RRSIG) return {7, 8};
    if (type == hip) return {3, words.size()};
    if (type == ipseckey && words.size() > 3 && words[1].text == "3") return {3, 4};
    return {0, 0};
}

/// A value whose names ldns need not understand: it takes a first label "@" for the origin, and the
/// gateway of an IPSECKEY as absolute.
struct Prepared {
    std::string text;
    std::vector<WrittenName> names;
    std::string fault;
};

Prepared prepare(RrType type, std::string_view text, const WrittenName& origin) {
    Prepared prepared{.text = std::string{text}, .names = {}, .fault = {}};
    const auto words = words_of(text);
    const auto [first, last] = name_words(type, words.list);
    if (first == last || text.starts_with("\\#")) return prepared;
    prepared.text.clear();
    for (std::size_t i = 0; i < words.list.size(); ++i) {
        const auto& word = words.list[i];
        if (i < first || i >= last) {
            prepared.text += word.text;
            // The key of an IPSECKEY may be in pieces, but ldns takes only the first.
            if (type != ipseckey || i < last) prepared.text += ' ';
            continue;
        }
        const auto name = WrittenName::from_text(word.text, origin);
        if (!name) {
            prepared.fault = '"' + shortened(word.text) + "\" is no name: " +
                             std::string{WrittenName::fault_of(word.text, origin)};
            return prepared;
        }
        prepared.names.push_back(*name);
        prepared.text += name_text(name->wire()) + ' ';
    }
    return prepared;
}

std::vector<std::uint8_t> octets_of(const ldns_rr& rr, std::span<const WrittenName> names) {
    std::vector<std::uint8_t> octets;
    for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(&rr, i);
        std::span<const std::uint8_t> own{ldns_rdf_data(field), ldns_rdf_size(field)};
        if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME && !names.empty()) {
            own = names.front().wire();
            names = names.subspan(1);
        }
        octets.insert(octets.end(), own.begin(), own.end());
    }
    return octets;
}

}  // namespace

LdnsResult read_by_ldns(RrType type, std::string_view text, const WrittenName& origin) {
    const auto failed = [](std::string fault) {
        return LdnsResult{.octets = {}, .fault = std::move(fault)};
    };
    const auto prepared = prepare(type, text, origin);
    if (!prepared.fault.empty()) return failed(prepared.fault);
    const auto line = ". 0 IN " + type_text(type) + " " + prepared.text;
    ldns_rr* raw = nullptr;
    const auto status = ldns_rr_new_frm_str(&raw, line.c_str(), 0, nullptr, nullptr);
    const Rr parsed{raw};
    if (status != LDNS_STATUS_OK) return failed(wording(status));
    auto octets = octets_of(*parsed, prepared.names);
    const auto declared = generic_length(text);
    if (declared && *declared != std::to_string(octets.size()))
        return failed("the octets are not those of one " + type_text(type));
    if (octets.empty() && !declared) return failed("there is no data in it");
    if (lacks_field(*parsed)) return failed("a field is missing");
    if (const auto word = wrapped_number(type, text); !word.empty())
        return failed(word + " is out of range");
    if (lacks_hex_digit(type, text)) return failed("the number of hexadecimal digits is odd");
    return {.octets = std::move(octets), .fault = {}};
}

std::string text_by_ldns(RrType type, const std::vector<std::uint8_t>& octets) {
    std::vector<std::uint8_t> wire{0};  // the root
    geo::append_number(wire, type, 2);
    geo::append_number(wire, 1, 2);  // IN
    geo::append_number(wire, 0, 4);  // TTL
    geo::append_number(wire, octets.size(), 2);
    wire.insert(wire.end(), octets.begin(), octets.end());
    std::size_t at = 0;
    ldns_rr* raw = nullptr;
    const auto status = ldns_wire2rr(&raw, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER);
    const Rr parsed{raw};
    if (status != LDNS_STATUS_OK) return "?";
    std::string text;
    for (std::size_t i = 0; i < ldns_rr_rd_count(parsed.get()); ++i) {
        const CText field{ldns_rdf2str(ldns_rr_rdf(parsed.get(), i))};
        if (!text.empty()) text += ' ';
        text += field == nullptr ? "?" : field.get();
    }
    if (lacks_value_alone(*parsed)) text += " \"\"";
    return text;
}

}  // namespace zones
