// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is asked of a target to learn whether it works, and how often. A check is data: probe.hpp
// runs it, and tracker.hpp judges its results.

#include "geo/place/address.hpp"
#include "probes/check/tracker.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace probes {

/// HTTP statuses from `first` to `last`, both included.
struct StatusRange {
    std::uint16_t first = 200;
    std::uint16_t last = 299;
    bool operator==(const StatusRange&) const = default;
};

struct Header {
    std::string name;
    std::string value;
    bool operator==(const Header&) const = default;
};

struct Check {
    enum class Kind : std::uint8_t {
        Tcp,      // a connection is accepted
        Http,     // a request gives one of the statuses and, if asked for, the text
        Https,    // the same inside TLS
        Tls,      // a handshake succeeds, and the certificate is good for some days more
        Command,  // a program ends with status 0
        File,     // the first word of a file is "up", not "down"
    };

    Kind kind = Kind::Tcp;

    // All but Command and File
    geo::Address address;
    std::uint16_t port = 0;

    // Http, Https, Tls
    std::string host;  // Host header; also the server name where server_name is empty
    // Http, Https
    std::string method = "GET";
    std::vector<Header> headers;  // in addition to Host and Connection, which this program sets
    std::string path = "/";
    std::vector<StatusRange> statuses{StatusRange{}};
    std::string body;  // text wanted in the first body_limit octets of the body; empty: none
    // Https, Tls
    std::string server_name;      // SNI, and the name that the certificate must have
    bool verify = true;           // chain, name and dates of the certificate
    std::uint16_t days_left = 0;  // Tls: a certificate that ends sooner is a failure

    std::vector<std::string> command;  // Command: the program's path and its arguments
    std::string file;                  // File
    std::chrono::seconds max_age{0};   // File: an older file gives no word; 0: any age will do

    std::chrono::milliseconds interval{10'000};
    std::chrono::milliseconds timeout{3'000};  // of one attempt as a whole
    std::uint8_t jitter = 10;  // percent of the interval by which an attempt may come early or late
    TrackerLimits limits;

    bool operator==(const Check&) const = default;
};

using CheckPtr = std::shared_ptr<const Check>;

constexpr std::size_t body_limit = 5 << 10;

/// Returns how soon a target that was up and has failed is asked again.
[[nodiscard]] std::chrono::milliseconds retry_interval(const Check& check) noexcept;

/// Returns a key that is equal for equal checks only: one printable line without blanks at its
/// ends.
[[nodiscard]] std::string key_of(const Check& check);

/// Returns a digest of what an edge's checks ask and whom, and of the addresses in the edge's
/// answers. Intervals and the number of attempts that count are left out, and order does not
/// matter. Two nodes whose digests are equal speak of the same thing.
[[nodiscard]] std::uint64_t asked_digest(std::span<const geo::Address> addresses,
                                         std::span<const CheckPtr> checks);

/// Returns the check for people, without blanks: "tcp:192.0.2.10:32400",
/// "https://192.0.2.10:443/identity".
[[nodiscard]] std::string to_text(const Check& check);

}  // namespace probes
