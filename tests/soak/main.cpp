// SPDX-License-Identifier: Apache-2.0
// soak SECONDS: a server under all the load that this machine can make, while everything around it
// changes: a reload each second, an edge that flaps, nodes that come and go, databases that are
// replaced, files with faults. Ends with 1 when an answer was wrong, a query was not answered, or
// memory, descriptors or threads grew.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/e2e/support/load.hpp"
#include "tests/soak/footprint.hpp"
#include "tests/soak/nodes.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace soak;

namespace {

using Clock = std::chrono::steady_clock;
using Loads = std::map<std::string, e2e::Load>;

constexpr const char* client_net = "81.2.69.0/24";
constexpr unsigned rounds_of_a_report = 60;
constexpr double most_growth = 1.05;

void ask_everything(Loads& loads, const e2e::Endpoint& server) {
    const auto ask = [&](const char* what, const e2e::Query& query, std::set<std::string> right) {
        loads.try_emplace(what, server, query, std::move(right));
    };
    ask("changing address", {.name = "one.test"}, {"NOERROR 192.0.2.1", "NOERROR 192.0.2.2"});
    ask("one of many names", {.name = "name12345.large.test"}, {"NOERROR 192.0.2.1"});
    ask("no such name", {.name = "none.one.test"}, {"NXDOMAIN"});
    ask("edge that flaps", {.name = "edge.flap.test"}, {"NOERROR 127.0.0.1", "NOERROR 127.0.0.2"});
    ask("by country", {.name = "where.where.test", .subnet = client_net},
        {"NOERROR 192.0.2.1", "NOERROR 192.0.2.2"});
    ask("by latency", {.name = "share.test"},
        {"NOERROR 127.7.1.1", "NOERROR 127.7.1.2", "NOERROR 127.7.1.3"});
}

/// One second's changes. Each kind has a period of its own, so that they meet in every way.
void change(Nodes& nodes, unsigned round) {
    nodes.write_address(round % 2 == 0 ? "192.0.2.2" : "192.0.2.1");
    if (round % 3 == 0) nodes.replace_database(round % 6 == 0 ? "IN" : "DE");
    if (round % 4 == 0) nodes.set_edge(round % 8 == 0);
    if (round % 5 == 0) nodes.set_node(1, round % 10 == 0);
    if (round % 7 == 0) nodes.set_node(2, round % 14 == 0);
    if (round % 9 < 2) nodes.write_fault(round % 9 == 0);
}

/// Whether what was changed comes into service. The line that a reload waits for may be that of an
/// earlier one, which the server began by itself.
bool reload(Nodes& nodes, unsigned round) {
    nodes.asked().reload();
    const auto wanted = round % 2 == 0 ? "192.0.2.2" : "192.0.2.1";
    if (e2e::comes_to(nodes.asked(), "one.test", wanted)) return true;
    std::printf("round %u: %s does not come into service\n", round, wanted);
    return false;
}

void print(unsigned seconds, const Footprint& now) {
    std::printf("%5u s  %6.1f MB  %3zu descriptors  %2zu threads\n", seconds,
                static_cast<double>(now.resident) / 1e6, now.descriptors, now.threads);
    std::fflush(stdout);
}

/// The mean over one fifth of the time, 0 to 4. A single look may fall into a reload.
Footprint mean(const std::vector<Footprint>& looks, std::size_t fifth) {
    const auto begin = looks.size() * fifth / 5, end = looks.size() * (fifth + 1) / 5;
    Footprint sum;
    for (auto i = begin; i < end; ++i) {
        sum.resident += looks[i].resident;
        sum.descriptors += looks[i].descriptors;
        sum.threads += looks[i].threads;
    }
    const auto count = end - begin;
    return {sum.resident / count, sum.descriptors / count, sum.threads / count};
}

/// Whether the server holds no more at the end than it did once it had settled, in the first fifth.
bool flat(const std::vector<Footprint>& looks) {
    constexpr std::size_t in_passing = 2;  // descriptors of connections that are just there
    const auto settled = mean(looks, 1), last = mean(looks, 4);
    const bool is_flat =
        static_cast<double>(last.resident) <= static_cast<double>(settled.resident) * most_growth &&
        last.descriptors <= settled.descriptors + in_passing && last.threads == settled.threads;
    std::printf("memory: %.1f MB in the second fifth, %.1f MB in the last: %s\n",
                static_cast<double>(settled.resident) / 1e6,
                static_cast<double>(last.resident) / 1e6, is_flat ? "flat" : "GROWING");
    return is_flat;
}

bool print_and_judge(Loads& loads) {
    bool good = true;
    for (auto& [what, load] : loads) {
        const auto result = load.stop();
        std::printf("%-18s %10zu queries  %zu lost  wrong: %s\n", what.c_str(), result.asked,
                    result.lost, result.wrong.empty() ? "none" : result.wrong.c_str());
        good = good && result.lost == 0 && result.wrong.empty();
    }
    return good;
}

bool soak_for(unsigned seconds) {
    Nodes nodes;
    Loads loads;
    ask_everything(loads, nodes.asked().endpoint());
    bool good = true;
    std::vector<Footprint> looks;
    auto next = Clock::now();
    for (unsigned round = 1; round <= seconds; ++round) {
        next += std::chrono::seconds{1};
        change(nodes, round);
        good = reload(nodes, round) && good;
        for (const auto& [what, load] : loads) load.await(1);
        const auto now = footprint_of(nodes.asked().pid());
        looks.push_back(now);
        if (round % rounds_of_a_report == 0 || round == seconds) print(round, now);
        std::this_thread::sleep_until(next);
    }
    good = print_and_judge(loads) && good;
    good = flat(looks) && good;
    return nodes.asked().stop() == 0 && good;
}

}  // namespace

int main(int count, char** words) try {
    CLI::App app{"A server under load while everything around it changes"};
    unsigned seconds = 1800;
    app.add_option("seconds", seconds, "how long")->check(CLI::Range(10, 1'000'000));
    CLI11_PARSE(app, count, words);
    return soak_for(seconds) ? 0 : 1;
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
