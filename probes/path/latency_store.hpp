// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all nodes have measured, each for its own edge: the figures of networks, landmarks and paths
// home, taken from the lines in which nodes tell them (probes/path/measurement_line.hpp). Bounded:
// the figures measured longest ago leave first. Not thread-safe.

#include "geo/place/coordinates.hpp"
#include "geo/place/population.hpp"
#include "probes/path/measurement_line.hpp"
#include "probes/path/network_table.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

class LatencyStore {
 public:
    /// One edge's round trip to one network. Packed, because there may be millions.
    struct Figures {
        float round_trip_ms = 0;  // 0: the node took it back
        std::uint32_t samples = 0;
        std::uint32_t seen = 0;  // seconds since 1970
    };
    struct LandmarkFigures {
        geo::Coordinates at;
        Figures figures;
    };
    struct Limits {
        std::size_t figures = 4'000'000;  // of all edges together; about 34 octets each
        std::size_t landmarks = 1000;     // of each edge
        std::size_t sightings = 20'000;
    };

    LatencyStore() : LatencyStore{Limits{}} {}
    explicit LatencyStore(const Limits& limits) : limits_{limits} {}

    /// Takes a line that the node at `edge` tells. Lines about anything else and lines with
    /// impossible figures are ignored.
    void hear(const std::string& edge, std::string_view owner, std::string_view text,
              std::chrono::sys_seconds now);
    void take_back(const std::string& edge, std::string_view owner);
    /// Forgets all that the edge's node has told.
    void forget(const std::string& edge);

    /// Returns a number that rises with every change.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    using Visit = std::function<void(const std::string& edge, geo::Population population,
                                     const geo::Prefix& network, const Figures& figures)>;
    void each(const Visit& visit) const;
    /// Returns the edge's landmarks by name; empty when it has none.
    [[nodiscard]] const std::map<std::string, LandmarkFigures, std::less<>>& landmarks(
        const std::string& edge) const;
    /// Returns the milliseconds from the edge to the server behind it.
    [[nodiscard]] std::optional<double> home_ms(const std::string& edge) const;
    /// Returns what the edge's node says about itself, a text that differs for each process; empty:
    /// nothing yet.
    [[nodiscard]] const std::string& node(const std::string& edge) const;
    /// True if the node says that it measures the clients of a relay.
    [[nodiscard]] bool reports(const std::string& edge) const;

    /// An address that some node has seen, so that others can measure the way to it.
    struct Sighting {
        geo::Population population = geo::Population::Clients;
        geo::Address address;
        std::chrono::sys_seconds seen;
    };
    /// Returns one sighting for each network that was told with an address, those seen last.
    [[nodiscard]] std::vector<Sighting> sightings() const;

    /// text() writes the figures of networks for the next process, one per line. restore() takes
    /// what can be read of such a text, and returns in a sentence what is wrong with it; empty when
    /// all is well.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string restore(std::string_view text, std::chrono::sys_seconds now);

 private:
    struct Edge {
        std::array<NetworkTable<Figures>, 2> networks;  // by population
        std::map<std::string, LandmarkFigures, std::less<>> landmarks;
        std::optional<double> home_ms;
        std::string node;
    };
    void set(Edge& edge, const NetworkOwner& owner, const Figures& figures);
    /// True if there was anything to take back.
    bool take_back(Edge& edge, std::string_view owner);
    void make_room();
    void sight(const NetworkOwner& owner, const ToldMeasurement& told);

    Limits limits_;
    std::array<NetworkTable<Sighting>, 2> sightings_;  // by population
    std::map<std::string, Edge, std::less<>> edges_;
    std::size_t size_ = 0;        // figures that count
    std::size_t taken_back_ = 0;  // figures that are still stored but do not count
    std::uint64_t revision_ = 0;
};

}  // namespace probes
