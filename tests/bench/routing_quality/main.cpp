// SPDX-License-Identifier: Apache-2.0
// How often the server's own code chooses the fastest edge, and what it loses where it does not:
//   cmake --preset release -DBUILD_TESTING=ON && cmake --build --preset release --target routing_quality
//   build/release/tests/bench/routing_quality/routing_quality DIR [OUT]
// DIR holds measured round trips (see data_set.hpp). Into OUT, a new or an old folder, go the
// decisions of each state.

#include "tests/bench/routing_quality/csv.hpp"
#include "tests/bench/routing_quality/states.hpp"

#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using Path = std::filesystem::path;

/// A state of knowledge: its decisions by scenario.
struct State {
    std::string title;
    std::string file;
    std::vector<bench::Decisions> decisions{};
};

std::vector<State> decide(const bench::DataSet& data, const bench::Rules& rules) {
    State cold{"cold: nothing is measured", "decisions-cold.csv"};
    State landmarks{"cold, 50 landmarks", "decisions-landmarks.csv"};
    for (const auto& scenario : data.scenarios) {
        cold.decisions.push_back(decide_cold(data, scenario));
        landmarks.decisions.push_back(decide_by_landmarks(data, scenario, rules));
    }
    return {std::move(cold), std::move(landmarks)};
}

std::vector<State> follow_all(const bench::DataSet& data, const bench::Rules& rules,
                              bench::Probing probing) {
    const bool passive = probing == bench::Probing::Off;
    const std::string title = passive ? "passive feedback, " : "passive and active probes, ";
    const std::string file = passive ? "decisions-passive-" : "decisions-active-";
    State at_10{title + "answer 10", file + "10.csv"};
    State at_30{title + "answer 30", file + "30.csv"};
    State all{title + "all answers from 1 to 30", file + "all.csv"};
    for (const auto& scenario : data.scenarios) {
        auto followed = follow(data, scenario, probing, rules);
        at_10.decisions.push_back(std::move(followed.at_10));
        at_30.decisions.push_back(std::move(followed.at_30));
        all.decisions.push_back(std::move(followed.all));
    }
    return {std::move(at_10), std::move(at_30), std::move(all)};
}

void print_row(const std::string& name, const std::string& clients, const bench::Score& score) {
    std::printf("%-24s %7s %6.1f %7.1f %11.2f %7.2f %7.2f %7.2f %9.2f\n", name.c_str(),
                clients.c_str(), score.best, score.within_10_ms, score.mean, score.median,
                score.p90, score.p99, score.throughput_loss);
}

void print(const bench::DataSet& data, const State& state) {
    std::printf("\n%s\n%-24s %7s %6s %7s %11s %7s %7s %7s %9s\n", state.title.c_str(), "scenario",
                "clients", "best%", "in10ms%", "regret_mean", "median", "p90", "p99", "thr_loss%");
    std::vector<bench::Score> scores;
    for (std::size_t i = 0; i < data.scenarios.size(); ++i) {
        const auto& scenario = data.scenarios[i];
        scores.push_back(score(data, scenario, state.decisions[i]));
        print_row(scenario.name, std::to_string(scores.back().clients), scores.back());
    }
    print_row("mean of scenarios", "", mean_of(scores));
}

void write(const bench::DataSet& data, const State& state, const Path& folder) {
    std::filesystem::create_directories(folder);
    std::ofstream out{folder / state.file};
    out << "scenario,client_id,edge_id\n";
    for (std::size_t i = 0; i < data.scenarios.size(); ++i) {
        for (const auto& [client, edge] : state.decisions[i]) {
            out << data.scenarios[i].name << ',' << data.clients[client].id << ','
                << data.edges[edge] << '\n';
        }
    }
    out.close();
    if (!out) throw bench::BadTable{(folder / state.file).string() + ": cannot be written"};
}

void run(const Path& in, const std::optional<Path>& out) {
    const auto data = bench::read_data_set(in);
    const auto show = [&](const std::vector<State>& states) {
        for (const auto& state : states) {
            print(data, state);
            if (out) write(data, state, *out);
        }
    };
    const bench::Rules rules;
    show(decide(data, rules));
    show(follow_all(data, rules, bench::Probing::Off));
    show(follow_all(data, rules, bench::Probing::On));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2 && count != 3) {
        std::fputs("usage: routing_quality DIR [OUT]\n", stderr);
        return 2;
    }
    try {
        run(arguments[1], count == 3 ? std::optional<Path>{arguments[2]} : std::nullopt);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "routing_quality: %s\n", fault.what());
        return 1;
    }
    return 0;
}
