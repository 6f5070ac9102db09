// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/seen_resolvers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <thread>

namespace engine_seen_resolvers_test {

namespace {

using engine::Origin;

std::vector<geo::Address> taken(engine::SeenResolvers& seen, Origin origin = Origin::Proved) {
    std::vector<geo::Address> all;
    seen.take(origin, all);
    return all;
}

}  // namespace

TEST_CASE("addresses that were noted are taken once, one of each network") {
    const auto seen = std::make_unique<engine::SeenResolvers>();
    CHECK(taken(*seen).empty());
    for (const auto* text : {"8.8.8.8", "8.8.8.9", "2001:db8:1::53", "0.0.0.0", "::"}) {
        seen->note(*geo::read_address(text), Origin::Proved);
    }
    const auto all = taken(*seen);
    CHECK(std::ranges::count(all, *geo::read_address("8.8.8.9")) == 1);
    CHECK(std::ranges::count(all, *geo::read_address("8.8.8.8")) == 0);
    CHECK(std::ranges::count(all, *geo::read_address("2001:db8:1::53")) == 1);
    CHECK(taken(*seen).empty());
    seen->note(*geo::read_address("8.8.8.8"), Origin::Proved);
    CHECK(taken(*seen) == std::vector{*geo::read_address("8.8.8.8")});
}

TEST_CASE("what is taken while others write is whole") {
    const auto seen = std::make_unique<engine::SeenResolvers>();
    std::atomic<bool> ended{false};
    // Both halves of each address are the same number.
    std::thread writer{[&] {
        std::mt19937_64 random{5};
        for (int i = 0; i < 2'000'000; ++i) {
            const auto half = random() >> 40;
            seen->note({geo::Family::V6, geo::Bits{half} << 64 | half}, Origin::Proved);
        }
        ended = true;
    }};
    std::size_t count = 0;
    while (!ended) {
        for (const auto& address : taken(*seen)) {
            ++count;
            REQUIRE(static_cast<std::uint64_t>(address.bits >> 64) ==
                    static_cast<std::uint64_t>(address.bits));
        }
    }
    writer.join();
    CHECK(count + taken(*seen).size() > 0);
}

TEST_CASE("however many addresses are made up, none replaces one that was proved") {
    const auto seen = std::make_unique<engine::SeenResolvers>();
    const auto proved = *geo::read_address("8.8.8.8");
    seen->note(proved, Origin::Proved);
    for (std::uint64_t i = 0; i < 100'000; ++i)
        seen->note({geo::Family::V4, geo::Bits{i} << 104}, Origin::Claimed);
    CHECK(taken(*seen) == std::vector{proved});
    const auto claimed = taken(*seen, Origin::Claimed);
    CHECK(!claimed.empty());
    CHECK(claimed.size() <= 256);
}

TEST_CASE("networks chosen by a stranger do not fall on one slot") {
    const auto seen = std::make_unique<engine::SeenResolvers>();
    std::size_t chosen = 0;
    for (std::uint64_t network = 1; chosen < 1000; ++network) {
        // What one multiplication would put there.
        if (network * 0x9E37'79B9'7F4A'7C15 >> 53 != 5) continue;
        ++chosen;
        seen->note({geo::Family::V6, geo::Bits{network} << 80}, Origin::Proved);
    }
    CHECK(taken(*seen).size() > 500);
}

}  // namespace engine_seen_resolvers_test
