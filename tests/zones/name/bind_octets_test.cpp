// SPDX-License-Identifier: Apache-2.0
// The RDATA that is read here beside BIND's, octet for octet, for values of all types that both know.
// What is read and written by the same library hides what that library misreads.
#include "tests/support/process.hpp"
#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/master/master_file.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace name_bind_octets_test {

namespace {

using Octets = std::vector<std::uint8_t>;

/// "TYPE value"; each becomes the one record of its type at a name of its own.
std::vector<std::string> read_values() {
    std::vector<std::string> values;
    std::istringstream lines{support::contents(TEST_DATA "/values.txt")};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#')) values.push_back(line);
    }
    return values;
}

std::string zone_text(const std::vector<std::string>& values) {
    std::string text =
        "$ORIGIN example.com.\n$TTL 300\n"
        "@ SOA NS1.Example.COM. @.x 2147483648 2h 15m 2w 1h30m\n@ NS @\n@ A 192.0.2.1\n";
    std::size_t number = 0;
    for (const auto& value : values) text += "r" + std::to_string(number++) + " " + value + "\n";
    return text;
}

/// RDATA by "owner type".
using Records = std::map<std::string, Octets>;

Records ours(const std::string& path) {
    geo::Problems problems;
    zones::FilesOnDisk files;
    zones::MasterFile file{problems, files};
    Records records;
    file.read(path, std::nullopt, [&](const zones::MasterRecord& record) {
        records[record.owner.text() + " " + std::to_string(record.type)] = record.rdata.octets;
    });
    CHECK(reading::joined(reading::lines_of(problems)) == "");
    return records;
}

/// BIND's files of format "raw", version 1. Numbers of 32 bits: format · version · time of the dump ·
/// flags · serial · time of the last transfer. Then for each RRset: 0..3 length of it all · 4..5 class ·
/// 6..7 type · 8..9 type that is covered · 10..13 TTL · 14..17 number of values · 18..19 length of the
/// owner · 20.. owner · length in 16 bits and octets of each value.
Records theirs(const std::string& raw) {
    std::size_t at = 24;
    const auto number = [&](std::size_t size) {
        std::uint32_t sum = 0;
        for (; size > 0; --size) sum = sum << 8 | static_cast<std::uint8_t>(raw.at(at++));
        return sum;
    };
    Records records;
    while (at < raw.size()) {
        at += 6;
        const auto type = number(2);
        at += 6;
        const auto count = number(4);
        const auto owner_size = number(2);
        const std::string owner = raw.substr(at, owner_size);
        at += owner_size;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto size = number(2);
            const Octets wire{owner.begin(), owner.end()};
            const auto name = zones::Name::read(wire).value_or(zones::Name{});
            records[name.text() + " " + std::to_string(type)] = {
                raw.begin() + static_cast<long>(at), raw.begin() + static_cast<long>(at + size)};
            at += size;
        }
    }
    return records;
}

std::string text_of(const Octets& octets) {
    std::string text;
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto octet : octets) text += {digits[octet >> 4], digits[octet & 15]};
    return text;
}

}  // namespace

TEST_CASE("values of sixty types have the octets that BIND makes of them (RFC 1035 section 5)") {
    const auto values = read_values();
    REQUIRE(values.size() > 200);
    const support::TemporaryFolder folder;
    const auto path = folder.write("zone", zone_text(values));
    const auto raw = folder.path("raw");
    const auto made = support::run({"named-compilezone",
                                    "-q",
                                    "-j",
                                    "-i",
                                    "none",
                                    "-k",
                                    "ignore",
                                    "-m",
                                    "ignore",
                                    "-n",
                                    "ignore",
                                    "-r",
                                    "ignore",
                                    "-S",
                                    "ignore",
                                    "-T",
                                    "ignore",
                                    "-W",
                                    "ignore",
                                    "-F",
                                    "raw",
                                    "-o",
                                    raw,
                                    "example.com",
                                    path});
    CAPTURE(made.output);
    CAPTURE(made.errors);
    REQUIRE(made.status == 0);
    const auto own = ours(path);
    const auto other = theirs(support::contents(raw));
    CHECK(own.size() == values.size() + 3);
    CHECK(other.size() == values.size() + 3);
    for (const auto& [key, octets] : other) {
        const auto number = key.starts_with('r') ? std::stoul(key.substr(1)) : 0;
        CAPTURE(key);
        CAPTURE(values[number]);
        const auto found = own.find(key);
        REQUIRE(found != own.end());
        CHECK(text_of(found->second) == text_of(octets));
    }
}

}  // namespace name_bind_octets_test
