// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones in files whose answers follow what the nodes at three edges tell. No node runs: a test says
// what they tell.

#include "dnsd/loading/steered_loader.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <string>

namespace support {

namespace steered {
/// The addresses that the edges have.
const Lines newyork{"192.0.2.1"};
const Lines frankfurt{"192.0.2.2"};
const Lines singapore{"192.0.2.3"};
/// The edges of three_edges, in their order.
constexpr std::array<const char*, 3> edges{"newyork", "frankfurt", "singapore"};
/// The owner of what is told of the clients in 20.1.2.0/24.
constexpr const char* network = "20-1-2-0/24.clients";
/// The edges of three_edges, numbered otherwise.
extern const std::string renumbered;
/// What a node tells of one network: this round trip, measured now.
[[nodiscard]] std::string line(double milliseconds);
}  // namespace steered

class SteeredZones {
 public:
    /// One zone, "example.", is in the folder. The nodes are those of `zone`, this one at
    /// frankfurt.
    explicit SteeredZones(const control::SteeringRules& rules = fast(),
                          const std::string& zone = "example.");

    /// Models and maps are made whenever somebody looks.
    [[nodiscard]] static control::SteeringRules fast();
    [[nodiscard]] geo::SourceFiles sources() const;
    void write(const std::string& file, const std::string& zone,
               const std::string& members = three_edges) const;
    [[nodiscard]] control::Steering& steering() { return *loader.steering(); }

    /// Each edge's word on a network, in their order.
    void tell(const std::string& owner, const std::array<double, 3>& milliseconds);
    /// The same of forty networks in Germany.
    void tell_of_forty(const std::array<double, 3>& milliseconds);
    void take_back(const std::string& owner);

    void load();
    void learn(control::Steering::Clock::time_point now);
    /// As soon as it is due, which follows from how long the last model took.
    void steer();

    [[nodiscard]] Lines answer(const std::string& subnet,
                               const std::string& zone = "example.") const;
    [[nodiscard]] Lines answer_to(const char* resolver) const;
    /// What `explain` says of a client's network.
    [[nodiscard]] std::string explained(const char* subnet);

    TemporaryFolder folder;
    std::string database;
    control::SteeredLoader loader;
    geo::Problems problems;
    World world{{}};

 private:
    /// Writes the zone, and returns the folder of zones.
    [[nodiscard]] std::string first_zones() const;
};

}  // namespace support
