// SPDX-License-Identifier: Apache-2.0
// Edges that die, come back, or answer badly, under a running server.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>

namespace health_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";
constexpr const char* up = "127.0.0.1";    // of the edge that is preferred
constexpr const char* next = "127.0.0.2";  // of the one behind it

/// A first attempt that a busy machine delays takes an edge out at once: this one has time.
constexpr const char* patient = R"("interval": "3s", "timeout": "3s", "rise": 1, "fall": 2)";

/// "first" has these keys, "second" behind it a TCP check that passes.
std::string two_edges(const Relay& first, const Relay& second, const std::string& keys) {
    const auto check = "\"check\": " + check_of("tcp", second, patient);
    return to_text({.edges = {edge_of("first", first, keys), edge_of("second", second, check)},
                    .steers = {{"where", failover({"first", "second"})}}});
}

std::string dig_address(const ServerProcess& server) {
    return dig_short(server.endpoint(), {name});
}

/// Asks from before the server is there until it answers. All from one port: of many one would be
/// the server's own by chance, while that is free.
Reply first_answer(const Endpoint& server) {
    const UdpClient client{server};
    for (const auto begin = std::chrono::steady_clock::now();
         std::chrono::steady_clock::now() - begin < patience;) {
        try {
            client.send(to_octets({.name = name}));
            if (const auto reply = client.receive(std::chrono::milliseconds{500})) {
                return read_reply(*reply);
            }
        } catch (const std::system_error&) {  // refused: its port is not open yet
        }
    }
    throw std::runtime_error{"never answered"};
}

}  // namespace

TEST_CASE("an edge that is dead at start is in no answer, not even one that waited for the start") {
    Relay first{up};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const auto at = free_endpoint("127.7.3.1");
    std::string keys;
    SUBCASE("refused") {
        first.die();
        keys = "\"check\": " + check_of("tcp", first, "");
    }
    SUBCASE("silent, so that the first round takes a while") {
        first.behave(hang());
        keys = "\"check\": " + check_of("http", first, R"("interval": "10s", "timeout": "700ms")");
    }
    const auto zone = folder.write("a.json", two_edges(first, second, keys));
    Process server{
        isochrone({"serve", "--listen", to_text(at), "--state", folder.path("state"), zone})};
    CHECK(first_answer(at).data() == std::vector<std::string>{next});
    CHECK(dig_short(at, {name}) == std::string{next} + "\n");
    server.wait_for(" serves ");
}

TEST_CASE(
    "a check that takes longer than the first round holds the start up for a few seconds only") {
    const Relay first{up, hang()};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const auto keys =
        "\"check\": " + check_of("http", first, R"("interval": "1m", "timeout": "1m")");
    const auto begin = std::chrono::steady_clock::now();
    const ServerProcess server{{folder.write("a.json", two_edges(first, second, keys))}};
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{50});  // not a minute
    CHECK(dig_address(server) == std::string{up} + "\n");  // unknown is not down
    CHECK(edge_fact(server, "first", "state") == "unknown");
    CHECK(edge_fact(server, "first", "last") == "never");
}

TEST_CASE("an edge that dies goes out of the answers and comes back when it listens again") {
    Relay first{up};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {folder.write("a.json", two_edges(first, second, "\"check\": " + check_of("tcp", first)))}};
    CHECK(dig_address(server) == std::string{up} + "\n");
    first.die();
    CHECK(comes_to(server, name, next));
    CHECK(dig_address(server) == std::string{next} + "\n");
    CHECK(edge_fact(server, "first", "out") == "down");
    CHECK(edge_fact(server, "first", "said") == "connection_refused");
    first.listen();
    CHECK(comes_to(server, name, up));
    CHECK(dig_address(server) == std::string{up} + "\n");
    CHECK(server.has_said("first is not answered: it is down"));
    CHECK(server.has_said("first is answered again"));
}

TEST_CASE(
    "as many failures in a row take an edge out, and passes bring it back, as the zone says") {
    Relay first{up};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const auto keys = "\"check\": " + check_of("tcp", first,
                                               R"("interval": "200ms", "timeout": "200ms",
                                                  "jitter": 0, "rise": 4, "fall": 5)");
    const ServerProcess server{{folder.write("a.json", two_edges(first, second, keys))}};
    // So many attempts lie so many intervals apart, whatever else the machine does.
    const auto begin = std::chrono::steady_clock::now();
    first.die();
    CHECK(comes_to(server, name, next));
    const auto down = std::chrono::steady_clock::now();
    CHECK(down - begin > std::chrono::milliseconds{4 * 200 - 100});
    first.listen();
    CHECK(comes_to(server, name, up));
    CHECK(std::chrono::steady_clock::now() - down > std::chrono::milliseconds{3 * 200 - 100});
}

TEST_CASE("an edge that answers badly is down, and the dashboard says in what way") {
    const struct {
        std::string name;
        Relay::Script script;
        std::string said;
    } rows[] = {
        {"503", probes_test::answer(http_answer("503 Service Unavailable", "Healthy")), "HTTP_503"},
        {"wrong body", probes_test::answer(http_answer("200 OK", "Degraded")),
         "HTTP_200,_but_the_text_is_not_in_its_first_5_KiB"},
        {"half a head", probes_test::answer("HTTP/1.1 2"), "closed_in_the_middle_of_an_answer"},
        {"half a body", probes_test::answer("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHeal"),
         "HTTP_200,_but_its_body_is_cut_short"},
        {"no HTTP", probes_test::answer("SSH-2.0-OpenSSH_9.2\r\n"), "the_answer_is_not_HTTP"},
        {"closed", probes_test::answer(""), "closed_before_an_answer"},
        {"silent", hang(), "no_answer_within_1_s"},
    };
    Relay first{up, probes_test::answer(http_answer("200 OK", "Healthy"))};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const auto keys =
        "\"check\": " +
        check_of("http", first, R"("path": "/health", "body": "Healthy", )" + std::string{quick});
    const ServerProcess server{{folder.write("a.json", two_edges(first, second, keys))}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(comes_to(server, name, up));
        first.behave(row.script);
        CHECK(comes_to(server, name, next));
        CHECK(dig_address(server) == std::string{next} + "\n");
        const auto lines = observed(server, "first._probes.health.test");
        CHECK(fact(line_with(lines, "result=fail"), "said").starts_with(row.said));
        CHECK(edge_fact(server, "first", "last") == "fail");
        first.behave(probes_test::answer(http_answer("200 OK", "Healthy")));
    }
}

TEST_CASE("a program and a file of somebody else decide as a listener does") {
    const Relay first{up};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const auto state = folder.write("relay", "up\n");
    std::string check;
    SUBCASE("a command gets the address and decides by its exit status") {
        check = R"({ "command": ["/bin/sh", "-c", "test \"$1\" = 127.0.0.1 && grep -qx up )" +
                state + R"(", "sh", "{address}"], "interval": "1s", "rise": 1, "fall": 2,
                "damping": false })";
    }
    SUBCASE("a file decides by its first word") {
        check = R"({ "file": ")" + state + R"(", "interval": "1s", "damping": false })";
    }
    const ServerProcess server{
        {folder.write("a.json", two_edges(first, second, "\"check\": " + check))}};
    CHECK(dig_address(server) == std::string{up} + "\n");
    folder.write("relay", "down for an upgrade\n");
    CHECK(comes_to(server, name, next));
    CHECK(edge_fact(server, "first", "out") == "down");
    folder.write("relay", "up\n");
    CHECK(comes_to(server, name, up));
}

TEST_CASE("a check that cannot be made leaves its edge unknown and in the answers") {
    const Relay first{up};
    const Relay second{next};
    const support::TemporaryFolder folder;
    const std::string quickly = R"("interval": "200ms", "damping": false })";
    std::string check;
    SUBCASE("no such program") {
        check = R"({ "command": "/no/such/program", )" + quickly;
    }
    SUBCASE("no such file") {
        check = R"({ "file": ")" + folder.path("missing") + R"(", )" + quickly;
    }
    const ServerProcess server{
        {folder.write("a.json", two_edges(first, second, "\"check\": " + check))}};
    CHECK(dig_address(server) == std::string{up} + "\n");
    CHECK(eventually([&] { return observed(server, "first._probes.health.test").size() > 5; }));
    CHECK(answer_for(server, name) == up);
    CHECK(edge_fact(server, "first", "state") == "unknown");
    CHECK(edge_fact(server, "first", "last") == "no_word");
    CHECK(edge_fact(server, "first", "out") == "");
}

TEST_CASE("when all edges are down the zone's choice is answered, and no error ever") {
    Relay first{up};
    Relay second{next};
    const support::TemporaryFolder folder;
    std::string wish;
    std::string answer = std::string{up} + "\n";
    SUBCASE("as if all were up, when it makes none") {}
    SUBCASE("no address") {
        wish = R"("all_down": "nodata", )";
        answer = "";
    }
    SUBCASE("a last resort") {
        wish = R"("all_down": { "last_resort": "backup" }, )";
        answer = "192.0.2.99\n";
    }
    HealthZone zone{.edges = {tcp_edge("first", first), tcp_edge("second", second)},
                    .steers = {{"where", failover({"first", "second"})}},
                    .keys = wish};
    if (wish.find("backup") != std::string::npos) {
        zone.edges.emplace_back(R"("backup": { "addresses": "192.0.2.99" })");
    }
    ServerProcess server{{folder.write("a.json", to_text(zone))}};
    CHECK(dig_address(server) == std::string{up} + "\n");
    first.die();
    CHECK(comes_to(server, name, next));
    second.die();
    if (wish.empty()) {
        CHECK_NOTHROW(server.wait_for("no edge is left"));
    } else {
        CHECK(eventually([&] { return dig_address(server) == answer; }));
    }
    CHECK(dig_address(server) == answer);
    const auto reply = UdpClient{server.endpoint()}.ask({.name = name});
    CHECK(reply.rcode == "NOERROR");
    CHECK(reply.authority.size() == (answer.empty() ? 1 : 0));
    if (answer.empty()) {
        // RFC 2308: the lesser of this TTL and the SOA's last field is how long it is believed.
        const auto shown = run(dig(server.endpoint(), {name, "+noall", "+authority"})).output;
        CHECK(shown.starts_with("health.test.\t\t5\tIN\tSOA\t"));
    }
    second.listen();
    CHECK(comes_to(server, name, next));
}

TEST_CASE("equal checks of one target are one, however many zones, names and edges have them") {
    const Relay relay{up};
    const support::TemporaryFolder folder;
    for (const std::string apex : {"one.test", "two.test"}) {
        const auto check =
            "\"check\": " +
            check_of("tcp", relay, R"("address": "127.0.0.1", "interval": "500ms", "jitter": 0)");
        HealthZone zone{.apex = apex, .edges = {}, .steers = {}};
        for (const std::string edge : {"first", "second"}) {
            zone.edges.push_back(edge_of(edge, relay, check));
            zone.steers.emplace(edge, "\"" + edge + "\"");
        }
        folder.write(apex + ".json", to_text(zone));
    }
    const ServerProcess server{{folder.path("")}};
    const auto reaches = [&](unsigned count) {
        return eventually([&] { return relay.accepted() >= count; });
    };
    CHECK(reaches(3));  // the first interval is of any length
    const auto before = relay.accepted();
    const auto begin = std::chrono::steady_clock::now();
    CHECK(reaches(before + 10));
    // 9 to 10 intervals, less those that a busy relay has let wait before. Two checks would make it in
    // half of that.
    const auto taken = std::chrono::steady_clock::now() - begin;
    CHECK(taken > std::chrono::milliseconds{3000});
    CHECK(answer_for(server, "first.one.test") == up);
}

}  // namespace health_test
