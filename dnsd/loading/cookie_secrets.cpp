// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/cookie_secrets.hpp"

#include "dnsd/tsig/secret_file.hpp"
#include "dnsd/tsig/tsig.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

namespace control {
namespace {

constexpr std::size_t secret_size = 16;  // octets
constexpr std::size_t most_secrets = 2;
constexpr std::string_view label = "isochrone server cookies";

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = std::min(line.find_first_not_of(blanks), line.size());
    return line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
}

std::optional<geo::SipKey> read_secret(std::string_view digits) {
    if (digits.size() != 2 * secret_size) return std::nullopt;
    std::array<std::uint8_t, secret_size> octets{};
    for (std::size_t i = 0; i < secret_size; ++i) {
        const auto* first = digits.data() + 2 * i;
        if (std::from_chars(first, first + 2, octets[i], 16).ptr != first + 2) return std::nullopt;
    }
    return geo::sip_key(octets);
}

geo::SipKey derived(const transfer::TsigKey& key, const zones::Name& zone) {
    std::vector<std::uint8_t> message{label.begin(), label.end()};
    const auto name = zone.wire();
    message.insert(message.end(), name.begin(), name.end());
    const auto code = transfer::mac_of(key, message);
    return geo::sip_key(std::span{code}.first<secret_size>());
}

}  // namespace

std::optional<CookieSecrets> read_cookie_secrets(std::string_view text, const std::string& file,
                                                 geo::Problems& problems) {
    CookieSecrets secrets;
    const auto fault = [&](std::size_t line, const char* what) {
        problems.push_back({.file = file, .line = line, .path = {}, .text = what});
        return std::nullopt;
    };
    std::size_t number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.empty() || line.front() == '#') continue;
        const auto secret = read_secret(line);
        if (!secret) return fault(number, "expected a secret of 32 hexadecimal digits");
        if (secrets.size() == most_secrets) return fault(number, "a third secret: two at most");
        secrets.push_back(*secret);
    }
    if (secrets.empty()) return fault(number, "no secret stands here: 32 hexadecimal digits");
    return secrets;
}

CookieSecrets derived_cookie_secrets(const transfer::Keys& keys, const zones::Name& zone) {
    CookieSecrets secrets;
    for (const auto& key : keys.all()) secrets.push_back(derived(key, zone));
    return secrets;
}

CookieSecrets random_cookie_secrets() {
    return {geo::random_sip_key()};
}

bool CookieSecretFile::changed() {
    if (!named()) return false;
    const auto state = state_of(path_);
    const bool still = state == last_look_;
    last_look_ = state;
    return still && state != loaded_;
}

std::optional<CookieSecrets> CookieSecretFile::load(geo::Problems& problems) {
    // As it was before it was read: what is written meanwhile is a change.
    loaded_ = state_of(path_);
    last_look_ = loaded_;
    const auto text = transfer::read_secret_file(path_);
    if (text) return read_cookie_secrets(*text, path_, problems);
    problems.push_back({.file = path_, .path = {}, .text = text.error().text});
    return std::nullopt;
}

}  // namespace control
