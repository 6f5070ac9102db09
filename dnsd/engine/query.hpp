// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads queries: what they ask, which zone has the name, where the client is in a map. Nothing is
// answered here.

#include "dnsd/engine/client.hpp"
#include "dnsd/engine/cookie.hpp"
#include "dnsd/engine/snapshot.hpp"
#include "dnsd/wire/request.hpp"
#include "geo/place/population.hpp"
#include "geo/policy/layered_map.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <span>

namespace engine {

/// The address by which a client is located.
struct LocatingAddress {
    geo::Address address;
    bool by_subnet = false;        // by ECS rather than by the source address
    std::uint8_t least_scope = 0;  // of an answer to a subnet that is not on the internet

    [[nodiscard]] geo::Population population() const noexcept {
        return by_subnet ? geo::Population::Clients : geo::Population::Resolvers;
    }
};

/// Returns the address by which a map of a zone locates the client.
[[nodiscard]] LocatingAddress locating_address(const wire::Request& request, const Client& client,
                                               const geo::LayeredMap& map) noexcept;

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
    LocatingAddress locating{};
    const geo::LayeredMap* map = nullptr;  // null: the answer does not depend on the client
    geo::LayeredMap::Search search{};      // in the map, for `locating`
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

/// True if the message has the header of a query; anything else in it may be wrong.
[[nodiscard]] inline bool is_query(wire::Octets message) noexcept {
    constexpr std::uint8_t qr_and_opcode = 0xF8;
    return message.size() >= wire::header_size && (message[2] & qr_and_opcode) == 0;
}

/// Reads queries and finds what their answers depend on. All go through each step together, so that
/// their waits for memory overlap.
void read(const Snapshot& snapshot, std::span<Query> batch) noexcept;

}  // namespace engine
