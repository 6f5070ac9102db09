// SPDX-License-Identifier: Apache-2.0
#include "zones/file/check_values.hpp"

#include "zones/json/duration.hpp"
#include "zones/name/name.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <span>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_host = 253;       // octets of a name without the dot at its end
constexpr std::size_t max_url_path = 1024;  // octets
constexpr std::size_t max_headers = 16;
constexpr std::size_t max_header = 1024;      // octets of a value
constexpr std::size_t max_words = 64;         // of a command
constexpr std::size_t max_octets = 4095;      // of a word, of a file's path
constexpr std::int64_t max_jitter = 50;       // percent
constexpr std::uint32_t max_damping = 86400;  // seconds

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet < ' ' || octet == 0x7F;
    });
}

constexpr std::string_view host = "Host";
constexpr std::string_view ours[] = {host,      "Connection", "Content-Length", "Transfer-Encoding",
                                     "Upgrade", "TE",         "Trailer",        "Expect"};

/// A field's name (RFC 9110 §5.6.2).
bool is_token(std::string_view text) {
    constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
    const auto allowed = [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               signs.find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

/// Whether one of them is the name, without regard to case.
bool has_name(std::span<const std::string_view> names, std::string_view name) {
    const auto folded = [](char c) {
        return static_cast<char>(lower(static_cast<std::uint8_t>(c)));
    };
    return std::ranges::any_of(names, [&](std::string_view other) {
        return std::ranges::equal(other, name, {}, folded, folded);
    });
}

bool is_absolute_path(std::string_view text) {
    return text.starts_with('/') && text.size() <= max_octets && !has_control(text);
}

std::optional<probes::StatusRange> read_status(const Json& value) {
    constexpr std::string_view wanted = "a status from 100 to 599, or a class as in \"2xx\"";
    if (!value.is(Json::Kind::String)) {
        const auto status = value.integer(100, 599, wanted);
        if (!status) return std::nullopt;
        const auto number = static_cast<std::uint16_t>(*status);
        return probes::StatusRange{.first = number, .last = number};
    }
    const auto text = value.text();
    if (text.size() != 3 || text[0] < '1' || text[0] > '5' || text.substr(1) != "xx") {
        value.expected(wanted);
        return std::nullopt;
    }
    const auto first = static_cast<std::uint16_t>((text[0] - '0') * 100);
    return probes::StatusRange{.first = first, .last = static_cast<std::uint16_t>(first + 99)};
}

/// "10 %"; blanks before the sign do not matter.
std::optional<std::int64_t> percent_in(std::string_view text) {
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [behind, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{}) return std::nullopt;
    std::string_view unit{behind, static_cast<std::size_t>(end - behind)};
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    return unit == "%" ? std::optional<std::int64_t>{number} : std::nullopt;
}

void read_damping_times(const Json& object, probes::Damping& damping) {
    bool good = true;
    for (const auto& [key, time] :
         {std::pair{"within", &damping.within}, std::pair{"hold", &damping.hold},
          std::pair{"longest", &damping.longest}}) {
        const auto member = object.find(key);
        if (!member) continue;
        const auto seconds = read_seconds(*member);
        const bool fits = seconds && *seconds >= 1 && *seconds <= max_damping;
        if (seconds && !fits) member->expected("a time from 1s to 1d");
        if (fits) *time = std::chrono::seconds{*seconds};
        good = good && fits;
    }
    if (good && damping.hold > damping.longest) {
        object.fault("\"hold\" (" + std::to_string(damping.hold.count()) +
                     " seconds) is longer than \"longest\" (" +
                     std::to_string(damping.longest.count()) + " seconds)");
    }
}

}  // namespace

std::string read_host(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    std::string host;
    for (const char c : text) host += static_cast<char>(lower(static_cast<std::uint8_t>(c)));
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    const bool good = host.size() <= max_host && std::ranges::all_of(host, allowed) &&
                      !host.starts_with('.') && host.find("..") == std::string::npos &&
                      !host.ends_with('.');
    return good ? host : std::string{};
}

std::string read_host_name(const Json& value) {
    constexpr std::string_view wanted = "a host name, as in \"plex.example.com\"";
    const auto text = value.string(wanted);
    if (!text) return {};
    auto host = read_host(*text);
    if (host.empty()) value.expected(wanted);
    return host;
}

std::string read_method(const Json& value) {
    constexpr std::string_view wanted = "\"GET\", \"HEAD\" or \"OPTIONS\"";
    const auto text = value.string(wanted);
    if (text == "GET" || text == "HEAD" || text == "OPTIONS") return std::string{*text};
    if (text) value.expected(wanted);
    return "GET";
}

std::vector<probes::Header> read_headers(const Json& value) {
    std::vector<probes::Header> headers;
    if (!value.object("an object of a request's fields, as in {\"Accept\": \"text/html\"}"))
        return {};
    const auto members = value.members();
    if (members.size() > max_headers) value.fault("more than 16 headers");
    for (const auto& [name, content] : members) {
        const auto text = content.string("the field's value as a text");
        if (!is_token(name)) content.key_fault("no field of a request has this name");
        if (has_name(ours, name))
            content.key_fault("the check itself says this" +
                              std::string{has_name({&host, 1}, name) ? ": see \"host\"" : ""});
        if (!text) continue;
        if (text->size() > max_header || has_control(*text))
            content.expected("a text of at most 1024 octets, none of them a control character");
        const auto same = [&name = name](const probes::Header& other) {
            return has_name({&name, 1}, other.name);
        };
        if (std::ranges::any_of(headers, same)) content.key_fault("this field stands here twice");
        headers.push_back({std::string{name}, std::string{*text}});
    }
    return headers;
}

std::string read_url_path(const Json& value) {
    constexpr std::string_view wanted =
        "a path that begins with \"/\", of at most 1024 octets without blanks";
    const auto path = value.string(wanted);
    if (!path) return {};
    if (path->starts_with('/') && path->size() <= max_url_path && !has_control(*path) &&
        path->find(' ') == std::string_view::npos) {
        return std::string{*path};
    }
    value.expected(wanted);
    return {};
}

std::vector<probes::StatusRange> read_statuses(const Json& value) {
    const auto items = value.one_or_more();
    if (items.empty()) value.expected("at least one status");
    std::vector<probes::StatusRange> statuses;
    for (const auto& item : items) {
        if (const auto status = read_status(item)) statuses.push_back(*status);
    }
    std::ranges::sort(statuses, {}, [](const probes::StatusRange& status) {
        return std::pair{status.first, status.last};
    });
    statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
    return statuses;
}

std::vector<std::string> read_command(const Json& value) {
    constexpr std::string_view wanted =
        "a program's absolute path, or a list of it and its arguments";
    std::vector<std::string> words;
    const auto items = value.one_or_more();
    if (items.empty()) value.expected(wanted);
    if (items.size() > max_words) value.fault("more than 64 words in a command");
    for (const auto& item : items) {
        const auto word = item.string(words.empty() ? wanted : "an argument as a string");
        if (!word) return {};
        if (words.empty() && !is_absolute_path(*word)) {
            item.expected(wanted);
            return {};
        }
        if (word->size() > max_octets || word->find('\0') != std::string_view::npos) {
            item.expected("an argument of at most 4095 octets, none of them 0");
        }
        words.emplace_back(*word);
    }
    // No shell takes it apart.
    if (value.is(Json::Kind::String) && value.text().find(' ') != std::string_view::npos) {
        value.expected(wanted, "arguments stand in a list");
    }
    return words;
}

std::string read_file_path(const Json& value) {
    constexpr std::string_view wanted = "a file's absolute path";
    const auto path = value.string(wanted);
    if (!path) return {};
    if (is_absolute_path(*path)) return std::string{*path};
    value.expected(wanted);
    return {};
}

std::optional<std::uint8_t> read_jitter(const Json& value) {
    constexpr std::string_view wanted = "a percentage from 0 to 50, as in 10 or \"10 %\"";
    std::optional<std::int64_t> percent;
    if (!value.is(Json::Kind::String)) {
        percent = value.integer(0, max_jitter, wanted);
    } else if (percent = percent_in(value.text()); !percent || *percent > max_jitter) {
        value.expected(wanted);
        return std::nullopt;
    }
    if (!percent) return std::nullopt;
    return static_cast<std::uint8_t>(*percent);
}

probes::Damping read_damping(const Json& value) {
    probes::Damping damping;
    if (value.is(Json::Kind::Boolean) && value.text() == "false") {
        damping.downs = 0;
    } else if (value.object(
                   "false, or an object with \"downs\", \"within\", \"hold\" and \"longest\"")) {
        value.allow_keys({"downs", "within", "hold", "longest"});
        if (const auto downs = value.find("downs")) {
            damping.downs = static_cast<std::uint8_t>(
                downs->integer(1, 20, "an integer from 1 to 20").value_or(1));
        }
        read_damping_times(value, damping);
    }
    return damping;
}

}  // namespace zones
