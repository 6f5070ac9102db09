// SPDX-License-Identifier: Apache-2.0
// The query path allocates nothing.
#include "dnsd/engine/cookie.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "tests/dnsd/allocations/allocations.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/measured_world.hpp"
#include "tests/dnsd/net/served_socket.hpp"
#include "tests/dnsd/nobody_else.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace allocations_allocation_test {

namespace {

using support::allocations;
using support::allocations_of_others;
using support::Bytes;

/// Answers queries one by one, and keeps the most that one of them has allocated.
class Counted {
 public:
    std::size_t answer(const engine::Snapshot& snapshot, wire::Octets message,
                       const engine::Client& client) {
        const auto before = allocations.load();
        const auto size = engine::respond(snapshot, message, client, random_, out_);
        worst_ = std::max(worst_, allocations.load() - before);
        return size;
    }
    [[nodiscard]] std::size_t worst() const noexcept { return worst_; }

 private:
    Bytes out_ = Bytes(65535);
    geo::Random random_{1};
    std::size_t worst_ = 0;
};

std::vector<Bytes> messages_for_everything() {
    std::vector<Bytes> messages;
    for (const auto& query : support::queries_for_everything())
        messages.push_back(support::to_bytes(query));
    return messages;
}

transfer::TsigKey key_of(const char* name) {
    return {*zones::Name::from_text(name, zones::Name{}), Bytes(32, 7)};
}

/// One that is refused for its signature, by a stranger.
Bytes signed_query() {
    auto message = support::to_bytes({.name = "geo.example."});
    transfer::TsigChain{key_of("stranger.")}.sign(message, 1'700'000'000);
    return message;
}

/// Sends them at once, to be read as batches. The number of answers that came.
std::size_t ask(const support::ServedSocket& socket, std::span<const Bytes> messages) {
    std::array<std::uint8_t, 4096> room{};
    for (const auto& message : messages) socket.ask(message);
    std::size_t answers = 0;
    while (answers < messages.size() && !socket.receive(room).empty()) ++answers;
    return answers;
}

}  // namespace

TEST_CASE("what is allocated is counted") {
    const auto before = allocations.load();
    const auto memory = std::make_unique<std::uint64_t>(before);
    CHECK(allocations.load() > before);
    CHECK(*memory == before);
}

TEST_CASE("no query allocates, whatever its outcome, its transport and the health of edges") {
    auto messages = messages_for_everything();
    for (std::size_t i = 0, whole = messages.size(); i < whole; ++i) {
        auto cut = messages[i];
        cut.resize(cut.size() - 1);
        messages.push_back(std::move(cut));
    }
    for (const auto* name : {"_probes.example.", "newyork._probes.example.", "_why.example."}) {
        messages.push_back(support::to_bytes({.name = name, .type = "TXT"}));
    }
    Counted counted;
    std::size_t octets = 0;
    std::size_t deferred = 0;
    for (auto& world : support::everything_in_all_health()) {
        world.snapshot.observers = {*geo::read_prefix("127.0.0.0/8")};
        for (const auto transport : {engine::Transport::Udp, engine::Transport::Tcp}) {
            for (const auto* from : {"127.0.0.1", "20.1.2.3", "2400::1", "::ffff:16.1.2.3"}) {
                const engine::Client client{
                    .address = *geo::read_address(from), .transport = transport, .lane = 0};
                for (const auto& message : messages) {
                    const auto size = counted.answer(world.snapshot, message, client);
                    (size == engine::deferred ? deferred : octets) +=
                        size == engine::deferred ? 1 : size;
                }
            }
        }
    }
    CHECK(counted.worst() == 0);
    CHECK(octets > 500 * messages.size());
    CHECK(deferred == 5 * 2 * 3);  // to leave a query to another thread is the network's business
}

TEST_CASE("no query allocates, whatever its opcode and wherever it is cut off") {
    const auto world = support::everything();
    const engine::Client client{.address = *geo::read_address("20.1.2.3")};
    Counted counted;
    std::size_t answers = 0;
    for (const auto& message : messages_for_everything()) {
        for (std::size_t length = 0; length < message.size(); ++length)
            answers += counted.answer(world.snapshot, std::span{message}.first(length), client) > 0;
        for (unsigned opcode = 0; opcode < 16; ++opcode) {
            auto other = message;
            other[support::flags_at] = static_cast<std::uint8_t>(opcode << 3);
            answers += counted.answer(world.snapshot, other, client) > 0;
            other[support::flags_at] |= 0x80;  // a response
            CHECK(counted.answer(world.snapshot, other, client) == 0);
        }
    }
    CHECK(counted.worst() == 0);
    CHECK(answers > 10'000);
}

TEST_CASE(
    "no query allocates where the server tells who it is, notes resolvers, reads signatures") {
    auto world = support::everything();
    world.snapshot.identity = {
        .version = "isochrone", .name = "ns1.example", .may_ask = {*geo::read_prefix("0.0.0.0/0")}};
    engine::SeenResolvers seen;
    const engine::Client client{.address = *geo::read_address("20.1.2.3"), .seen = &seen};
    const auto message = signed_query();
    Counted counted;
    std::size_t largest = 0;
    const auto keys = std::make_shared<const transfer::Keys>(std::vector{key_of("node.key.")});
    for (const bool reads : {false, true}) {
        world.snapshot.signatures = reads ? transfer::signatures_of(keys) : nullptr;
        for (const auto& other : messages_for_everything())
            largest = std::max(largest, counted.answer(world.snapshot, other, client));
        const auto size = counted.answer(world.snapshot, message, client);
        CHECK(size > message.size() / 2);
        CHECK(size < message.size());
    }
    CHECK(counted.worst() == 0);
    CHECK(largest > 500);
    std::vector<geo::Address> noted;
    seen.take(engine::Origin::Claimed, noted);
    CHECK_FALSE(noted.empty());
}

TEST_CASE("no query allocates, whatever its cookie") {
    auto world = support::everything();
    engine::QueryCounters counters;
    Counted counted;
    std::size_t octets = 0;
    for (std::size_t secrets = 0; secrets < 3; ++secrets) {
        world.snapshot.cookie_secrets.resize(secrets);
        for (const auto* from : {"20.1.2.3", "2400::1"}) {
            const engine::Client client{.address = *geo::read_address(from),
                                        .counters = &counters,
                                        .now = std::chrono::seconds{1'700'000'000}};
            Bytes good(8, 7);
            if (secrets > 0) {
                const auto made =
                    engine::make_cookie(world.snapshot.cookie_secrets.back(),
                                        std::span{good}.first<8>(), client.address, 1'700'000'000);
                good.assign(made.begin(), made.end());
            }
            for (const auto& cookie :
                 {good, Bytes(8, 1), Bytes(24, 1), Bytes(40, 1), Bytes(9, 1)}) {
                const auto message = support::to_bytes(
                    {.name = "geo.example.", .opt = support::Opt{.options = {{10, cookie}}}});
                octets += counted.answer(world.snapshot, message, client);
            }
        }
    }
    CHECK(counted.worst() == 0);
    CHECK(octets > 30 * 60);
    engine::QueryCounts sum;
    counters.add_to(sum);
    CHECK(sum.with(engine::CookieState::Good) == 4);
}

TEST_CASE("no query allocates, limited or not") {
    auto world = support::everything();
    world.snapshot.limits = engine::rate_limits({.per_second = 10, .errors_per_second = 10}, 1);
    engine::RateLimiter limiter;
    engine::QueryCounters counters;
    const engine::Client client{.address = *geo::read_address("20.1.2.3"),
                                .counters = &counters,
                                .limiter = &limiter,
                                .now = std::chrono::seconds{1'700'000'000}};
    Counted counted;
    for (int i = 0; i < 50; ++i) {
        for (const auto& message : messages_for_everything())
            static_cast<void>(counted.answer(world.snapshot, message, client));
    }
    CHECK(counted.worst() == 0);
    engine::QueryCounts sum;
    counters.add_to(sum);
    CHECK(sum.with(engine::RateLimiter::Action::Drop) > 1000);
    CHECK(sum.with(engine::RateLimiter::Action::Slip) > 1000);
}

TEST_CASE("no query allocates where measured networks are answered by themselves") {
    const auto world = support::measured_world();
    Counted counted;
    std::size_t octets = 0;
    for (const auto* from :
         {"20.1.2.3", "20.1.9.9", "2a00:1:2::1", "::ffff:20.1.2.3", "24.0.0.1"}) {
        const engine::Client client{.address = *geo::read_address(from)};
        for (const auto* subnet :
             {"", "20.1.2.0/24", "20.1.2.128/25", "2a00:1:2::/48", "24.1.0.0/16"}) {
            const auto message = support::to_bytes(support::query_from("example.", "A", subnet));
            octets += counted.answer(world.snapshot, message, client);
        }
    }
    CHECK(counted.worst() == 0);
    CHECK(octets > 1000);
}

TEST_CASE("a thread that answers at a socket allocates nothing, when a snapshot follows either") {
    constexpr std::size_t burst = 16;  // fits into the socket's buffer, and is read in batches
    const auto messages = messages_for_everything();
    const auto whole = std::span{messages}.first(messages.size() / burst * burst);
    const auto snapshot = [] {
        return std::make_shared<const engine::Snapshot>(support::everything().snapshot);
    };
    engine::Snapshots snapshots{snapshot()};
    std::shared_ptr<const engine::Snapshot> next = snapshot();
    support::LosesQueries observer;
    std::vector<engine::SeenResolvers> seen(1);
    support::ServedSocket socket{{.snapshots = snapshots, .observer = observer, .seen = seen}};
    socket.start();
    REQUIRE(ask(socket, whole.first(burst)) == burst);  // the thread runs
    auto before = allocations.load();
    std::size_t answers = 0;
    for (std::size_t i = 0; i < whole.size(); i += burst) {
        if (i == whole.size() / burst / 2 * burst) {
            CHECK(allocations.load() == before);
            snapshots.publish(std::move(next));  // by this thread, which may allocate
            before = allocations.load();
        }
        answers += ask(socket, whole.subspan(i, burst));
    }
    CHECK(allocations.load() == before);
    CHECK(answers == whole.size());
    CHECK(observer.asked == 0);
}

TEST_CASE("a thread allocates nothing for what slips past a limit and is answered later") {
    const std::vector<Bytes> burst(250, support::to_bytes({.name = "geo.example."}));
    /// By the server's thread from its start on, for as many answers.
    const auto allocated = [&](const engine::RateLimits& limits) {
        auto world = support::everything();
        world.snapshot.limits = limits;
        const engine::Snapshots snapshots{std::make_shared<const engine::Snapshot>(world.snapshot)};
        support::LosesQueries observer;
        support::ServedSocket socket{{.snapshots = snapshots, .observer = observer}};
        for (const auto& message : burst) socket.ask(message);
        const auto before = allocations_of_others.load();
        socket.start();
        std::array<std::uint8_t, 4096> room{};
        for (std::size_t i = 0; i < burst.size(); ++i) REQUIRE_FALSE(socket.receive(room).empty());
        socket.stop();
        return allocations_of_others.load() - before;
    };
    const support::Spared spared_thread;
    CHECK(allocated(engine::rate_limits({.per_second = 1, .slip = 1}, 1)) == allocated({}));
}

}  // namespace allocations_allocation_test
