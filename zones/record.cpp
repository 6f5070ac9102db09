// SPDX-License-Identifier: Apache-2.0
#include "zones/record.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <arpa/inet.h>

namespace zones {
namespace {

struct FreeRr {
    void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
};
struct FreeRdf {
    void operator()(ldns_rdf* rdf) const noexcept { ldns_rdf_deep_free(rdf); }
};
using Rr = std::unique_ptr<ldns_rr, FreeRr>;
using Rdf = std::unique_ptr<ldns_rdf, FreeRdf>;

/// Types of questions, of signatures over messages, and of the protocol itself (RFC 6895 §3.1).
constexpr bool is_meta(unsigned type) noexcept {
    return type == 0 || type == rr::OPT || (type >= 128 && type <= 255);
}

constexpr bool compressible(RrType type) noexcept {
    return type == rr::NS || type == rr::CNAME || type == rr::SOA || type == rr::PTR ||
           type == rr::MX;
}

Rdata address_rdata(std::span<const std::uint8_t> octets) {
    return {
        .octets = {octets.begin(),       octets.end()},
          .names = {                    }
    };
}

RdataResult read_plain_text(std::string_view text) {
    Rdata rdata;
    do {
        const auto piece = text.substr(0, 255);
        rdata.octets.push_back(static_cast<std::uint8_t>(piece.size()));
        rdata.octets.insert(rdata.octets.end(), piece.begin(), piece.end());
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return {.rdata = std::move(rdata), .fault = {}};
}

Rdata rdata_of(const ldns_rr& rr) {
    Rdata rdata;
    for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(&rr, i);
        if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME &&
            compressible(static_cast<RrType>(ldns_rr_get_type(&rr)))) {
            rdata.names.push_back(static_cast<std::uint16_t>(rdata.octets.size()));
        }
        const std::uint8_t* octets = ldns_rdf_data(field);
        rdata.octets.insert(rdata.octets.end(), octets, octets + ldns_rdf_size(field));
    }
    return rdata;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) < text.size();) {
        const auto end = std::min(text.find_first_of(" \t", at), text.size());
        found.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return found;
}

/// ldns lets numbers wrap round their field ("99999" in 16 bits). A number of the text that cannot
/// be found in what was understood is one of these; spaces may fall elsewhere, as in hex digits.
std::string wrapped_number(std::string_view text, const std::string& understood) {
    std::string joined;
    for (const auto& word : words(understood)) joined += word;
    for (const auto& word : words(text)) {
        if (word.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto digits = word.substr(std::min(word.find_first_not_of('0'), word.size() - 1));
        if (joined.find(digits) == std::string::npos) return word;
    }
    return {};
}

bool quotes_closed(std::string_view text) {
    bool open = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            open = !open;
        }
    }
    return !open;
}

RdataResult read_by_ldns(RrType type, std::string_view text, const Name& origin) {
    const Rdf origin_rdf{
        ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, origin.length(), origin.wire().data())};
    const auto line = ". 0 IN " + type_text(type) + " " + std::string{text};
    ldns_rr* raw = nullptr;
    const auto status = ldns_rr_new_frm_str(&raw, line.c_str(), 0, origin_rdf.get(), nullptr);
    const Rr parsed{raw};
    if (status != LDNS_STATUS_OK) {
        return {.rdata = std::nullopt, .fault = ldns_get_errorstr_by_id(status)};
    }
    auto rdata = rdata_of(*parsed);
    if (rdata.octets.empty()) return {.rdata = std::nullopt, .fault = "no data"};
    if (const auto word = wrapped_number(text, rdata_text(type, rdata.octets)); !word.empty()) {
        return {.rdata = std::nullopt, .fault = word + " is out of range"};
    }
    return {.rdata = std::move(rdata), .fault = {}};
}

}  // namespace

std::optional<RrType> read_type(std::string_view text) {
    constexpr std::string_view numbered = "TYPE";
    if (std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; })) return std::nullopt;
    const std::string terminated{text};
    const unsigned type = ldns_get_rr_type_by_name(terminated.c_str());
    if (type > 65535 || is_meta(type)) return std::nullopt;
    if (text.starts_with(numbered)) {
        const auto digits = text.substr(numbered.size());
        if (std::to_string(type) != digits) return std::nullopt;
    }
    return static_cast<RrType>(type);
}

std::string type_text(RrType type) {
    char* raw = ldns_rr_type2str(static_cast<ldns_rr_type>(type));
    std::string text = raw == nullptr ? "TYPE" + std::to_string(type) : raw;
    std::free(raw);
    return text;
}

const std::vector<std::string>& type_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> found;
        for (unsigned type = 1; type < 65536; ++type) {
            const auto* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(type));
            if (is_meta(type) || descriptor == nullptr || descriptor->_name == nullptr) continue;
            if (std::string_view{descriptor->_name}.starts_with("TYPE")) continue;
            if (read_type(descriptor->_name) == type) found.emplace_back(descriptor->_name);
        }
        return found;
    }();
    return names;
}

RdataResult read_rdata(RrType type, std::string_view text, const Name& origin) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; };
    const bool plain_text = type == rr::TXT && !text.starts_with('"');
    if (plain_text) return read_plain_text(text);
    if (std::ranges::any_of(text, control)) {
        return {.rdata = std::nullopt, .fault = "a line break or another control character"};
    }
    if (!quotes_closed(text)) return {.rdata = std::nullopt, .fault = "a quote is not closed"};
    std::array<std::uint8_t, 16> octets{};
    const std::string terminated{text};
    if (type == rr::A && inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) {
        return {.rdata = address_rdata(std::span{octets}.first(4)), .fault = {}};
    }
    if (type == rr::AAAA && inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) {
        return {.rdata = address_rdata(octets), .fault = {}};
    }
    if (type == rr::A || type == rr::AAAA) {
        const bool other =
            inet_pton(type == rr::A ? AF_INET6 : AF_INET, terminated.c_str(), octets.data()) == 1;
        const std::string_view family = type == rr::A ? "IPv4" : "IPv6";
        // RFC 3597 §5 allows the generic form for known types too; the rest is no address.
        if (!text.starts_with("\\#")) {
            return {.rdata = std::nullopt,
                    .fault = other ? "an address of the other family"
                                   : "no " + std::string{family} + " address"};
        }
    }
    return read_by_ldns(type, text, origin);
}

std::string rdata_text(RrType type, const std::vector<std::uint8_t>& octets) {
    std::vector<std::uint8_t> wire{0,
                                   static_cast<std::uint8_t>(type >> 8),
                                   static_cast<std::uint8_t>(type),
                                   0,
                                   1,
                                   0,
                                   0,
                                   0,
                                   0,
                                   static_cast<std::uint8_t>(octets.size() >> 8),
                                   static_cast<std::uint8_t>(octets.size())};
    wire.insert(wire.end(), octets.begin(), octets.end());
    std::size_t at = 0;
    ldns_rr* raw = nullptr;
    const auto status = ldns_wire2rr(&raw, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER);
    const Rr parsed{raw};
    if (status != LDNS_STATUS_OK) return "?";
    std::string text;
    for (std::size_t i = 0; i < ldns_rr_rd_count(parsed.get()); ++i) {
        char* field = ldns_rdf2str(ldns_rr_rdf(parsed.get(), i));
        if (!text.empty()) text += ' ';
        text += field == nullptr ? "?" : field;
        std::free(field);
    }
    return text;
}

std::optional<Name> name_in(const Rdata& rdata, std::size_t offset) {
    if (offset >= rdata.octets.size()) return std::nullopt;
    return Name::read(std::span{rdata.octets}.subspan(offset));
}

}  // namespace zones
