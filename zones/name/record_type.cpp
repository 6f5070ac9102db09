// SPDX-License-Identifier: Apache-2.0
#include "zones/name/record_type.hpp"

#include "zones/name/c_text.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace zones {
namespace {

constexpr RrType sink = 40;  // never more than a draft; ldns 1.8 loses part of its data

/// Types of questions, of signatures over messages, and of the protocol itself (RFC 6895 §3.1).
constexpr bool is_meta(unsigned type) noexcept {
    return type == 0 || type == rr::OPT || type == sink || (type >= 128 && type <= 255);
}

/// Types that ldns has learnt since 1.8. A zone may use them where ldns has them; lists of types
/// leave them out, so that the lists are the same everywhere.
constexpr bool is_newer(unsigned type) noexcept {
    return (type > 65 && type < 99) || (type > 257 && type < 32768);
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
        constexpr std::array units{std::pair{'S', 1U}, std::pair{'M', 60U}, std::pair{'H', 3600U},
                                   std::pair{'D', 86400U}, std::pair{'W', 604800U}};
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
    constexpr std::array common{std::pair{std::string_view{"A"}, rr::A},
                                std::pair{std::string_view{"AAAA"}, rr::AAAA},
                                std::pair{std::string_view{"CNAME"}, rr::CNAME},
                                std::pair{std::string_view{"NS"}, rr::NS},
                                std::pair{std::string_view{"MX"}, rr::MX},
                                std::pair{std::string_view{"TXT"}, rr::TXT}};
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
    const CText text{ldns_rr_type2str(static_cast<ldns_rr_type>(type))};
    return text == nullptr ? "TYPE" + std::to_string(type) : text.get();
}

std::string_view example_of(RrType type) {
    struct Example {
        RrType type;
        std::string_view text;
    };
    constexpr Example examples[] = {
        {rr::A, "192.0.2.1"},
        {rr::NS, "ns1.example.net."},
        {rr::CNAME, "www.example.net."},
        {rr::SOA, "ns1 hostmaster 2024010101 7200 900 1209600 60"},
        {rr::PTR, "host.example.net."},
        {rr::MX, "10 mail.example.net."},
        {rr::TXT, "any text"},
        {rr::AAAA, "2001:db8::1"},
        {rr::SRV, "0 5 5061 sip.example.net."},
        {35, "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp.example.net."},
        {rr::DNAME, "example.net."},
        {rr::DS, "12345 13 2 (64 hexadecimal digits)"},
        {44, "4 2 (64 hexadecimal digits)"},
        {52, "3 1 1 (64 hexadecimal digits)"},
        {64, "1 . alpn=h2,h3"},
        {65, "1 . alpn=h2,h3"},
        {256, "10 1 \"https://example.net/\""},
        {257, "0 issue \"letsencrypt.org\""},
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

}  // namespace zones
