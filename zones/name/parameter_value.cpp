// SPDX-License-Identifier: Apache-2.0
#include "zones/name/parameter_value.hpp"

#include "geo/base/big_endian.hpp"
#include "zones/name/value_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <arpa/inet.h>

namespace zones {
namespace {

using Octets = std::vector<std::uint8_t>;
using Value = std::span<const std::uint8_t>;

constexpr std::array names{
    std::pair{std::string_view{"mandatory"}, key::mandatory},
    std::pair{std::string_view{"alpn"}, key::alpn},
    std::pair{std::string_view{"no-default-alpn"}, key::no_default_alpn},
    std::pair{std::string_view{"port"}, key::port},
    std::pair{std::string_view{"ipv4hint"}, key::ipv4hint},
    std::pair{std::string_view{"ech"}, key::ech},
    std::pair{std::string_view{"ipv6hint"}, key::ipv6hint},
    std::pair{std::string_view{"dohpath"}, key::dohpath},
    std::pair{std::string_view{"ohttp"}, key::ohttp},
};
constexpr std::string_view numbered = "key";

constexpr std::string_view alpn_fault =
    "\"alpn\" takes protocols of 1 to 255 octets, as in alpn=h2,h3 (RFC 9460 §7.1)";
constexpr std::string_view port_fault = "\"port\" takes a number from 0 to 65535 (RFC 9460 §7.2)";
constexpr std::string_view hint4_fault = "\"ipv4hint\" takes IPv4 addresses (RFC 9460 §7.3)";
constexpr std::string_view hint6_fault = "\"ipv6hint\" takes IPv6 addresses (RFC 9460 §7.3)";
constexpr std::string_view ech_fault = "\"ech\" takes its octets in base64";
constexpr std::string_view mandatory_fault =
    "\"mandatory\" takes keys, as in mandatory=alpn,port (RFC 9460 §8)";
constexpr std::string_view path_fault =
    "\"dohpath\" takes a path with a variable dns, as in dohpath=/dns-query{?dns} (RFC 9461 §5)";

template <class T>
std::optional<T> number_of(std::string_view digits) {
    T number{};
    const auto* end = digits.data() + digits.size();
    const auto [behind, fault] = std::from_chars(digits.data(), end, number);
    if (fault != std::errc{} || behind != end) return std::nullopt;
    return number;
}

void put(Octets& to, std::string_view octets) {
    to.insert(to.end(), octets.begin(), octets.end());
}

/// Returns the items between commas; \, and \\ stand for what they escape (RFC 9460, A.1).
std::vector<std::string> items_of(std::string_view list) {
    std::vector<std::string> items(1);
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (list[at] == ',') {
            items.emplace_back();
            continue;
        }
        if (list[at] == '\\' && at + 1 < list.size()) ++at;
        items.back() += list[at];
    }
    return items;
}

bool write_mandatory(std::string_view list, Octets& octets) {
    std::vector<unsigned> keys;
    for (const auto& item : items_of(list)) {
        const auto key = read_key(item);
        if (!key) return false;
        keys.push_back(*key);
    }
    std::ranges::sort(keys);
    for (const auto key : keys) geo::append_number(octets, key, 2);
    return true;
}

bool write_alpn(std::string_view list, Octets& octets) {
    for (const auto& item : items_of(list)) {
        if (item.empty() || item.size() > 255) return false;
        octets.push_back(static_cast<std::uint8_t>(item.size()));
        put(octets, item);
    }
    return true;
}

bool write_port(std::string_view digits, Octets& octets) {
    const auto port = number_of<std::uint16_t>(digits);
    if (port) geo::append_number(octets, *port, 2);
    return port.has_value();
}

bool write_addresses(int family, std::string_view list, Octets& octets) {
    for (const auto& item : items_of(list)) {
        std::array<std::uint8_t, 16> address{};
        if (inet_pton(family, item.c_str(), address.data()) != 1) return false;
        octets.insert(octets.end(), address.begin(),
                      address.begin() + (family == AF_INET ? 4 : 16));
    }
    return true;
}

bool write_base64(std::string_view text, Octets& octets) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0) return false;
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    std::uint32_t bits = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool pad = at >= text.size() - padding;
        const auto digit = pad ? 0 : digits.find(text[at]);
        if (digit == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if (at % 4 != 3) continue;
        for (const auto shift : {16, 8, 0})
            octets.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
    octets.resize(octets.size() - padding);
    return true;
}

/// {?dns}, {&x,dns} and the like (RFC 6570).
bool has_dns_variable(std::string_view path) {
    for (auto open = path.find('{'); open != std::string_view::npos;
         open = path.find('{', open + 1)) {
        const auto close = path.find('}', open);
        if (close == std::string_view::npos) break;
        auto list = path.substr(open + 1, close - open - 1);
        if (!list.empty() && std::string_view{"+#./;?&"}.find(list[0]) != std::string_view::npos)
            list.remove_prefix(1);
        for (const auto& variable : items_of(list)) {
            if (variable == "dns") return true;
        }
    }
    return false;
}

bool is_alpn(Value value) {
    if (value.empty()) return false;
    while (!value.empty()) {
        if (value[0] == 0 || value.size() <= value[0]) return false;
        value = value.subspan(value[0] + std::size_t{1});
    }
    return true;
}

std::string_view faulty(bool fault, std::string_view text) {
    return fault ? text : std::string_view{};
}

}  // namespace

std::optional<unsigned> read_key(std::string_view name) {
    const auto known = std::ranges::find(names, name, [](const auto& row) { return row.first; });
    if (known != names.end()) return known->second;
    if (!name.starts_with(numbered)) return std::nullopt;
    const auto digits = name.substr(numbered.size());
    const auto number = number_of<std::uint16_t>(digits);
    // "key007" is no key (RFC 9460 §2.1), and the last one stands for none (§14.3.2).
    if (!number || digits != std::to_string(*number) || *number == key::invalid)
        return std::nullopt;
    return *number;
}

std::string write_value(std::string_view name, unsigned key, std::string_view text,
                        std::vector<std::uint8_t>& octets) {
    const auto value = unescaped(text);
    if (!value) return "an escape in it is neither \\DDD up to 255 nor \\ and a sign";
    const auto told = [](bool good, std::string_view fault) {
        return std::string{good ? std::string_view{} : fault};
    };
    if (name.starts_with(numbered)) {
        put(octets, *value);
        return {};
    }
    switch (key) {
        case key::mandatory:
            return told(write_mandatory(*value, octets), mandatory_fault);
        case key::alpn:
            return told(write_alpn(*value, octets), alpn_fault);
        case key::port:
            return told(write_port(*value, octets), port_fault);
        case key::ipv4hint:
            return told(write_addresses(AF_INET, *value, octets), hint4_fault);
        case key::ipv6hint:
            return told(write_addresses(AF_INET6, *value, octets), hint6_fault);
        case key::ech:
            return told(write_base64(*value, octets), ech_fault);
        default:
            put(octets, *value);
            return {};
    }
}

std::string_view fault_of_value(unsigned key, std::span<const std::uint8_t> value) {
    const bool whole4 = !value.empty() && value.size() % 4 == 0;
    const bool whole6 = !value.empty() && value.size() % 16 == 0;
    const std::string text{value.begin(), value.end()};
    switch (key) {
        case key::alpn:
            return faulty(!is_alpn(value), alpn_fault);
        case key::no_default_alpn:
            return faulty(!value.empty(), "\"no-default-alpn\" takes no value (RFC 9460 §7.1.1)");
        case key::port:
            return faulty(value.size() != 2, port_fault);
        case key::ipv4hint:
            return faulty(!whole4, hint4_fault);
        case key::ech:
            return faulty(value.empty(), ech_fault);
        case key::ipv6hint:
            return faulty(!whole6, hint6_fault);
        case key::dohpath:
            return faulty(!text.starts_with('/') || !has_dns_variable(text), path_fault);
        case key::ohttp:
            return faulty(!value.empty(), "\"ohttp\" takes no value (RFC 9540 §4)");
        case key::invalid:
            return "key65535 is no key (RFC 9460 §14.3.2)";
        default:
            return {};
    }
}

}  // namespace zones
