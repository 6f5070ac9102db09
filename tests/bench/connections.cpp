// SPDX-License-Identifier: Apache-2.0
// What it costs to read the relay's connections from the kernel and to keep what they say: CPU time
// for 5,000 connections of clients in 5,000 networks. Both ends are this process, over loopback.
#include "probes/path/measurements.hpp"
#include "probes/path/tcp_info.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include <sys/resource.h>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::uint32_t count = 5000;

/// The clients of a relay on 127.0.0.1.
class Clients {
 public:
    Clients() {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        for (std::uint32_t i = 0; i < count; ++i) {
            auto& client = sockets_.emplace_back(context_);
            client.open(tcp::v4());
            client.bind({asio::ip::address_v4{0x7F010001U + i}, 0});
            client.connect(relay_.local_endpoint());
            sockets_.push_back(relay_.accept());
        }
    }
    [[nodiscard]] std::uint16_t port() const { return relay_.local_endpoint().port(); }

 private:
    asio::io_context context_;
    tcp::acceptor relay_{context_, {asio::ip::make_address_v4("127.0.0.1"), 0}};
    std::vector<tcp::socket> sockets_;
};

const Clients& clients() {
    static const Clients instance;
    return instance;
}

std::vector<probes::Connection> read() {
    return *probes::read_connections(std::array{clients().port()});
}

void read_connections(benchmark::State& state) {
    for (auto _ : state) {
        const auto connections = read();
        if (connections.size() != count) state.SkipWithError("some are missing");
    }
}
BENCHMARK(read_connections)->Unit(benchmark::kMillisecond);

void keep_measurements(benchmark::State& state) {
    auto connections = read();
    // Addresses of the internet, one network each.
    for (std::uint32_t i = 0; i < connections.size(); ++i)
        connections[i].client.bits = geo::Bits{0x08000001U + (i << 8)} << 96;
    probes::Measurements measurements;
    for (auto _ : state) measurements.observe(connections, probes::Clock::now());
    if (measurements.size() != count) state.SkipWithError("some are missing");
}
BENCHMARK(keep_measurements)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
