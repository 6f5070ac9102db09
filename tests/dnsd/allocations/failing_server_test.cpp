// SPDX-License-Identifier: Apache-2.0
// A whole server whose memory cannot be had at any one place: no thread ends, and nothing that comes
// again and again stops.
#include "dnsd/server/control_socket.hpp"
#include "dnsd/server/server.hpp"
#include "dnsd/state/state_folder.hpp"
#include "tests/dnsd/allocations/allocations.hpp"
#include "tests/dnsd/answer.hpp"
#include "tests/dnsd/query.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace allocations_failing_server_test {

namespace {

using namespace std::chrono_literals;
using support::Spared;
using support::until_failure;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 240s;  // of a test that fails

/// What the server says.
class Said final : public spdlog::sinks::base_sink<std::mutex> {
 public:
    [[nodiscard]] std::string text() {
        const std::lock_guard lock{mutex_};
        return text_;
    }

 private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        text_.append(message.payload.data(), message.payload.size());
        text_ += '\n';
    }
    void flush_() override {}
    std::string text_;
};

template <class Condition>
bool eventually(Condition condition) {
    const auto end = Clock::now() + patience;
    while (!condition()) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

/// A server of one zone, whose first edge is up as long as a file says so, in this process.
class Running {
 public:
    Running() {
        folder_.write("first", "up");
        write(1);
        config_ = control::default_config();
        config_.zones = {folder_.path("a.json")};
        config_.listen = {*net::read_endpoint("127.0.0.1:0")};
        config_.state = folder_.path("state");
        config_.workers = 1;
        thread_ = std::thread{[this] { status = control::serve(config_); }};
        REQUIRE(
            eventually([&] { return said_->text().find(" on 127.0.0.1:") != std::string::npos; }));
        auto text = said_->text();
        text.erase(0, text.find(" on 127.0.0.1:") + 14);
        port_ = static_cast<std::uint16_t>(std::stoul(text));
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
        stop();
        spdlog::set_default_logger(before_);
    }

    void stop() {
        if (!thread_.joinable()) return;
        ::kill(::getpid(), SIGTERM);
        thread_.join();
    }
    void write(int version) const {
        folder_.write("next",
                      R"({ "zone": "a.test", "nameservers": { "ns1": "192.0.2.9" }, "ttl": 60,
            "edges": {
                "first": { "addresses": "192.0.2.1", "check": { "file": ")" +
                          folder_.path("first") +
                          R"(", "interval": "200ms", "rise": 1, "fall": 1,
                               "damping": false } },
                "second": { "addresses": "192.0.2.2" } },
            "records": { "where": { "steer": { "failover": ["first", "second"] } },
                         "version": { "A": "198.51.100.)" +
                          std::to_string(version) + "\" } } }");
        std::filesystem::rename(folder_.path("next"), folder_.path("a.json"));
    }
    void say(const char* state) const { folder_.write("first", state); }

    void ask(const char* name, const char* type = "A") const {
        const Client client{port_};
        client.send(support::to_bytes({.name = name, .type = type}));
        static_cast<void>(client.receive(50ms));
    }
    /// The last octet of the first address; -1 when no answer comes.
    [[nodiscard]] int address(const char* name) const {
        const Client client{port_};
        client.send(support::to_bytes({.name = name, .type = "A"}));
        const auto answer = client.receive(1s);
        if (answer.empty() || answer.size() < 20) return -1;
        return answer.back();
    }
    [[nodiscard]] bool knows(const char* name) const {
        const Client client{port_};
        client.send(support::to_bytes({.name = name, .type = "TXT"}));
        const auto answer = client.receive(1s);
        // What does not fit is truncated.
        return answer.size() > 12 && (answer[7] > 0 || (answer[2] & 2) != 0);
    }
    [[nodiscard]] bool takes_commands() const {
        return control::ask_server(control::socket_in(config_.state), R"({"command": "status"})")
            .has_value();
    }

    int status = -1;

 private:
    struct Client {
        int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        explicit Client(std::uint16_t port) {
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_port = htons(port);
            to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
        }
        Client(const Client&) = delete;
        Client& operator=(const Client&) = delete;
        ~Client() { ::close(socket); }
        void send(const support::Bytes& octets) const {
            static_cast<void>(::send(socket, octets.data(), octets.size(), 0));
        }
        [[nodiscard]] support::Bytes receive(std::chrono::milliseconds wait) const {
            const timeval longest{wait.count() / 1000, wait.count() % 1000 * 1000};
            ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
            support::Bytes octets(4096);
            const auto size = ::recv(socket, octets.data(), octets.size(), 0);
            octets.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
            return octets;
        }
    };

    std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
    std::shared_ptr<Said> said_ = [] {
        auto sink = std::make_shared<Said>();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("server", sink));
        return sink;
    }();
    support::TemporaryFolder folder_;
    control::Config config_;
    std::thread thread_;
    std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("whatever allocation fails in a server, all of it goes on") {
    const Spared spared_thread;
    support::prepare_backtraces();
    support::only_new = true;
    Running server;
    REQUIRE(eventually([&] { return server.knows("_probes.a.test"); }));
    REQUIRE(eventually([&] { return server.knows("_why.where.a.test"); }));
    // Loads give way to all else, so that one takes seconds on a busy machine: what is awaited is
    // bounded by time, and each run lets others of the many allocations fail, near ones more often.
    const auto end = Clock::now() + 20s;
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    std::uniform_real_distribution<> magnitude{0, std::log(30'000)};
    int version = 1;
    do {
        std::string failed = "seed " + std::to_string(seed) + ":";
        for (int round = 0; round < 20; ++round) {
            server.write(version = version % 200 + 1);
            const auto failure = static_cast<std::size_t>(std::exp(magnitude(random)));
            failed += " " + std::to_string(failure);
            until_failure = failure;
            ::kill(::getpid(), SIGHUP);
            server.ask("_why.where.a.test", "TXT");
            server.ask("_probes.a.test", "TXT");
            static_cast<void>(server.takes_commands());
            // A few beats of what comes again and again.
            const auto beats = Clock::now() + 100ms;
            while (until_failure > 0 && Clock::now() < beats) std::this_thread::sleep_for(2ms);
            until_failure = 0;
        }
        CAPTURE(failed);
        server.write(version = version % 200 + 1);
        ::kill(::getpid(), SIGHUP);
        REQUIRE(eventually([&] { return server.address("version.a.test") == version; }));
        REQUIRE(eventually([&] { return server.knows("_why.where.a.test"); }));
        REQUIRE(eventually([&] { return server.knows("_probes.a.test"); }));
        REQUIRE(eventually([&] { return server.takes_commands(); }));
        server.say("down");
        REQUIRE(eventually([&] { return server.address("where.a.test") == 2; }));
        server.say("up");
        REQUIRE(eventually([&] { return server.address("where.a.test") == 1; }));
    } while (Clock::now() < end);
    server.stop();
    support::only_new = false;
    CHECK(server.status == 0);
}

}  // namespace allocations_failing_server_test
