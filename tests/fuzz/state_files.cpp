// SPDX-License-Identifier: Apache-2.0
// What the last process has left: the states of targets and drains, measured networks, and what
// other nodes have told. What can be read is written as a file that reads the same without a fault.
#include "probes/health/state_file.hpp"
#include "probes/path/latency_store.hpp"
#include "probes/path/measurement_file.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds wall{1'795'530'581};

probes::Moment moment() {
    return {.steady = probes::Time{100h}, .since_boot = 100h, .boot_id = "boot", .wall = wall};
}

void read_states(std::string_view text) {
    std::string fault;
    const auto at = moment();
    const auto written = probes::write_state(probes::read_state(text, at, 24h, fault), at);
    const auto again = probes::read_state(written, at, 24h, fault);
    fuzz::expect(fault.empty(), "what was written is read without a fault");
    fuzz::expect(probes::write_state(again, at) == written, "states are read as they were written");
}

void read_measured(std::string_view text) {
    const auto at = moment();
    probes::Measurements measurements{{.networks = 50}};
    static_cast<void>(probes::read_measurements(text, at, 24h, measurements));
    fuzz::expect(measurements.size() <= 50, "measurements are bounded");
    const auto written = probes::write_measurements(measurements, at);
    probes::Measurements again{{.networks = 50}};
    const auto fault = probes::read_measurements(written, at, 24h, again);
    fuzz::expect(fault.empty(), "what was written is read without a fault");
    fuzz::expect(again.size() == measurements.size(), "all that was written is read");
}

void read_told(std::string_view text) {
    const std::chrono::sys_seconds now{wall};
    probes::LatencyStore store{{.figures = 50, .landmarks = 10, .sightings = 10}};
    static_cast<void>(store.restore(text, now));
    fuzz::expect(store.size() <= 50, "figures are bounded");
    const auto written = store.text();
    probes::LatencyStore again{{.figures = 50, .landmarks = 10, .sightings = 10}};
    fuzz::expect(again.restore(written, now).empty(), "what was written is read without a fault");
    fuzz::expect(again.size() == store.size(), "all that was written is read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of({data, size});
    read_states(text);
    read_measured(text);
    read_told(text);
    return 0;
}
