// SPDX-License-Identifier: Apache-2.0
// What is left of clients when the memory for them cannot be had.
#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/net/tcp.hpp"
#include "dnsd/net/worker.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "dnsd/sockets/listen.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "tests/dnsd/allocations/allocations.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/net/served_socket.hpp"
#include "tests/dnsd/nobody_else.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace allocations_failing_allocation_test {

namespace {

using support::Bytes;
using support::Spared;
using support::until_failure;

/// Sockets of loopback, and where to ask them.
struct Listening {
    net::SocketPair pair =
        net::open_sockets({.address = support::loopback, .port = 0}, net::PortSharing::Nobody)
            .value();

    [[nodiscard]] sockaddr_in address() const {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(pair.endpoint.port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return to;
    }
};

/// A client by TCP that has sent something.
class Client {
 public:
    Client(const sockaddr_in& to, const Bytes& sent) {
        const timeval patience{60, 0};  // of a test that fails
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
        REQUIRE(::send(socket_, sent.data(), sent.size(), MSG_NOSIGNAL) == std::ssize(sent));
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] bool readable() const {
        pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&wanted, 1, 0) == 1;
    }
    /// How many octets have come: none at the end.
    [[nodiscard]] std::size_t receive() const {
        std::array<std::uint8_t, 4096> room{};
        const auto size = ::recv(socket_, room.data(), room.size(), 0);
        REQUIRE((size >= 0 || errno == ECONNRESET));
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }

 private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

Bytes framed(const support::Query& query) {
    const auto message = support::to_bytes(query);
    Bytes framed;
    support::put16(framed, message.size());
    support::append(framed, message);
    return framed;
}

/// What the servers below serve. Its observed names exist for all.
std::shared_ptr<const engine::Snapshot> everything() {
    auto snapshot = std::make_shared<engine::Snapshot>(support::everything().snapshot);
    snapshot->observers = {*geo::read_prefix("0.0.0.0/0")};
    return snapshot;
}

/// A TCP server that runs when the test lets it.
class Stepped {
 public:
    explicit Stepped(net::TcpLimits limits = {})
        : server_{context_, limits, source_, reader_, random_, 0} {
        ::close(sockets_.pair.udp);
        server_.listen(sockets_.pair.tcp, geo::Family::V4);
        server_.start();
    }
    /// What comes for a query: how many octets, none when the connection has ended.
    std::size_t ask(const Bytes& sent) {
        const Client client{sockets_.address(), sent};
        REQUIRE(run_until([&] { return client.readable(); }));
        return client.receive();
    }
    /// Runs until it has no connections any more.
    [[nodiscard]] bool empties() {
        return run_until([&] { return server_.connection_count() == 0; });
    }
    /// Lets one of the allocations fail that it makes from now on.
    void fail(std::size_t which) { failure_ = which; }
    /// Whether that is still to come; then it will not.
    [[nodiscard]] bool has_not_failed() { return std::exchange(failure_, 0) != 0; }

 private:
    void step() {
        until_failure = failure_;
        try {
            if (!std::exchange(whole_, true))
                boost::asio::post(context_, [this] { server_.start(); });
            context_.run_one_for(std::chrono::milliseconds{5});
        } catch (const std::bad_alloc&) {
            whole_ = false;
        }
        failure_ = until_failure.exchange(0);
    }
    template <class Condition>
    bool run_until(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            step();
        }
        return true;
    }

    Listening sockets_;
    engine::Snapshots snapshots_{everything()};
    support::LosesQueries observer_;
    net::ServerView source_{.snapshots = snapshots_, .observer = observer_};
    engine::SnapshotReader reader_{snapshots_};
    geo::Random random_{1};
    std::size_t failure_ = 0;
    bool whole_ = true;
    boost::asio::io_context context_{1};
    net::TcpServer server_;
};

/// A worker with its threads.
class Working {
 public:
    Working() {
        worker_.listen(sockets_.pair);
        worker_.start();
    }
    [[nodiscard]] Client client(const Bytes& sent) const { return {sockets_.address(), sent}; }
    void stop() { worker_.stop(); }

 private:
    Listening sockets_;
    engine::Snapshots snapshots_{everything()};
    support::LosesQueries observer_;
    net::Worker worker_{{.snapshots = snapshots_, .observer = observer_}, {}, 0};
};

}  // namespace

TEST_CASE(
    "whatever allocation fails for a client by TCP, nothing is left of it, and the next is "
    "answered") {
    Stepped server;
    const auto query = framed({.name = "geo.example."});
    const auto whole = server.ask(query);
    CHECK(whole > query.size());
    std::size_t failures = 0;
    for (;; ++failures) {
        CAPTURE(failures);
        server.fail(failures + 1);
        const auto octets = server.ask(query);
        CHECK((octets == 0 || octets == whole));
        CHECK(server.empties());
        if (server.has_not_failed()) break;
        CHECK(server.ask(query) == whole);
        CHECK(server.empties());
    }
    CHECK(failures >= 3);  // of operator new alone, where a sanitizer keeps malloc
}

TEST_CASE("whatever allocation fails for the deadlines of TCP, a silent client is closed") {
    std::size_t failures = 0;
    for (;; ++failures) {
        CAPTURE(failures);
        Stepped server{{.idle = std::chrono::milliseconds{50}}};
        server.fail(failures + 1);
        CHECK(server.ask({0}) == 0);
        CHECK(server.empties());
        if (server.has_not_failed()) break;
    }
    CHECK(failures >= 3);
}

TEST_CASE("of a client by TCP whose query an observer has lost nothing is left") {
    Stepped server{{.idle = std::chrono::milliseconds{50}}};
    CHECK(server.ask(framed({.name = "_why.geo.example.", .type = "TXT"})) == 0);
    CHECK(server.empties());
    CHECK(server.ask(framed({.name = "geo.example."})) > 0);
}

TEST_CASE("whatever allocation fails in a worker, it goes on, and ends when it is to") {
    const Spared spared_thread;
    const auto query = framed({.name = "geo.example."});
    Working worker;
    const auto whole = worker.client(query).receive();
    for (std::size_t failure = 1; failure <= 20; ++failure) {
        CAPTURE(failure);
        until_failure = failure;
        const auto octets = worker.client(query).receive();
        CHECK((octets == 0 || octets == whole));
        until_failure = 0;
        CHECK(worker.client(query).receive() == whole);
    }
    worker.stop();
}

TEST_CASE("whatever allocation fails while a worker ends, it ends") {
    for (std::size_t failure = 1; failure <= 20; ++failure) {
        Working worker;
        const auto silent = worker.client({0});
        CHECK(worker.client(framed({.name = "geo.example."})).receive() > 0);
        until_failure = failure;
        worker.stop();
        until_failure = 0;
    }
}

TEST_CASE("whatever allocation fails, no code is made that anybody could make") {
    const transfer::TsigKey key{*zones::Name::from_text("node.key.", zones::Name{}), Bytes(32, 7)};
    const auto keys = std::make_shared<const transfer::Keys>(std::vector{key});
    const auto signatures = transfer::signatures_of(keys);
    auto forged = support::to_bytes({.name = "geo.example."});
    transfer::TsigChain{key}.sign(forged, transfer::unix_now());
    const auto mac = transfer::read_tsig(forged)->mac;
    std::fill_n(forged.begin() + (mac.data() - forged.data()), mac.size(), std::uint8_t{0});
    const auto code = transfer::mac_of(key, forged);
    const auto secrets = control::derived_cookie_secrets(*keys, key.name);
    /// The same, or nothing, while an allocation fails. False when none did.
    const auto fails = [](std::size_t failure, const auto& made_as_always) {
        until_failure = failure;
        bool as_always = true;
        try {
            as_always = made_as_always();
        } catch (const std::bad_alloc&) {
        }
        const bool failed = until_failure.exchange(0) == 0;
        CHECK(as_always);
        return failed;
    };
    std::size_t failures = 0;
    for (bool any = true; any; ++failures) {
        CAPTURE(failures);
        any = fails(failures + 1,
                    [&] { return signatures->judge(forged) == transfer::TsigFault::BadSig; });
        any |= fails(failures + 1, [&] { return transfer::mac_of(key, forged) == code; });
        any |= fails(failures + 1, [&] {
            const auto made = control::derived_cookie_secrets(*keys, key.name);
            return made.front().low == secrets.front().low &&
                   made.front().high == secrets.front().high;
        });
    }
    CHECK(failures >= 3);
}

}  // namespace allocations_failing_allocation_test
