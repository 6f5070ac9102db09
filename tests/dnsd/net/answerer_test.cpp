// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/answerer.hpp"

#include "tests/dnsd/nobody_else.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace net_answerer_test {

using namespace std::chrono_literals;
using engine::RateLimiter;
using net::Departure;
using net::ReturnAddress;
using support::Bytes;

namespace {

constexpr std::chrono::nanoseconds today = 24h;

std::shared_ptr<const engine::Snapshot> snapshot_of(const std::string& address) {
    support::World world{{support::zone_text(
        "example.", R"("www": {"A": ")" + address + R"("}, "api": {"A": "192.0.2.2"})")}};
    world.snapshot.limits = engine::rate_limits({.per_second = 10, .slip = 1}, 1);
    world.snapshot.observers = {support::prefix("127.0.0.0/8")};
    return std::make_shared<const engine::Snapshot>(std::move(world.snapshot));
}

/// Keeps what it is asked, to answer later.
class Patient final : public engine::Observer {
 public:
    struct Asked {
        Bytes query;
        engine::Client client;
        Reply reply;
    };
    void observe(Bytes query, engine::Client client, Reply reply) override {
        asked.push_back({std::move(query), client, std::move(reply)});
    }
    std::vector<Asked> asked;
};

/// Keeps what is sent late, with the port to which it goes.
class Sent final : public net::LateSender {
 public:
    void send_late(std::span<const std::uint8_t> answer, const ReturnAddress& to) noexcept override;
    std::vector<std::pair<std::uint16_t, Bytes>> late;
};

std::uint16_t port_of(const ReturnAddress& to) {
    msghdr header{};
    to.put_on(header);
    geo::SocketAddress client;
    std::memcpy(client.data(), header.msg_name, header.msg_namelen);
    return client.port();
}

void Sent::send_late(std::span<const std::uint8_t> answer, const ReturnAddress& to) noexcept {
    late.emplace_back(port_of(to), Bytes{answer.begin(), answer.end()});
}

/// An answerer, and the clients at ports of 127.0.0.7 that ask it: nothing here has a socket.
class Asked {
 public:
    void put(Bytes message, std::uint16_t port) {
        queries_.push_back(std::move(message));
        from_.emplace_back(geo::SocketAddress{support::address("127.0.0.7"), port});
    }
    void put(std::string name, std::uint16_t port) {
        put(support::to_bytes({.name = std::move(name), .id = port}), port);
    }
    void put_many(const std::string& name, std::uint16_t first_port, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            put(name, static_cast<std::uint16_t>(first_port + i));
    }

    struct Answered {
        std::uint16_t port = 0;
        support::Answer answer;
    };
    /// Answers what was put since the last batch.
    std::vector<Answered> answer(std::chrono::nanoseconds now = today) {
        const auto places = answerer.places();
        for (std::size_t i = 0; i < queries_.size(); ++i) {
            places[i].message = queries_[i];
            places[i].client.address = from_[i].client();
            places[i].client.now = now;
        }
        const auto answers = read(answerer.answer({.from = from_, .at = now}));
        queries_.clear();
        from_.clear();
        return answers;
    }
    std::vector<Answered> take_held() { return read(answerer.take_held()); }
    [[nodiscard]] engine::QueryCounts counts() const {
        engine::QueryCounts sum;
        counters_[1].add_to(sum);
        return sum;
    }

    engine::Snapshots snapshots{snapshot_of("192.0.2.1")};
    Patient observer;
    Sent sent;

 private:
    std::vector<engine::QueryCounters> counters_{2};

 public:
    net::Answerer answerer{
        {.snapshots = snapshots, .observer = observer, .counters = counters_}, 1, 1, sent};

 private:
    static std::vector<Answered> read(std::span<const Departure> departures) {
        std::vector<Answered> answers;
        for (const auto& [octets, to] : departures)
            answers.push_back({port_of(*to), support::decode(octets)});
        return answers;
    }
    std::vector<Bytes> queries_;
    std::vector<ReturnAddress> from_;
};

std::vector<std::uint16_t> ports_of(const std::vector<Asked::Answered>& answers) {
    std::vector<std::uint16_t> ports;
    for (const auto& [port, answer] : answers) {
        CHECK(answer.id == port);
        ports.push_back(port);
    }
    return ports;
}

std::vector<std::uint16_t> from_to(std::uint16_t first, std::uint16_t end) {
    std::vector<std::uint16_t> ports;
    for (auto port = first; port < end; ++port) ports.push_back(port);
    return ports;
}

}  // namespace

TEST_CASE("a batch is answered in its order, each answer to whoever asked") {
    Asked asked;
    asked.put("www.example.", 1001);
    asked.put("api.example.", 1002);
    asked.put("nobody.example.", 1003);
    const auto answers = asked.answer();
    CHECK(ports_of(answers) == from_to(1001, 1004));
    CHECK(answers[0].answer.data("A") == support::Lines{"192.0.2.1"});
    CHECK(answers[1].answer.data("A") == support::Lines{"192.0.2.2"});
    CHECK(answers[2].answer.rcode == "NXDOMAIN");
    CHECK(asked.answerer.refused() == 0);
    CHECK(asked.counts().with(engine::CookieState::None) == 3);
}

TEST_CASE("what is no query gets no answer, and the others of its batch do") {
    Asked asked;
    asked.put("www.example.", 1001);
    asked.put(Bytes{1, 2, 3}, 1002);
    asked.put(support::to_bytes({.name = "www.example.", .flags = 0x8000}), 1003);
    asked.put("api.example.", 1004);
    CHECK(ports_of(asked.answer()) == std::vector<std::uint16_t>{1001, 1004});
    CHECK(asked.answerer.refused() == 2);
}

TEST_CASE("a batch is answered by the snapshot that is published before it") {
    Asked asked;
    asked.put("www.example.", 1001);
    CHECK(asked.answer()[0].answer.data("A") == support::Lines{"192.0.2.1"});
    asked.snapshots.publish(snapshot_of("198.51.100.1"));
    asked.put("www.example.", 1002);
    CHECK(asked.answer()[0].answer.data("A") == support::Lines{"198.51.100.1"});
}

TEST_CASE("an answerer without a batch lets go of an old snapshot once it looks for a new one") {
    Asked asked;
    asked.snapshots.publish(snapshot_of("198.51.100.1"));
    CHECK(asked.snapshots.take_unread().empty());
    asked.answerer.look_for_snapshot();
    CHECK(asked.snapshots.take_unread().size() == 1);
}

TEST_CASE("a whole batch holds back what slips; it goes out when less than a batch comes") {
    Asked asked;
    asked.put_many("www.example.", 1000, net::batch_size);
    CHECK(ports_of(asked.answer()) == from_to(1000, 1010));
    CHECK(asked.answerer.refused() == net::batch_size - 10);
    CHECK(asked.counts().with(RateLimiter::Action::Slip) == net::batch_size - 10);
    CHECK(asked.answerer.holds_replies());
    CHECK_FALSE(asked.answerer.held_are_due());

    asked.put("api.example.", 2000);
    CHECK(ports_of(asked.answer()) == from_to(2000, 2001));
    REQUIRE(asked.answerer.held_are_due());
    const auto held = asked.take_held();
    CHECK(ports_of(held) == from_to(1010, 1000 + net::batch_size));
    for (const auto& [port, answer] : held) CHECK(answer.tc());
    CHECK_FALSE(asked.answerer.holds_replies());
    CHECK(asked.take_held().empty());
}

TEST_CASE("held replies are due after a while, though whole batches come all the time") {
    Asked asked;
    asked.put_many("www.example.", 1000, net::batch_size);
    static_cast<void>(asked.answer());
    const auto later = today + net::HeldReplies::hold_for;
    asked.put_many("api.example.", 2000, net::batch_size);
    static_cast<void>(asked.answer(later - 1ns));
    CHECK_FALSE(asked.answerer.held_are_due());
    asked.put_many("nobody.example.", 3000, net::batch_size);
    static_cast<void>(asked.answer(later));
    CHECK(asked.answerer.held_are_due());
}

TEST_CASE("held replies are due before there is no room for those of another batch") {
    Asked asked;
    std::uint16_t port = 1000;
    std::size_t held = 0;
    for (; !asked.answerer.held_are_due(); port += net::batch_size) {
        REQUIRE(held + net::batch_size <= net::HeldReplies::most);
        asked.put_many("www.example.", port, net::batch_size);
        held += net::batch_size - asked.answer().size();
    }
    CHECK(net::HeldReplies::most - held < net::batch_size);
    std::size_t taken = 0;
    while (asked.answerer.holds_replies()) {
        const auto some = asked.take_held().size();
        CHECK(some <= net::batch_size);
        taken += some;
    }
    CHECK(taken == held);
}

TEST_CASE("what slips in less than a batch is answered in its turn") {
    Asked asked;
    asked.put_many("www.example.", 1000, net::batch_size - 1);
    CHECK(ports_of(asked.answer()) == from_to(1000, 1000 + net::batch_size - 1));
    CHECK_FALSE(asked.answerer.holds_replies());
}

TEST_CASE("an observed name is answered later, to whoever asked, by what another thread finds") {
    Asked asked;
    const auto query = support::to_bytes({.name = "_why.www.example.", .type = "TXT", .id = 1002});
    asked.put("www.example.", 1001);
    asked.put(query, 1002);
    asked.put("api.example.", 1003);
    CHECK(ports_of(asked.answer()) == std::vector<std::uint16_t>{1001, 1003});
    REQUIRE(asked.observer.asked.size() == 1);
    const auto& [message, client, reply] = asked.observer.asked.front();
    CHECK(message == query);
    CHECK(client.address == support::address("127.0.0.7"));
    CHECK(client.now == today);
    CHECK(client.counters == nullptr);
    CHECK(client.limiter == nullptr);

    asked.put_many("nobody.example.", 2000, 3);  // where the query was, others are by now
    static_cast<void>(asked.answer());
    reply({.message = {1, 2, 3}});
    REQUIRE(asked.sent.late.size() == 1);
    CHECK(asked.sent.late.front() == std::pair{std::uint16_t{1002}, Bytes{1, 2, 3}});
    reply({});  // neither a message nor a rest: no response
    CHECK(asked.sent.late.size() == 1);
}

}  // namespace net_answerer_test
