// SPDX-License-Identifier: Apache-2.0
#pragma once
// Measured round trips from clients to edges, and the scenarios in which edges are offered. A
// folder with these files, each a table with a header line; other columns do not matter:
//
//   clients.csv     client_id, cc, lat, lon; continent and asn where they are known
//   edges.csv       edge_id, lat, lon
//   scenarios.csv   scenario, edge_id: for every client but the scenario's own edges
//   candidates.csv  scenario, client_id, edge_id: instead, where clients are offered different ones
//   rtt.csv         client_id, edge_id, rtt_avg_ms: the truth
//   samples.csv     client_id, edge_id, s1, s2, …: what probes see of it, in milliseconds; a pair
//                   without a row is never seen
//   coverage.csv    client_id, answers_probes: 1 or 0
//   landmarks.csv   src, dst, rtt_min_ms: between the clients; those named can be landmarks

#include "geo/policy/policy.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using ClientIndex = std::uint32_t;
using Pair = std::pair<ClientIndex, geo::EdgeIndex>;

struct Client {
    std::string id;
    geo::Place place;
    bool answers_probes = false;
    bool landmark = false;  // its round trips to the edges may be known before it asks
};

struct Offer {
    ClientIndex client = 0;
    std::vector<geo::EdgeIndex> edges;
};

struct Scenario {
    std::string name;
    std::vector<Offer> offers;
};

struct DataSet {
    std::vector<Client> clients;
    std::vector<std::string> edges;  // ids
    geo::EdgeSites sites;            // of `edges`
    std::vector<Scenario> scenarios;
    std::map<Pair, double> truth;                 // milliseconds
    std::map<Pair, std::vector<double>> samples;  // milliseconds, at least one each
};

/// Throws BadTable.
[[nodiscard]] DataSet read_data_set(const std::filesystem::path& folder);

}  // namespace bench
