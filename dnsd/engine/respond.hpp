// SPDX-License-Identifier: Apache-2.0
#pragma once
// Octets in, octets out: one query to its response. Pure but for the random numbers of weighted
// sets; no allocation, no lock, no clock, no file. Any number of threads may run it on one snapshot.

#include "dnsd/engine/edge_choice.hpp"
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/rate_limit.hpp"
#include "dnsd/engine/seen_resolvers.hpp"
#include "dnsd/engine/signatures.hpp"
#include "dnsd/wire/request.hpp"
#include "geo/base/sip_hash.hpp"
#include "geo/policy/map.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace engine {

/// What the server says of itself, and to whom (RFC 4892, RFC 5001).
struct Identity {
    std::string version;               // version.bind
    std::string name;                  // id.server, hostname.bind and NSID
    std::vector<geo::Prefix> may_ask;  // others get REFUSED, and no NSID

    [[nodiscard]] bool open_to(const geo::Address& client) const noexcept;
};

/// All that an answer depends on, but for the health on its zones' boards. Immutable; published
/// whole.
struct Snapshot {
    zones::Catalog catalog;
    Identity identity;
    std::vector<geo::Prefix> observers;       // to whom the observed names exist
    std::vector<geo::SipKey> cookie_secrets;  // all accepted, the first one used; none: no cookies
    std::uint64_t generation = 0;             // counts what has been published
    RateLimits limits;                        // over UDP
    std::shared_ptr<const Signatures> signatures{};  // null: no key is known
    std::uint16_t udp_payload = 1232;  // octets, 512 or more: the most sent over UDP (RFC 9715)
    std::uint16_t keepalive = 100;     // units of 100 ms, told to TCP clients (RFC 7828)
};

enum class Transport : std::uint8_t { Udp, Tcp };

struct Client {
    geo::Address address;
    Transport transport = Transport::Udp;
    std::size_t lane = ~std::size_t{0};  // in which its answers are counted; by default in none
    SeenResolvers* seen = nullptr;       // where it is noted if an answer depends on its address
    QueryCounters* counters = nullptr;   // of the answering thread
    RateLimiter* limiter = nullptr;      // the same; null: nothing is limited
    bool known = false;                  // by a signature: nobody else uses its address
    std::chrono::nanoseconds now{};      // since 1970, when its query came; to some milliseconds

    /// Datagrams from elsewhere do not have such an address: the kernel sees to that.
    [[nodiscard]] bool on_this_machine() const noexcept { return geo::loopback(address); }

    /// The same for the query to be answered on another thread.
    [[nodiscard]] Client elsewhere() const noexcept {
        auto other = *this;
        other.counters = nullptr;
        other.limiter = nullptr;
        return other;
    }
};

/// By what a client is located.
struct Subject {
    geo::Address address;
    bool by_subnet = false;        // by ECS rather than by the source address
    std::uint8_t least_scope = 0;  // of an answer to a subnet that is not on the internet

    [[nodiscard]] geo::Population population() const noexcept {
        return by_subnet ? geo::Population::Clients : geo::Population::Resolvers;
    }
};

/// Where the answer to a query came from, for those who ask why.
struct Trace {
    const zones::ServedZone* zone = nullptr;
    const zones::Steer* steer = nullptr;  // null: the answer does not depend on the client
    std::size_t steer_index = 0;
    Subject subject;
    geo::LayeredMap::Found found;
    EdgeChoice chosen;
};

/// What an observed name is answered with.
struct Observation {
    std::vector<std::string> lines;  // a TXT record each, of at most 255 octets
    std::uint8_t scope = 0;
};

/// Returned for a query of an observed name: what it says takes time to find out, on another
/// thread, which then calls `respond` again with an Observation. Also for what is signed by a known
/// key: what it asks, and what it asks wrongly, is answered under a signature. And for what such a key
/// has signed at another time, which is told so in the same way.
constexpr std::size_t deferred = ~std::size_t{0};

/// A query that is not answered yet. Once it has been read it refers to its message, and to the
/// snapshot by which it was read.
struct Query {
    // To be set before it is read
    wire::Octets message;
    Client client;
    // What has been read
    wire::Request request;
    wire::Rcode fault = wire::Rcode::NoError;
    const zones::ServedZone* served = nullptr;  // null: nobody serves the name, or it was not asked
    std::uint32_t expected = 0;                 // what its zone expects the name to be
    zones::Zone::Lookup lookup{};               // of the name
    Subject subject{};
    const geo::LayeredMap* map = nullptr;  // null: the answer does not depend on the subject
    geo::LayeredMap::Search search{};      // in it, for the subject
    bool limited = false;                  // whether its answer counts against a limit
    std::uint64_t rate_place = 0;          // where it does
    // What has been found when it was answered
    CookieState cookie = CookieState::None;
    bool slips = false;  // too much, so its response does not answer it and can wait

    /// Of the client's address.
    [[nodiscard]] Origin origin() const noexcept {
        const bool proved =
            client.known || client.transport == Transport::Tcp || cookie == CookieState::Good;
        return proved ? Origin::Proved : Origin::Claimed;
    }
};

/// Reads queries and finds out what their answers depend on, all of them step by step together, so
/// that their waits for memory fall together.
void read(const Snapshot& snapshot, std::span<Query> batch) noexcept;

/// Writes the response to a query that has been read and returns its size; 0 when there is none: to
/// what has no whole header, to responses, and to what is too much; or `deferred`. `out` has room for 65,535 octets, over
/// UDP for the payload that the snapshot allows. `trace` and `observation` may be null.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, Query& query, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;
/// The same for a single message.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, wire::Octets message,
                                  const Client& client, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;

/// Whether an address is in one of the prefixes.
[[nodiscard]] bool any_contains(std::span<const geo::Prefix> prefixes,
                                const geo::Address& address) noexcept;

}  // namespace engine
