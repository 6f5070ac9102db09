// SPDX-License-Identifier: Apache-2.0
// What a machine may do to a server: no room on the disk, no memory, another time of day, addresses
// that go and come back, an end in the middle of a line. docs/reliability.md says what happens then.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <unistd.h>

namespace machine_faults_test {

using namespace e2e;

namespace {

constexpr const char* flapping = "where.health.test";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string text_of(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A zone with two edges, the first of which is preferred, and a server's state folder.
struct Edges {
    Relay first{"127.0.0.1"};
    Relay second{"127.0.0.2"};
    support::TemporaryFolder folder;
    std::string zone = folder.write(
        "health.json", to_text({
                           .edges = {tcp_edge("first", first), tcp_edge("second", second)},
                           .steers = {{"where", failover({"first", "second"})}},
                       }));

    [[nodiscard]] std::string state(const std::string& name) const {
        return folder.path("state/" + name);
    }
    [[nodiscard]] Command arguments() const { return {"--state", folder.path("state"), zone}; }
    [[nodiscard]] Finished command(Command words) const {
        words.insert(words.end(), {"--state", folder.path("state")});
        return run(isochrone(words));
    }
};

bool is_whole(const std::string& state) {
    return state.starts_with("isochrone-state ") && state.ends_with("\nend\n");
}

/// One of the limits of another process, back at its end.
class Limit {
 public:
    Limit(pid_t process, __rlimit_resource which, rlim_t value) : process_{process}, which_{which} {
        REQUIRE(::prlimit(process, which, nullptr, &before_) == 0);
        const rlimit limit{value, before_.rlim_max};
        REQUIRE(::prlimit(process, which, &limit, nullptr) == 0);
    }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
    ~Limit() { ::prlimit(process_, which_, &before_, nullptr); }

 private:
    pid_t process_;
    __rlimit_resource which_;
    rlimit before_{};
};

/// Octets of the address space that a process has.
std::size_t address_space(pid_t process) {
    std::ifstream statm{"/proc/" + std::to_string(process) + "/statm"};
    std::size_t pages = 0;
    statm >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string zone_of_many_names(int count) {
    std::string records;
    for (int i = 0; i < count; ++i) {
        records +=
            (i == 0 ? "\"name" : ",\n\"name") + std::to_string(i) + "\": { \"A\": \"192.0.2.7\" }";
    }
    return R"({ "zone": "one.test", "nameservers": { "ns1": "192.0.2.10" }, "records": {)" +
           records + "} }";
}

}  // namespace

TEST_CASE("a full disk leaves the last state whole and is over once there is room") {
    in_private_machine(2 * patience, [] {
        const Edges edges;
        std::filesystem::create_directory(edges.folder.path("state"));
        if (run({"mount", "-t", "tmpfs", "-o", "size=64k", "none", edges.folder.path("state")})
                .status != 0) {
            MESSAGE("skipped: no file system can be mounted here");
            return;
        }
        ServerProcess server{edges.arguments()};
        CHECK(answer_for(server, flapping) == "127.0.0.1");
        CHECK(eventually([&] { return is_whole(text_of(edges.state("health"))); }));
        const auto before = text_of(edges.state("health"));
        {
            std::ofstream filler{edges.state("filler")};
            filler << std::string(1 << 20, 'x') << std::flush;
            REQUIRE(!filler);
        }
        CHECK(edges.command({"drain", "first"}).status == 0);
        CHECK(contains(server.wait_for("No space left on device"), edges.state("health")));
        CHECK(comes_to(server, flapping, "127.0.0.2"));
        CHECK(text_of(edges.state("health")) == before);

        std::filesystem::remove(edges.state("filler"));
        CHECK(edges.command({"drain", "second"}).status == 0);
        CHECK(eventually(
            [&] { return contains(text_of(edges.state("health")), "drain health.test second"); }));
        CHECK(is_whole(text_of(edges.state("health"))));
        CHECK(server.stop() == 0);
        CHECK(run({"umount", edges.folder.path("state")}).status == 0);
    });
}

TEST_CASE("a reload without descriptors takes nothing out of service") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    {
        const Limit none{server.pid(), RLIMIT_NOFILE, 3};
        folder.write("a.json", plain_zone("one.test", "192.0.2.2"));
        CHECK(contains(server.reload(), "1 zone in service"));
        CHECK(answer_for(server, "one.test") == "192.0.2.1");
    }
    CHECK(comes_to(server, "one.test", "192.0.2.2"));
    CHECK(server.stop() == 0);
}

TEST_CASE("a database that cannot be opened for want of descriptors is read once there are some") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", support::country_database("DE"));
    ServerProcess server{{"--database", path, zone}};
    const auto answer = [&] {
        const auto reply =
            UdpClient{server.endpoint()}.ask({.name = "where.one.test", .subnet = "81.2.69.0/24"});
        return reply.data().empty() ? reply.rcode : reply.data().front();
    };
    {
        const Limit none{server.pid(), RLIMIT_NOFILE, 3};
        folder.write("countries.mmdb", support::country_database("IN"));
        CHECK(contains(server.wait_for("not reloaded"), "1 zone in service"));
        CHECK(answer() == "192.0.2.1");
    }
    CHECK(eventually([&] { return answer() == "192.0.2.2"; }));
    CHECK(server.stop() == 0);
}

TEST_CASE("a reload without memory takes nothing out of service") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    MESSAGE("skipped: the sanitizer ends the process when it gets no memory");
    return;
#endif
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    {
        // So small that the load takes no time to speak of: a busy machine has little for it.
        constexpr std::size_t room = 1 << 20;
        const Limit little{server.pid(), RLIMIT_AS, address_space(server.pid()) + room};
        folder.write("a.json", zone_of_many_names(20'000));
        server.signal(SIGHUP);
        CHECK(contains(server.wait_for("not reloaded"), "1 zone in service"));
        CHECK(answer_for(server, "one.test") == "192.0.2.1");
        CHECK(TcpClient{server.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
    }
    CHECK(comes_to(server, "name19999.one.test", "192.0.2.7"));
    CHECK(server.stop() == 0);
}

TEST_CASE("a clock that jumps by a year changes no state of an edge and stops no check") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    MESSAGE("skipped: the sanitizer has to be the first library, as the false clock has");
    return;
#endif
    const auto found = run({"sh", "-c", "echo /usr/lib/*/faketime/libfaketime.so.1"}).output;
    const auto library = found.substr(0, found.find_last_not_of('\n') + 1);
    REQUIRE(std::filesystem::exists(library));
    Edges edges;
    const auto clock = edges.folder.write("clock", "+0");
    const Command with_clock{"env", "LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + clock,
                             "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
    edges.first.die();
    std::string jump;
    SUBCASE("ahead") {
        jump = "+365d";
    }
    SUBCASE("back") {
        jump = "-365d";
    }
    {
        ServerProcess server{edges.arguments(), with_clock};
        CHECK(comes_to(server, flapping, "127.0.0.2"));
        std::filesystem::rename(edges.folder.write("clock.new", jump), clock);
        // A line of the log with the other year: the jump has been seen.
        CHECK(edges.command({"drain", "second", "--for", "1h"}).status == 0);
        CHECK_NOTHROW(server.wait_for(jump == "+365d" ? "2027-" : "2025-"));
        CHECK(edge_fact(server, "first", "state") == "down");
        CHECK(edge_fact(server, "second", "state") == "up");
        edges.first.listen();
        CHECK(comes_to(server, flapping, "127.0.0.1"));
        edges.first.die();
        CHECK(eventually([&] {
            const auto state = text_of(edges.state("health"));
            return contains(state, "drain health.test second") && contains(state, "target down ") &&
                   edge_fact(server, "first", "state") == "down";
        }));
        server.signal(SIGKILL);
        server.wait_for_end();
    }
    // The same boot: the time of day does not matter to what was saved.
    const ServerProcess again{edges.arguments()};
    CHECK(edge_fact(again, "first", "state") == "down");
    CHECK(edge_fact(again, "second", "out") == "drained");
}

TEST_CASE("an address that goes away and comes back is answered from again") {
    in_private_network({}, [] {
        const support::TemporaryFolder folder;
        const auto zone = folder.write("a.json", plain_zone("one.test"));
        const auto add = [] {
            REQUIRE(run({"ip", "tuntap", "add", "dev", "edge0", "mode", "tun"}).status == 0);
            REQUIRE(run({"ip", "address", "add", "10.9.0.1/24", "dev", "edge0"}).status == 0);
            REQUIRE(run({"ip", "link", "set", "edge0", "up"}).status == 0);
        };
        add();
        ServerProcess server{{"--listen", "10.9.0.1:53", "--listen", "127.0.0.1:53", zone}};
        const auto [outside, inside] = std::pair{server.endpoints()[0], server.endpoints()[1]};
        const Query query{.name = "one.test"};
        CHECK(UdpClient{outside}.ask(query).rcode == "NOERROR");
        for (int round = 0; round < 3; ++round) {
            REQUIRE(run({"ip", "link", "delete", "edge0"}).status == 0);
            CHECK(UdpClient{inside}.ask(query).rcode == "NOERROR");
            add();
            CHECK(UdpClient{outside}.ask(query).rcode == "NOERROR");
            CHECK(TcpClient{outside}.ask(query).rcode == "NOERROR");
        }
        CHECK(server.stop() == 0);
    });
}

TEST_CASE("a sudden end while states are written leaves a file that is whole") {
    const Edges edges;
    for (int round = 0; round < 12; ++round) {
        ServerProcess server{edges.arguments()};
        CHECK(!server.has_said("health:"));  // what was found could be read
        CHECK(edges.command({round % 2 == 0 ? "drain" : "undrain", "first"}).status == 0);
        // 0.3 s after a change it is written: ends fall before, into and behind that.
        std::this_thread::sleep_for(std::chrono::milliseconds{270 + 5 * round});
        server.signal(SIGKILL);
        server.wait_for_end();
        if (std::filesystem::exists(edges.state("health")))
            CHECK(is_whole(text_of(edges.state("health"))));
    }
}

}  // namespace machine_faults_test
