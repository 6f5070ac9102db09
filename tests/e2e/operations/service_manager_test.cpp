// SPDX-License-Identifier: Apache-2.0
// What the service manager is told, by the real executable: this test is the service manager.

#include "geo/base/descriptor.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstring>
#include <optional>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace service_manager_test {

using namespace e2e;

namespace {

/// The socket of NOTIFY_SOCKET.
class Manager {
 public:
    explicit Manager(const std::string& path) : path_{path} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(path.size() < sizeof address.sun_path);
        std::memcpy(static_cast<char*>(address.sun_path), path.c_str(), path.size());
        void* const place = &address;
        REQUIRE(::bind(*socket_, static_cast<const sockaddr*>(place), sizeof address) == 0);
    }

    /// The words before a command that is to tell this.
    [[nodiscard]] Command before(const Command& further = {}) const {
        Command words{"env", "NOTIFY_SOCKET=" + path_};
        words.insert(words.end(), further.begin(), further.end());
        return words;
    }

    /// The next message that is there within the time.
    [[nodiscard]] std::optional<std::string> next(std::chrono::milliseconds longest) const {
        pollfd waiting{.fd = *socket_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, static_cast<int>(longest.count())) != 1) return std::nullopt;
        std::array<char, 4096> text{};
        const auto size = ::recv(*socket_, text.data(), text.size(), 0);
        if (size < 0) return std::nullopt;
        return std::string{text.data(), static_cast<std::size_t>(size)};
    }

    /// The next message that holds the text; empty when none comes.
    [[nodiscard]] std::string wait_for(const std::string& text) const {
        while (const auto message = next(patience)) {
            if (message->find(text) != std::string::npos) return *message;
        }
        return {};
    }

    /// How often the server says that it lives, until it has been silent for this time or has said it
    /// so often.
    [[nodiscard]] int beats(std::chrono::milliseconds silence, int most) const {
        int count = 0;
        const auto begin = std::chrono::steady_clock::now();
        while (count < most && std::chrono::steady_clock::now() - begin < patience) {
            const auto message = next(silence);
            if (!message) break;
            count += *message == "WATCHDOG=1" ? 1 : 0;
        }
        return count;
    }

 private:
    std::string path_;
    geo::Descriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A zone with an edge at an address where nobody listens.
std::string dead_zone() {
    return R"({"zone": "a.test", "nameservers": {"ns1": "192.0.2.10"}, "edges": {
        "one": {"addresses": "127.0.0.1", "location": "Berlin, DE",
                "check": {"tcp": 1, "interval": "1s"}},
        "two": {"addresses": "192.0.2.2", "location": "Oslo, NO"}},
        "records": {"@": {"steer": {"nearest": ["one", "two"]}}}})";
}

}  // namespace

TEST_CASE("the service manager is told when the server is ready, reloads and ends") {
    const support::TemporaryFolder folder;
    const Manager manager{folder.path("notify")};
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    ServerProcess server{{zone}, manager.before()};
    CHECK(manager.wait_for("READY=1") == "READY=1\nSTATUS=serves 1 zone");
    CHECK(UdpClient{server.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");

    server.signal(SIGHUP);
    CHECK(manager.wait_for("RELOADING=1").starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(manager.wait_for("READY=1") == "READY=1\nSTATUS=serves 1 zone");

    // What cannot be loaded ends a reload too.
    folder.write("a.json", faulty_zone("one.test"));
    server.signal(SIGHUP);
    CHECK(contains(manager.wait_for("READY=1"), "STATUS=serves 1 zone; alarm=zone_file_faulty"));

    CHECK(server.stop() == 0);
    CHECK(manager.wait_for("STOPPING=1") != "");
}

TEST_CASE("the server is ready after the first round of checks, and says what is down") {
    const support::TemporaryFolder folder;
    const Manager manager{folder.path("notify")};
    const ServerProcess server{{folder.write("a.json", dead_zone())}, manager.before()};
    CHECK(contains(manager.wait_for("READY=1"), "STATUS=serves 1 zone; a.test/one is down"));
}

TEST_CASE("a check that takes for ever does not keep the server from being ready") {
    const support::TemporaryFolder folder;
    const Manager manager{folder.path("notify")};
    auto zone = dead_zone();
    zone.replace(zone.find(R"("tcp": 1)"), 8,
                 R"("command": ["/bin/sleep", "60"], "timeout": "30s")");
    zone.replace(zone.find(R"("1s")"), 4, R"("60s")");
    const ServerProcess server{{folder.write("a.json", zone)}, manager.before()};
    CHECK(contains(manager.wait_for("READY=1"), "STATUS=serves 1 zone"));
}

TEST_CASE("the watchdog hears of a server that answers, and nothing of one that stands still") {
    const support::TemporaryFolder folder;
    const Manager manager{folder.path("notify")};
    const ServerProcess server{{"--workers", "2", folder.write("a.json", plain_zone("one.test"))},
                               manager.before({"WATCHDOG_USEC=2000000"})};
    CHECK(manager.beats(patience, 3) == 3);
    server.signal(SIGSTOP);
    while (manager.next(std::chrono::milliseconds{0})) {
    }
    CHECK(manager.beats(std::chrono::seconds{4}, 1) == 0);
    server.signal(SIGCONT);
    CHECK(manager.beats(patience, 1) == 1);
}

TEST_CASE("without a watchdog nobody is told that the server lives, and nobody is asked") {
    const support::TemporaryFolder folder;
    const Manager manager{folder.path("notify")};
    const auto state = folder.path("state");
    const ServerProcess server{{"--state", state, folder.write("a.json", plain_zone("one.test"))},
                               manager.before()};
    CHECK(manager.wait_for("READY=1") != "");
    CHECK(manager.beats(std::chrono::seconds{3}, 1) == 0);
    CHECK(contains(run(isochrone({"status", "--state", state, "--json"})).output,
                   R"("cookie_none": 0)"));
}

}  // namespace service_manager_test
