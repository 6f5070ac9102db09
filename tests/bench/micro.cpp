// SPDX-License-Identifier: Apache-2.0
// What one query costs, step by step, without sockets. Run a release build:
//   cmake --preset release -DBUILD_TESTING=ON && cmake --build --preset release --target micro
//   build/release/tests/bench/micro

#include "dnsd/engine/respond.hpp"
#include "dnsd/wire/request.hpp"
#include "geo/compile/compiler.hpp"
#include "zones/file/zone_file.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Message = std::vector<std::uint8_t>;

constexpr std::size_t name_count = 1000;

/// A zone with a steered apex and so many plain names.
std::string zone_text(std::size_t names) {
    std::string text = R"({"zone": "bench.example", "nameservers": {"ns1": "192.0.2.1"},
        "edges": {"a": {"addresses": "192.0.2.10", "location": "New York, US"},
                  "b": {"addresses": "192.0.2.11", "location": "Frankfurt, DE"},
                  "c": {"addresses": "192.0.2.12", "location": "Singapore"}},
        "records": {"@": {"steer": {"nearest": ["a", "b", "c"]}})";
    for (std::size_t i = 0; i < names; ++i) {
        text += ", \"host" + std::to_string(i) + "\": {\"A\": \"192.0.2.99\"}";
    }
    return text + "}}";
}

struct World {
    engine::Snapshot snapshot;
    std::shared_ptr<const geo::Map> map;
};

const World& world() {
    static const World made = [] {
        World result;
        geo::Problems problems;
        const auto zone = zones::read_zone(zone_text(name_count), "bench", 1, problems);
        const auto sources = geo::Sources::open({}, problems);
        if (zone == nullptr || !sources) std::abort();
        const std::array requests{geo::MapRequest{&zone->steers()[0].policy, &zone->sites()}};
        auto maps = geo::compile(*sources, requests);
        result.map = (*maps)[0];
        result.snapshot.catalog =
            zones::Catalog{{{.zone = zone, .maps = {maps->begin(), maps->end()}}}};
        return result;
    }();
    return made;
}

Message query(const std::string& first_label, std::uint32_t client) {
    Message message{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto label = [&](const std::string& text) {
        message.push_back(static_cast<std::uint8_t>(text.size()));
        message.insert(message.end(), text.begin(), text.end());
    };
    if (!first_label.empty()) label(first_label);
    label("bench");
    label("example");
    message.insert(message.end(), {0, 0, 1, 0, 1});
    message.insert(message.end(), {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0});
    for (const unsigned shift : {24U, 16U, 8U})
        message.push_back(static_cast<std::uint8_t>(client >> shift));
    return message;
}

std::vector<Message> queries(bool steered) {
    std::vector<Message> made;
    geo::Random random{7};
    for (int i = 0; i < 4096; ++i) {
        const auto name = steered ? "" : "host" + std::to_string(random.below(name_count));
        made.push_back(query(name, static_cast<std::uint32_t>(random.below(0xE0000000))));
    }
    return made;
}

void find_in_map(benchmark::State& state) {
    geo::Random random{1};
    std::vector<geo::Address> clients;
    for (int i = 0; i < 65536; ++i) {
        clients.push_back({geo::Family::V4, geo::Bits{random.below(0xE0000000)} << 96});
    }
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(world().map->find(clients[++i & 0xFFFF]));
}
BENCHMARK(find_in_map);

void read_request(benchmark::State& state) {
    const auto messages = queries(true);
    wire::Request request;
    std::size_t i = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(wire::read_request(messages[++i & 0xFFF], request));
}
BENCHMARK(read_request);

void respond(benchmark::State& state) {
    const auto messages = queries(state.range(0) != 0);
    const engine::Client client{.address = *geo::read_address("127.0.0.1")};
    std::vector<std::uint8_t> out(wire::max_message);
    geo::Random random{1};
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            engine::respond(world().snapshot, messages[++i & 0xFFF], client, random, out));
    }
}
BENCHMARK(respond)->ArgName("steered")->Arg(0)->Arg(1);

/// Resolvers that send no client subnet, 4,096 of them; with a note of each or without.
void respond_to_resolvers(benchmark::State& state) {
    auto message = query("", 0);
    message[11] = 0;  // no OPT
    message.resize(message.size() - 22);
    engine::SeenResolvers seen;
    std::vector<engine::Client> clients(4096);
    geo::Random random{1};
    for (auto& client : clients) {
        client.address = {geo::Family::V4, geo::Bits{random.below(0xE0000000)} << 96};
        if (state.range(0) != 0) client.seen = &seen;
    }
    std::vector<std::uint8_t> out(wire::max_message);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            engine::respond(world().snapshot, message, clients[++i & 0xFFF], random, out));
    }
}
BENCHMARK(respond_to_resolvers)->ArgName("noted")->Arg(0)->Arg(1);

/// As a UDP worker does it: all queries of a batch take each step together. A million names do not
/// fit into the caches.
void respond_in_batches(benchmark::State& state) {
    constexpr std::size_t names = 1'000'000;
    static const engine::Snapshot snapshot = [] {
        geo::Problems problems;
        engine::Snapshot made;
        made.catalog =
            zones::Catalog{{{.zone = zones::read_zone(zone_text(names), "bench", 1, problems)}}};
        return made;
    }();
    geo::Random random{7};
    std::vector<Message> messages;
    for (int i = 0; i < 1 << 18; ++i)
        messages.push_back(query("host" + std::to_string(random.below(names)), 0));
    std::vector<engine::Query> batch(static_cast<std::size_t>(state.range(0)));
    std::vector<std::uint8_t> out(wire::max_message);
    std::size_t i = 0;
    for (auto _ : state) {
        for (auto& asked : batch) asked.message = messages[++i & 0x3FFFF];
        engine::read(snapshot, batch);
        for (auto& asked : batch)
            benchmark::DoNotOptimize(engine::respond(snapshot, asked, random, out));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(respond_in_batches)->ArgName("queries")->Arg(1)->Arg(8)->Arg(32);

}  // namespace

BENCHMARK_MAIN();
