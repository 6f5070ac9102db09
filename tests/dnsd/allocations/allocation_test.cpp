// SPDX-License-Identifier: Apache-2.0
// Counts what the process allocates, and lets allocations fail: through malloc where that can be
// replaced, and through operator new under a sanitizer, which keeps malloc to itself.
#include "dnsd/engine/cookie.hpp"
#include "dnsd/net/listen.hpp"
#include "dnsd/net/tcp.hpp"
#include "dnsd/net/worker.hpp"
#include "dnsd/transfer/tsig.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/measured_world.hpp"
#include "tests/dnsd/net/served_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::size_t> allocations_of_others{0};  // of threads that are not spared
/// The how manieth of these is to fail; 0: none.
std::atomic<std::size_t> until_failure{0};
thread_local bool spared = false;

/// Counts one. Whether it is to fail.
bool fails() noexcept {
    ++allocations;
    if (spared) return false;
    ++allocations_of_others;
    for (auto left = until_failure.load(); left > 0;) {
        if (until_failure.compare_exchange_weak(left, left - 1)) return left == 1;
    }
    return false;
}

/// No allocation of this thread fails, for a scope.
class Spared {
 public:
    Spared() { spared = true; }
    ~Spared() { spared = false; }
    Spared(const Spared&) = delete;
    Spared& operator=(const Spared&) = delete;
};

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
    if (void* memory = fails() ? nullptr : std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails() ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#else

// The names by which glibc keeps its own.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
    return fails() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    return fails() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    return fails() ? nullptr : __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}
}

#endif

namespace {

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

/// One that is refused for its signature, or left to another thread where signatures are read.
Bytes signed_query() {
    const transfer::Key key{*zones::Name::from_text("node.key.", zones::Name{}), Bytes(32, 7)};
    auto message = support::to_bytes({.name = "geo.example."});
    transfer::TsigChain{key}.sign(message, 1'700'000'000);
    return message;
}

/// Nobody to whom a query could be left.
class NoObserver final : public engine::Observer {
 public:
    void observe(Bytes, engine::Client, Reply) override { ++asked; }
    std::atomic<unsigned> asked{0};
};

/// Sockets of loopback, and where to ask them.
struct Listening {
    net::SocketPair pair =
        net::open_sockets({.address = support::loopback, .port = 0}, net::Sharing::Nobody).value();

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
        const timeval patience{20, 0};  // of a test that fails
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
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            step();
        }
        return true;
    }

    Listening sockets_;
    net::Snapshots snapshots_{everything()};
    NoObserver observer_;
    net::Source source_{.snapshots = snapshots_, .observer = observer_};
    net::SnapshotReader reader_{snapshots_};
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
    net::Snapshots snapshots_{everything()};
    NoObserver observer_;
    net::Worker worker_{
        {.snapshots = snapshots_, .observer = observer_},
        {                       },
        0
    };
};

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
    for (const bool reads : {false, true}) {
        world.snapshot.reads_signatures = reads;
        for (const auto& other : messages_for_everything())
            largest = std::max(largest, counted.answer(world.snapshot, other, client));
        const auto size = counted.answer(world.snapshot, message, client);
        CHECK((size == engine::deferred) == reads);
    }
    CHECK(counted.worst() == 0);
    CHECK(largest > 500);
    std::vector<geo::Address> noted;
    seen.take(noted);
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
    CHECK(sum.with(engine::RateLimiter::Verdict::Drop) > 1000);
    CHECK(sum.with(engine::RateLimiter::Verdict::Slip) > 1000);
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
    net::Snapshots snapshots{snapshot()};
    std::shared_ptr<const engine::Snapshot> next = snapshot();
    NoObserver observer;
    std::vector<engine::SeenResolvers> seen(1);
    support::ServedSocket socket{
        {.snapshots = snapshots, .observer = observer, .seen = seen}
    };
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
        const net::Snapshots snapshots{std::make_shared<const engine::Snapshot>(world.snapshot)};
        NoObserver observer;
        support::ServedSocket socket{
            {.snapshots = snapshots, .observer = observer}
        };
        for (const auto& message : burst) socket.ask(message);
        const auto before = allocations_of_others.load();
        socket.start();
        std::array<std::uint8_t, 4096> room{};
        for (std::size_t i = 0; i < burst.size(); ++i) REQUIRE_FALSE(socket.receive(room).empty());
        socket.stop();
        return allocations_of_others.load() - before;
    };
    const Spared spared_thread;
    CHECK(allocated(engine::rate_limits({.per_second = 1, .slip = 1}, 1)) == allocated({}));
}

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
