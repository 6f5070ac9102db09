// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones served without sockets: octets go into the engine, and come out of it.

#include "dnsd/engine/respond.hpp"
#include "geo/source/sources.hpp"
#include "tests/dnsd/answer.hpp"
#include "tests/dnsd/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace support {

/// Throws with all faults if the zone has any.
[[nodiscard]] std::shared_ptr<const zones::Zone> zone_of(std::string text);

/// A small world in which the countries of databases lie far apart:
///   16.0.0.0/6 and 2600::/12 US · 20.0.0.0/6 and 2a00::/12 DE · 24.0.0.0/6 and 2400::/12 SG
/// with 20.5.0.0/16 US inside of Germany. All other addresses are unknown. Returns the database.
[[nodiscard]] std::vector<std::uint8_t> three_countries();
/// Opens three_countries() from a temporary file.
[[nodiscard]] geo::Sources open_three_countries();

class World {
 public:
    /// Steered names are compiled over `sources`, or over three_countries().
    explicit World(std::vector<std::string> zones, const geo::Sources* sources = nullptr);

    [[nodiscard]] Answer ask(const Query& query) const;
    /// Sends octets as they are. Checks the response as every response must be: it fits, and has
    /// the id of the query.
    [[nodiscard]] Answer ask(const Bytes& message) const;
    [[nodiscard]] Answer ask(std::string name, std::string type) const;
    /// With a client subnet.
    [[nodiscard]] Answer ask(std::string name, std::string type, std::string_view subnet) const;

    [[nodiscard]] World over_tcp() const;
    [[nodiscard]] World from(const geo::Address& client) const;
    [[nodiscard]] World from(std::string_view client) const;

    engine::Snapshot snapshot;
    engine::Client client{.address = {geo::Family::V4, geo::Bits{0x7F000001} << 96}};
    std::uint64_t seed = 1;  // of the random numbers of each answer

 private:
    std::vector<zones::ServedZone> served_;
};

/// Returns the same world with a new board for each zone.
[[nodiscard]] World with_boards(const World& world, std::size_t lanes = 1);

/// Three edges on three continents, as members of a zone's JSON.
extern const std::string three_edges;
/// Returns a zone of this name. `records` are the JSON members of "records"; `members` are further
/// members of the zone, besides its name and name servers.
[[nodiscard]] std::string zone_text(std::string_view name, std::string_view records,
                                    std::string_view members = {});

}  // namespace support
