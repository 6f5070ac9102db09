// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/routing_quality/data_set.hpp"

#include "tests/bench/routing_quality/csv.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bench {
namespace {

class Reader {
 public:
    explicit Reader(const std::filesystem::path& folder) : folder_{folder} {}

    DataSet read() {
        read_clients();
        read_edges();
        read_truth();
        read_samples();
        read_coverage();
        read_landmarks();
        if (std::filesystem::exists(folder_ / "candidates.csv")) {
            read_candidates();
        } else {
            read_scenarios();
        }
        check_offers();
        return std::move(data_);
    }

 private:
    template <class Number>
    static void number_next(std::map<std::string, Number>& numbers, const Table& table,
                            std::size_t row, const char* column) {
        const auto next = static_cast<Number>(numbers.size());
        if (!numbers.emplace(table.text(row, column), next).second)
            throw table.fault(row, "a second " + table.text(row, column));
    }

    template <class Number>
    static Number known(const std::map<std::string, Number>& numbers, const Table& table,
                        std::size_t row, const char* column) {
        const auto found = numbers.find(table.text(row, column));
        if (found == numbers.end())
            throw table.fault(row,
                              "unknown " + std::string{column} + " " + table.text(row, column));
        return found->second;
    }

    /// Throws where the row names a client or an edge that is in no list.
    [[nodiscard]] Pair known_pair(const Table& table, std::size_t row) const {
        return {known(client_numbers_, table, row, "client_id"),
                known(edge_numbers_, table, row, "edge_id")};
    }

    /// Rows about hosts that are in no list are nobody's business.
    [[nodiscard]] bool concerns_us(const Table& table, std::size_t row) const {
        return client_numbers_.contains(table.text(row, "client_id")) &&
               edge_numbers_.contains(table.text(row, "edge_id"));
    }

    static geo::Coordinates point(const Table& table, std::size_t row) {
        const geo::Coordinates at{table.number(row, "lat"), table.number(row, "lon")};
        if (std::abs(at.latitude) > 90 || std::abs(at.longitude) > 180)
            throw table.fault(row, "no point on the Earth");
        return at;
    }

    void read_clients() {
        const Table table{folder_ / "clients.csv"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            number_next(client_numbers_, table, row, "client_id");
            Client client{.id = table.text(row, "client_id"), .place = {}};
            const auto at = point(table, row);
            client.place.latitude = static_cast<float>(at.latitude);
            client.place.longitude = static_cast<float>(at.longitude);
            client.place.country = std::string_view{table.text(row, "cc")};
            if (table.has("continent"))
                client.place.continent = std::string_view{table.text(row, "continent")};
            data_.clients.push_back(std::move(client));
        }
    }

    void read_edges() {
        const Table table{folder_ / "edges.csv"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            number_next(edge_numbers_, table, row, "edge_id");
            data_.edges.push_back(table.text(row, "edge_id"));
            data_.sites.emplace_back(point(table, row));
        }
    }

    void read_truth() {
        const Table table{folder_ / "rtt.csv"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            if (concerns_us(table, row))
                data_.truth[known_pair(table, row)] = table.number(row, "rtt_avg_ms");
        }
    }

    void read_samples() {
        const Table table{folder_ / "samples.csv"};
        if (!table.has("s1"))
            throw BadTable{(folder_ / "samples.csv").string() + ": has no column s1"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            if (!concerns_us(table, row)) continue;
            auto& samples = data_.samples[known_pair(table, row)];
            for (unsigned i = 1; table.has("s" + std::to_string(i)); ++i) {
                const auto column = "s" + std::to_string(i);
                if (!table.text(row, column).empty()) samples.push_back(table.number(row, column));
            }
            if (samples.empty()) throw table.fault(row, "has no sample");
        }
    }

    void read_coverage() {
        const Table table{folder_ / "coverage.csv"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            const auto found = client_numbers_.find(table.text(row, "client_id"));
            if (found == client_numbers_.end()) continue;
            data_.clients[found->second].answers_probes = table.number(row, "answers_probes") != 0;
        }
    }

    /// Hosts that are no clients have no place here, and cannot be landmarks.
    void read_landmarks() {
        const Table table{folder_ / "landmarks.csv"};
        for (std::size_t row = 0; row < table.size(); ++row) {
            for (const auto* column : {"src", "dst"}) {
                const auto found = client_numbers_.find(table.text(row, column));
                if (found != client_numbers_.end()) data_.clients[found->second].landmark = true;
            }
        }
    }

    Scenario& scenario(const std::string& name) {
        const auto found = std::ranges::find(data_.scenarios, name, &Scenario::name);
        if (found != data_.scenarios.end()) return *found;
        return data_.scenarios.emplace_back(Scenario{name, {}});
    }

    void read_candidates() {
        const Table table{folder_ / "candidates.csv"};
        std::map<std::pair<std::string, ClientIndex>, std::size_t> places;
        for (std::size_t row = 0; row < table.size(); ++row) {
            const auto [client, edge] = known_pair(table, row);
            auto& offers = scenario(table.text(row, "scenario")).offers;
            const auto [at, added] =
                places.try_emplace({table.text(row, "scenario"), client}, offers.size());
            if (added) offers.push_back({client, {}});
            offers[at->second].edges.push_back(edge);
        }
    }

    void read_scenarios() {
        const Table table{folder_ / "scenarios.csv"};
        std::map<std::string, std::vector<geo::EdgeIndex>> edges;
        for (std::size_t row = 0; row < table.size(); ++row) {
            scenario(table.text(row, "scenario"));
            edges[table.text(row, "scenario")].push_back(
                known(edge_numbers_, table, row, "edge_id"));
        }
        for (auto& scenario : data_.scenarios) {
            for (ClientIndex client = 0; client < data_.clients.size(); ++client) {
                if (is_scored(client, edges[scenario.name]))
                    scenario.offers.push_back({client, edges[scenario.name]});
            }
        }
    }

    [[nodiscard]] bool is_scored(ClientIndex client,
                                 const std::vector<geo::EdgeIndex>& edges) const {
        return std::ranges::all_of(edges, [&](geo::EdgeIndex edge) {
            return data_.edges[edge] != data_.clients[client].id &&
                   data_.truth.contains({client, edge});
        });
    }

    void check_offers() const {
        if (data_.scenarios.empty()) throw BadTable{folder_.string() + ": has no scenario"};
        for (const auto& scenario : data_.scenarios) {
            if (scenario.offers.empty())
                throw BadTable{scenario.name + ": no client has a round trip to each edge"};
            for (const auto& offer : scenario.offers) check(scenario, offer);
        }
    }

    void check(const Scenario& scenario, const Offer& offer) const {
        for (const auto edge : offer.edges) {
            if (data_.truth.contains({offer.client, edge})) continue;
            throw BadTable{scenario.name + ": client " + data_.clients[offer.client].id +
                           " has no round trip to edge " + data_.edges[edge]};
        }
    }

    std::filesystem::path folder_;
    DataSet data_;
    std::map<std::string, ClientIndex> client_numbers_;
    std::map<std::string, geo::EdgeIndex> edge_numbers_;
};

}  // namespace

DataSet read_data_set(const std::filesystem::path& folder) {
    return Reader{folder}.read();
}

}  // namespace bench
