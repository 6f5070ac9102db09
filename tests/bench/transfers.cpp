// SPDX-License-Identifier: Apache-2.0
// A measurement zone from one node to another over loopback: how long it takes, and for how long at
// most the control thread of both is busy without a pause. Run a release build:
//   cmake --preset release -DBUILD_TESTING=ON && cmake --build --preset release --target transfers
//   build/release/tests/bench/transfers [RECORDS] [CHANGES]

#include "tests/dnsd/nodes/node.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;
using transfer::Records;

double milliseconds(Clock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::string text_of(int i) {
    return "rtt=" + std::to_string(10 + i % 190) +
           ".3ms var=2.1ms loss=0.2% n=" + std::to_string(i % 1000) +
           " age=" + std::to_string(i % 300) + "s";
}

std::string owner_of(int i) {
    return std::to_string(i >> 16) + "-" + std::to_string(i >> 8 & 255) + "-" +
           std::to_string(i & 255) + "-0/24.clients";
}

class Stopwatch {
 public:
    explicit Stopwatch(boost::asio::io_context& context) : context_{context} {}

    /// Runs handler by handler until the condition holds, and prints.
    template <class Condition>
    void run(const char* what, Condition condition) {
        const auto began = Clock::now();
        Clock::duration longest{0}, busy{0};
        while (!condition()) {
            const auto before = Clock::now();
            context_.restart();
            if (context_.poll_one() == 0) continue;
            const auto took = Clock::now() - before;
            longest = std::max(longest, took);
            busy += took;
        }
        std::printf("%-28s %8.1f ms, control thread busy %7.1f ms, at a stretch %6.2f ms\n", what,
                    milliseconds(Clock::now() - began), milliseconds(busy), milliseconds(longest));
    }

 private:
    boost::asio::io_context& context_;
};

}  // namespace

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int changed = argc > 2 ? std::atoi(argv[2]) : 1000;
    boost::asio::io_context context{1};
    support::Node newyork{context, "newyork"};
    support::Node singapore{context, "singapore"};
    Records records;
    for (int i = 0; i < count; ++i) records.emplace(owner_of(i), text_of(i));

    auto began = Clock::now();
    newyork.exchange().replace(records);
    std::printf("%-28s %8.1f ms\n", "first publication", milliseconds(Clock::now() - began));
    singapore.exchange().set_peers({newyork.settings()});
    newyork.exchange().set_peers({singapore.settings()});
    Stopwatch watch{context};
    const auto arrived = [&] {
        const auto peers = singapore.exchange().peers();
        return peers[0].serial == newyork.exchange().zone().serial();
    };
    watch.run("AXFR", arrived);

    transfer::Changes changes;
    for (int i = 0; i < changed; ++i) changes.set.emplace(owner_of(i * 7 % count), text_of(i + 1));
    began = Clock::now();
    newyork.exchange().publish(changes);
    std::printf("%-28s %8.1f ms\n", "publication of changes", milliseconds(Clock::now() - began));
    watch.run("NOTIFY and IXFR", arrived);
}
