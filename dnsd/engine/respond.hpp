// SPDX-License-Identifier: Apache-2.0
#pragma once
// Octets in, octets out: makes the response to one query. Pure but for the random numbers of
// weighted sets; no allocation, no lock, no clock, no file. Any number of threads may run it on one
// snapshot.

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

/// Everything that an answer depends on, except the health on its zones' boards. Immutable;
/// published as a whole.
struct Snapshot {
    zones::Catalog catalog;
    Identity identity;
    std::vector<geo::Prefix> observers;       // the observed names exist only for these
    std::vector<geo::SipKey> cookie_secrets;  // all accepted, the first one used; none: no cookies
    std::uint64_t generation = 0;             // counts publications
    RateLimits limits;                        // over UDP
    std::shared_ptr<const Signatures> signatures{};  // null: no key is known
    std::uint16_t udp_payload = 1232;  // octets, 512 or more: the most sent over UDP (RFC 9715)
    std::uint16_t keepalive = 100;     // units of 100 ms, told to TCP clients (RFC 7828)
};

enum class Transport : std::uint8_t { Udp, Tcp };

struct Client {
    geo::Address address;
    Transport transport = Transport::Udp;
    std::size_t lane = ~std::size_t{0};  // where its answers are counted; by default nowhere
    SeenResolvers* seen = nullptr;       // notes its address if an answer depends on it
    QueryCounters* counters = nullptr;   // of the answering thread
    RateLimiter* limiter = nullptr;      // of the answering thread; null: no limits
    bool known = false;                  // by a signature: nobody else uses its address
    std::chrono::nanoseconds now{};      // when its query came, since 1970; to some milliseconds

    /// The kernel lets no datagram from elsewhere have such an address.
    [[nodiscard]] bool on_this_machine() const noexcept { return geo::loopback(address); }

    /// The same client, for a query that another thread answers.
    [[nodiscard]] Client elsewhere() const noexcept {
        auto other = *this;
        other.counters = nullptr;
        other.limiter = nullptr;
        return other;
    }
};

/// The address by which a client is located.
struct Subject {
    geo::Address address;
    bool by_subnet = false;        // by ECS rather than by the source address
    std::uint8_t least_scope = 0;  // of an answer to a subnet that is not on the internet

    [[nodiscard]] geo::Population population() const noexcept {
        return by_subnet ? geo::Population::Clients : geo::Population::Resolvers;
    }
};

/// Where the answer to a query came from, for clients that ask why.
struct Trace {
    const zones::ServedZone* zone = nullptr;
    const zones::Steer* steer = nullptr;  // null: the answer does not depend on the client
    std::size_t steer_index = 0;
    Subject subject;
    geo::LayeredMap::Found found;
    EdgeChoice chosen;
};

/// The answer to an observed name.
struct Observation {
    std::vector<std::string> lines;  // one TXT record each, at most 255 octets
    std::uint8_t scope = 0;
};

/// Returned when another thread must answer the query:
///   - A query of an observed name. It takes time to find the answer; the other thread then calls
///     `respond` again with an Observation.
///   - A message that is signed by a known key, whatever it asks: its answer, or the fault in what
///     it asks, is signed too.
///   - A message that a known key has signed at another time: a signed answer says so.
constexpr std::size_t deferred = ~std::size_t{0};

/// A query that is not answered yet. Once read, it refers to its message and to the snapshot by
/// which it was read.
struct Query {
    // Set by the caller before reading
    wire::Octets message;
    Client client;
    // Set by reading
    wire::Request request;
    wire::Rcode fault = wire::Rcode::NoError;
    const zones::ServedZone* served = nullptr;  // null: no zone has the name, or none was asked
    std::uint32_t expected = 0;                 // the node that its zone expects for the name
    zones::Zone::Lookup lookup{};               // of the name
    Subject subject{};
    const geo::LayeredMap* map = nullptr;  // null: the answer does not depend on the subject
    geo::LayeredMap::Search search{};      // in the map, for the subject
    bool limited = false;                  // whether its answer counts against a limit
    std::uint64_t rate_place = 0;          // where it counts
    // Set by answering
    CookieState cookie = CookieState::None;
    bool slips = false;  // over the limit: its response is no answer and can wait

    /// Whether the client's address is proved.
    [[nodiscard]] Origin origin() const noexcept {
        const bool proved =
            client.known || client.transport == Transport::Tcp || cookie == CookieState::Good;
        return proved ? Origin::Proved : Origin::Claimed;
    }
};

/// Reads queries and finds what their answers depend on. All go through each step together, so that
/// their waits for memory overlap.
void read(const Snapshot& snapshot, std::span<Query> batch) noexcept;

/// Writes the response to a query that has been read. Returns its size, or `deferred`, or 0 when
/// there is no response: the message has no whole header, is a response itself, or is over the
/// limit. `out` has room for 65,535 octets, over UDP for the payload that the snapshot allows.
/// `trace` and `observation` may be null.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, Query& query, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;
/// The same for a single message, which it reads first.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, wire::Octets message,
                                  const Client& client, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;

/// True if an address is in one of the prefixes.
[[nodiscard]] bool any_contains(std::span<const geo::Prefix> prefixes,
                                const geo::Address& address) noexcept;

}  // namespace engine
