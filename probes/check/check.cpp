// SPDX-License-Identifier: Apache-2.0
#include "probes/check/check.hpp"

#include "geo/base/digest.hpp"
#include "geo/text/percent_text.hpp"

#include <algorithm>

namespace probes {
namespace {

constexpr std::chrono::milliseconds longest_retry{1000};

std::string endpoint_text(const Check& check) {
    const auto address = geo::to_text(check.address);
    const bool v6 = check.address.family == geo::Family::V6;
    return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(check.port);
}

std::string kind_text(Check::Kind kind) {
    switch (kind) {
        case Check::Kind::Tcp:
            return "tcp";
        case Check::Kind::Http:
            return "http";
        case Check::Kind::Https:
            return "https";
        case Check::Kind::Tls:
            return "tls";
        case Check::Kind::Command:
            return "command";
        case Check::Kind::File:
            return "file";
    }
    return "?";
}

/// Adds a field with its length before it, so that two lists of fields never read alike. Always one
/// line.
void put(std::string& key, std::string_view field) {
    key += ' ' + std::to_string(field.size()) + ':' + percent_encoded(field);
}

void put(std::string& key, std::int64_t number) {
    key += ' ' + std::to_string(number);
}

/// Returns what is asked, and whom.
std::string question_of(const Check& check) {
    auto key = kind_text(check.kind);
    put(key, endpoint_text(check));
    put(key, check.host);
    for (const auto& [first, last] : check.statuses) {
        put(key, first);
        put(key, last);
    }
    put(key, check.body);
    put(key, check.verify ? 1 : 0);
    put(key, check.days_left);
    put(key, check.path);
    for (const auto& word : check.command) put(key, word);
    put(key, check.file);
    // A field of a later version is left out of keys that do not use it: states are kept over
    // upgrades.
    if (check.method != "GET") put(key, "method " + check.method);
    if (!check.server_name.empty()) put(key, "server_name " + check.server_name);
    for (const auto& [name, value] : check.headers) put(key, name + ": " + value);
    return key;
}

std::string without_blanks(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) <= ' '; }, '_');
    return text;
}

}  // namespace

std::chrono::milliseconds retry_interval(const Check& check) noexcept {
    return std::min(check.interval, longest_retry);
}

std::string key_of(const Check& check) {
    auto key = question_of(check);
    for (const std::int64_t number :
         {std::int64_t{check.max_age.count()}, std::int64_t{check.interval.count()},
          std::int64_t{check.timeout.count()}, std::int64_t{check.jitter},
          std::int64_t{check.limits.rise}, std::int64_t{check.limits.fall},
          std::int64_t{check.limits.damping.downs},
          std::int64_t{check.limits.damping.within.count()},
          std::int64_t{check.limits.damping.hold.count()},
          std::int64_t{check.limits.damping.longest.count()}}) {
        put(key, number);
    }
    return key;
}

std::uint64_t asked_digest(std::span<const geo::Address> addresses,
                           std::span<const CheckPtr> checks) {
    std::vector<std::string> parts;
    for (const auto& address : addresses) parts.push_back(geo::to_text(address));
    for (const auto& check : checks) parts.push_back(question_of(*check));
    std::ranges::sort(parts);
    Digest digest;
    for (const auto& part : parts) digest.add(part);
    return digest.value();
}

std::string to_text(const Check& check) {
    const auto kind = kind_text(check.kind);
    switch (check.kind) {
        case Check::Kind::Tcp:
        case Check::Kind::Tls:
            return kind + ":" + endpoint_text(check);
        case Check::Kind::Http:
        case Check::Kind::Https:
            return without_blanks(kind + "://" + endpoint_text(check) + check.path);
        case Check::Kind::Command:
            return without_blanks(kind + ":" +
                                  (check.command.empty() ? "" : check.command.front()));
        case Check::Kind::File:
            break;
    }
    return without_blanks(kind + ":" + check.file);
}

}  // namespace probes
