// SPDX-License-Identifier: Apache-2.0
#include "zones/record.hpp"

#include "zones/service_binding.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

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

constexpr RrType sink = 40;  // never more than a draft; ldns 1.8 loses part of its data

/// Types of questions, of signatures over messages, and of the protocol itself (RFC 6895 §3.1).
constexpr bool is_meta(unsigned type) noexcept {
    return type == 0 || type == rr::OPT || type == sink || (type >= 128 && type <= 255);
}

/// Types that ldns learnt after 1.8. They can be used where ldns has them; lists are the same
/// everywhere.
constexpr bool is_newer(unsigned type) noexcept {
    return (type > 65 && type < 99) || (type > 257 && type < 32768);
}

constexpr RrType svcb = 64;
constexpr RrType https = 65;
constexpr RrType caa = 257;

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
        const auto begin = static_cast<long>(rdata.octets.size());
        rdata.octets.insert(rdata.octets.end(), octets, octets + ldns_rdf_size(field));
        // Names that are written in lower case, as these are, are compared in lower case too.
        if (!rdata.names.empty() && rdata.names.back() == begin) {
            std::transform(rdata.octets.begin() + begin, rdata.octets.end(),
                           rdata.octets.begin() + begin, lower);
        }
    }
    return rdata;
}

/// The parts of a value up to one that is quoted, without parentheses and comments.
std::vector<std::string> words(std::string_view text) {
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

/// The largest number that a field holds; 0 when it is no number.
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

/// ldns lets numbers wrap round their field ("99999" in 16 bits, "-1"): the first one that does,
/// or nothing. Numbers stand before what may be longer than a word.
std::string wrapped_number(RrType type, std::string_view text) {
    if (text.starts_with("\\#")) return {};
    const auto* descriptor = ldns_rr_descript(type);
    const auto parts = words(text);
    // An IPSECKEY is one field to ldns; it begins with three numbers of one octet (RFC 4025 §2.1).
    constexpr RrType ipseckey = 45;
    const auto fields = type == ipseckey ? 3 : ldns_rr_descriptor_maximum(descriptor);
    for (std::size_t i = 0; i < std::min(parts.size(), fields); ++i) {
        const auto largest =
            type == ipseckey ? 0xFF : largest_number(ldns_rr_descriptor_field_type(descriptor, i));
        const auto number = number_in(parts[i]);
        if (largest > 0 && number && *number > largest) return parts[i];
    }
    return {};
}

/// ldns takes a lone hexadecimal digit at the end for the upper half of an octet: a digit got lost.
bool lacks_hex_digit(RrType type, std::string_view text) {
    if (text.starts_with("\\#")) return false;
    const auto* descriptor = ldns_rr_descript(type);
    const auto parts = words(text);
    for (std::size_t i = 0; i < std::min(parts.size(), ldns_rr_descriptor_maximum(descriptor));
         ++i) {
        if (ldns_rr_descriptor_field_type(descriptor, i) != LDNS_RDF_TYPE_HEX) continue;
        std::size_t digits = 0;
        for (auto at = i; at < parts.size(); ++at) digits += parts[at].size();
        return digits % 2 != 0;
    }
    return false;
}

/// ldns's verdict in words for those who do not know its parts.
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

/// The fields that an RR should have and has not.
std::vector<ldns_rdf_type> lacking_fields(const ldns_rr& rr) {
    const auto* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(ldns_rr_get_type(&rr)));
    std::vector<ldns_rdf_type> lacking;
    if (descriptor == nullptr) return lacking;
    for (auto i = ldns_rr_rd_count(&rr); i < ldns_rr_descriptor_minimum(descriptor); ++i)
        lacking.push_back(ldns_rr_descriptor_field_type(descriptor, i));
    return lacking;
}

/// The value of a CAA goes to the end of the RDATA and may be empty (RFC 8659 §4.1): no field to ldns.
bool lacks_value_alone(const ldns_rr& rr) {
    return ldns_rr_get_type(&rr) == LDNS_RR_TYPE_CAA &&
           lacking_fields(rr) == std::vector{LDNS_RDF_TYPE_LONG_STR};
}

/// ldns puts the origin behind a relative name whatever becomes of its length.
bool has_long_name(const ldns_rr& rr) {
    for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(&rr, i);
        if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME &&
            ldns_rdf_size(field) > max_name_length)
            return true;
    }
    return false;
}

/// The generic form may end anywhere. In text an empty value is "", an empty base64 field nothing.
bool lacks_field(const ldns_rr& rr, bool generic) {
    const auto lacking = lacking_fields(rr);
    return !lacking.empty() && lacking != std::vector{LDNS_RDF_TYPE_B64} &&
           !(generic && lacks_value_alone(rr));
}

/// The number of octets that the generic form declares (RFC 3597 §5), as it is written.
std::optional<std::string> generic_length(std::string_view text) {
    if (!text.starts_with("\\#")) return std::nullopt;
    text.remove_prefix(2);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return std::string{text.substr(0, text.find_first_of(" \t"))};
}

RdataResult read_by_ldns(RrType type, std::string_view text, const Name& origin) {
    const Rdf origin_rdf{
        ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, origin.length(), origin.wire().data())};
    const auto line = ". 0 IN " + type_text(type) + " " + std::string{text};
    ldns_rr* raw = nullptr;
    const auto status = ldns_rr_new_frm_str(&raw, line.c_str(), 0, origin_rdf.get(), nullptr);
    const Rr parsed{raw};
    if (status != LDNS_STATUS_OK) {
        return {.rdata = std::nullopt, .fault = wording(status)};
    }
    if (has_long_name(*parsed)) {
        return {.rdata = std::nullopt, .fault = "a name in it has more than 255 octets"};
    }
    auto rdata = rdata_of(*parsed);
    const auto declared = generic_length(text);
    if (declared && *declared != std::to_string(rdata.octets.size())) {
        return {.rdata = std::nullopt,
                .fault = "the octets are not those of one " + type_text(type)};
    }
    if (rdata.octets.empty() && !declared)
        return {.rdata = std::nullopt, .fault = "there is no data in it"};
    if (lacks_field(*parsed, declared.has_value()))
        return {.rdata = std::nullopt, .fault = "a field is missing"};
    if (type == caa && rdata.octets.size() > 1 && rdata.octets[1] == 0)
        return {.rdata = std::nullopt, .fault = "its tag is empty"};
    if (type == svcb || type == https) {
        if (const auto fault = fault_of_service_binding(rdata); !fault.empty())
            return {.rdata = std::nullopt, .fault = std::string{fault}};
    }
    if (const auto word = wrapped_number(type, text); !word.empty()) {
        return {.rdata = std::nullopt, .fault = word + " is out of range"};
    }
    if (lacks_hex_digit(type, text)) {
        return {.rdata = std::nullopt, .fault = "the number of hexadecimal digits is odd"};
    }
    return {.rdata = std::move(rdata), .fault = {}};
}

}  // namespace

std::optional<std::uint64_t> number_in(std::string_view word) {
    constexpr std::uint64_t limit = std::uint64_t{1} << 40;
    const bool negative = word.starts_with('-');
    if (negative) word.remove_prefix(1);
    if (word.empty() || word[0] < '0' || word[0] > '9') return std::nullopt;
    std::uint64_t sum = 0;
    std::uint64_t number = 0;
    for (const char c : word) {
        if (c >= '0' && c <= '9') {
            number = std::min(limit, number * 10 + static_cast<std::uint64_t>(c - '0'));
            continue;
        }
        constexpr std::array units{
            std::pair{'S', 1U     },
            std::pair{'M', 60U    },
            std::pair{'H', 3600U  },
            std::pair{'D', 86400U },
            std::pair{'W', 604800U}
        };
        const auto upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        const auto unit = std::ranges::find(units, upper, &std::pair<char, unsigned>::first);
        if (unit == units.end()) return std::nullopt;
        sum += std::exchange(number, 0) * unit->second;
    }
    return negative ? limit : std::min(limit, sum + number);
}

std::optional<RrType> read_type(std::string_view text) {
    constexpr std::string_view numbered = "TYPE";
    const auto good = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    // ldns compares with every type that it knows.
    constexpr std::array common{
        std::pair{std::string_view{"A"},     rr::A    },
        std::pair{std::string_view{"AAAA"},  rr::AAAA },
        std::pair{std::string_view{"CNAME"}, rr::CNAME},
        std::pair{std::string_view{"NS"},    rr::NS   },
        std::pair{std::string_view{"MX"},    rr::MX   },
        std::pair{std::string_view{"TXT"},   rr::TXT  }
    };
    for (const auto& [mnemonic, type] : common) {
        if (text == mnemonic) return type;
    }
    if (!std::ranges::all_of(text, good)) return std::nullopt;
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

std::string_view example_of(RrType type) {
    struct Example {
        RrType type;
        std::string_view text;
    };
    constexpr Example examples[] = {
        {rr::A,     "192.0.2.1"                                           },
        {rr::NS,    "ns1.example.net."                                    },
        {rr::CNAME, "www.example.net."                                    },
        {rr::SOA,   "ns1 hostmaster 2024010101 7200 900 1209600 60"       },
        {rr::PTR,   "host.example.net."                                   },
        {rr::MX,    "10 mail.example.net."                                },
        {rr::TXT,   "any text"                                            },
        {rr::AAAA,  "2001:db8::1"                                         },
        {rr::SRV,   "0 5 5061 sip.example.net."                           },
        {35,        "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp.example.net."},
        {rr::DNAME, "example.net."                                        },
        {rr::DS,    "12345 13 2 (64 hexadecimal digits)"                  },
        {44,        "4 2 (64 hexadecimal digits)"                         },
        {52,        "3 1 1 (64 hexadecimal digits)"                       },
        {64,        "1 . alpn=h2,h3"                                      },
        {65,        "1 . alpn=h2,h3"                                      },
        {256,       "10 1 \"https://example.net/\""                       },
        {257,       "0 issue \"letsencrypt.org\""                         },
    };
    const auto found = std::ranges::find(examples, type, &Example::type);
    if (found != std::end(examples)) return found->text;
    return type_text(type).starts_with("TYPE") ? "\\# 2 ABCD" : "";
}

const std::vector<std::string>& type_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> found;
        for (unsigned type = 1; type < 65536; ++type) {
            const auto* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(type));
            if (is_meta(type) || descriptor == nullptr || descriptor->_name == nullptr) continue;
            if (std::string_view{descriptor->_name}.starts_with("TYPE") || is_newer(type)) continue;
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
        return {.rdata = std::nullopt,
                .fault = "there is a line break or another control character in it"};
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
        // RFC 3597 §5 allows the generic form for known types too; the rest is no address.
        if (!text.starts_with("\\#")) {
            return {.rdata = std::nullopt,
                    .fault = other           ? "that is an address of the other family"
                             : type == rr::A ? "that is no IPv4 address"
                                             : "that is no IPv6 address"};
        }
    }
    return read_by_ldns(type, text, origin);
}

RdataResult read_master_rdata(RrType type, std::string_view text, const Name& origin) {
    text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
    if (type != rr::TXT || text.starts_with('"')) return read_rdata(type, text, origin);
    if (text.empty()) return {.rdata = std::nullopt, .fault = "there is no data in it"};
    if (text.starts_with("\\#")) return read_by_ldns(type, text, origin);
    std::string quoted{'"'};
    bool open = true;  // a string of ours
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool blank = text[i] == ' ' || text[i] == '\t';
        if (text[i] == '"') {  // ldns takes the rest as it is
            if (open) quoted += "\" ";
            return read_rdata(type, quoted + std::string{text.substr(i)}, origin);
        }
        if (blank == open) {
            quoted += blank ? "\" " : "\"";
            open = !blank;
        }
        if (!blank) quoted += text[i];
        if (text[i] == '\\' && i + 1 < text.size()) quoted += text[++i];
    }
    return read_rdata(type, quoted + '"', origin);
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
    if (lacks_value_alone(*parsed)) text += " \"\"";
    return text;
}

std::vector<std::uint16_t> compressible_names(RrType type, const Rdata& rdata) {
    if (!compressible(type)) return {};
    constexpr std::uint16_t preference = 2;  // octets before the name of an MX
    if (type == rr::MX) return {preference};
    if (type != rr::SOA) return {0};
    const auto primary = name_in(rdata, 0);
    return {0, static_cast<std::uint16_t>(primary ? primary->length() : 0)};
}

std::optional<Name> name_in(const Rdata& rdata, std::size_t offset) {
    if (offset >= rdata.octets.size()) return std::nullopt;
    return Name::read(std::span{rdata.octets}.subspan(offset));
}

}  // namespace zones
