// SPDX-License-Identifier: Apache-2.0
// Records that other nodes tell: an owner, a line's end, and a text. What is read says the same when
// it is told again. Then the text's lines in the order in which they come, as askings of one path.
#include "probes/health/drain_words.hpp"
#include "probes/health/health_record.hpp"
#include "probes/path/latency_store.hpp"
#include "probes/path/measurement_line.hpp"
#include "probes/path/path_record.hpp"
#include "tests/fuzz/target.hpp"

#include <cmath>
#include <string>

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'530'581}};

void check(const probes::ToldMeasurement& told) {
    using fuzz::expect;
    expect(told.round_trip_ms >= 0.01 && told.round_trip_ms <= 10'000, "a round trip is possible");
    expect(std::isfinite(told.variation_ms) && told.variation_ms >= 0, "a variation is a number");
    expect(told.lost >= 0 && told.lost <= 1, "a loss is a share");
    expect(told.seen <= now, "nothing is seen in the future");
    expect(!probes::differs_enough(told, told), "what is the same is no news");
    if (told.place)
        expect(std::abs(told.place->latitude) <= 90 && std::abs(told.place->longitude) <= 180,
               "a landmark is on earth");
}

void read_told(std::string_view text) {
    const auto told = probes::read_told(text, now);
    if (!told) return;
    check(*told);
    const auto written = probes::told_text(*told);
    fuzz::expect(written.size() <= 255, "a line fits into a string of TXT");
    const auto again = probes::read_told(written, now);
    fuzz::expect(again.has_value(), "what is told is read");
    fuzz::expect(probes::told_text(*again) == written, "what is read is told alike");
}

void read_owners(std::string_view owner) {
    if (const auto network = probes::read_network_owner(owner))
        fuzz::expect(probes::network_owner(network->network, network->population) == owner,
                     "an owner has one spelling");
    if (const auto edge = probes::edge_of_owner(owner))
        fuzz::expect(probes::health_owner(*edge) == owner, "an owner has one spelling");
}

void read_health(std::string_view text) {
    if (const auto record = probes::read_health_record(text)) {
        fuzz::expect(!record->sees || record->state != probes::State::Unknown,
                     "who sees, knows a state");
        fuzz::expect(probes::read_health_record(probes::to_text(*record)) == record,
                     "what is told is read");
    }
    if (const auto record = probes::read_node_record(text))
        fuzz::expect(probes::read_node_record(probes::to_text(*record)) == record,
                     "what is told is read");
}

void read_drain(std::string_view text) {
    const auto record = probes::read_drain_record(text);
    if (!record) return;
    const auto written = probes::to_text(*record);
    fuzz::expect(written.has_value(), "what is read can be told");
    fuzz::expect(probes::read_drain_record(*written) == record, "what is told is read");
    const auto wall = std::chrono::milliseconds{now.time_since_epoch()};
    probes::DrainWords words;
    using Taken = probes::DrainWords::Taken;
    const auto edge = probes::DrainWords::Edge::Unknown;
    const auto taken = words.take(*record, wall, edge);
    fuzz::expect((taken == Taken::News) == (words.all().size() == 1), "what is news is kept");
    fuzz::expect(words.take(*record, wall, edge) != Taken::News, "nothing is news twice");
    if (taken != Taken::News) return;
    const auto& said = words.say({record->zone, record->edge}, wall, std::nullopt, true);
    fuzz::expect(!said.holds(wall), "an operator's word holds over that of any node");
    fuzz::expect(words.take(*record, wall, edge) == Taken::Known, "and goes on to do so");
}

void hear(std::string_view owner, std::string_view text) {
    probes::LatencyStore store{{.figures = 3, .landmarks = 2, .sightings = 2}};
    store.hear("newyork", "203-0-113-0/24.clients", "rtt=10ms var=1ms samples=3 lost=0% seen=1",
               now);
    store.hear("newyork", owner, text, now);
    store.hear("frankfurt", owner, text, now);
    fuzz::expect(store.size() <= 3 && store.sightings().size() <= 4, "a store is bounded");
    store.each([](const std::string&, geo::Population, const geo::Prefix& network,
                  const probes::LatencyStore::Figures& figures) {
        fuzz::expect(figures.round_trip_ms > 0 && network.length > 0, "figures are of a network");
    });
    store.take_back("newyork", owner);
    store.forget("frankfurt");
}

void follow_path(fuzz::Octets octets) {
    probes::PathRecord record{1min};
    probes::Time at{1h};
    fuzz::Input input{octets.data(), octets.size()};
    for (unsigned i = 0; i < 200 && !input.empty(); ++i) {
        const auto kind = input.octet();
        at += std::chrono::milliseconds{input.octet() * 100};
        const std::chrono::microseconds round_trip{1 + input.octet() * (kind & 0x3F)};
        if ((kind & 0xC0) == 0xC0)
            record.add_least(round_trip, at);
        else if ((kind & 0xC0) == 0x80)
            record.add({}, at);
        else
            record.add(round_trip, at);
        if (const auto path = record.path()) {
            fuzz::expect(path->round_trip.count() > 0, "a path takes some time");
            fuzz::expect(path->variation.count() >= 0, "a variation is no less than nothing");
            fuzz::expect(path->lost >= 0 && path->lost <= 1, "a loss is a share");
            fuzz::expect(path->last <= at, "the last answer has come");
        }
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto all = fuzz::text_of({data, size});
    const auto end = all.find('\n');
    const auto owner = all.substr(0, end);
    const auto text = end == std::string_view::npos ? all : all.substr(end + 1);
    read_owners(owner);
    read_told(text);
    read_drain(text);
    read_health(text);
    hear(owner, text);
    follow_path({data, size});
    return 0;
}
