// SPDX-License-Identifier: Apache-2.0
// What dig sees at _probes and _why, and who may see it.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

namespace dashboard_test {

using namespace e2e;

namespace {

constexpr const char* probes = "_probes.health.test";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// So many edges that live, from 127.0.1.1 on, and all of them at "all".
struct Edges {
    std::deque<Relay> relays;
    HealthZone zone;

    explicit Edges(int count) {
        std::string all;
        for (int i = 1; i <= count; ++i) {
            const auto name = "newyork-" + std::to_string(i);
            relays.emplace_back("127.0.1." + std::to_string(i),
                                probes_test::answer(http_answer("200 OK", "")));
            zone.edges.push_back(edge_of(
                name, relays.back(),
                "\"check\": " +
                    check_of("http", relays.back(), R"("path": "/identity", "interval": "5s")")));
            all += (all.empty() ? "\"" : ", \"") + name + "\"";
        }
        zone.steers = {{"all", "{ \"all\": [" + all + "] }"}};
    }
};

/// A British and an Indian edge, of which the first can die, and one for everybody else.
struct Served {
    Relay frankfurt{"127.0.0.1"};
    Relay singapore{"127.0.0.2"};
    support::TemporaryFolder folder;
    std::string zone = folder.write(
        "a.json", to_text({.edges = {edge_of("frankfurt", frankfurt,
                                             R"("location": "Frankfurt, DE", "check": )" +
                                                 check_of("tcp", frankfurt)),
                                     edge_of("singapore", singapore,
                                             R"("location": "Singapore", "check": )" +
                                                 check_of("tcp", singapore))},
                           .steers = {{"where", R"({ "nearest": ["singapore", "frankfurt"] })"}}}));
};

/// A reply without the question's name, which stands behind the header.
Octets nameless(std::optional<Octets> reply, const Query& query) {
    REQUIRE(reply);
    const auto name = reply->begin() + 12;
    reply->erase(name, name + static_cast<std::ptrdiff_t>(query.name.size() + 2));
    return *reply;
}

Octets over_udp(const ServerProcess& server, const Query& query) {
    const UdpClient client{server.endpoint()};
    client.send(to_octets(query));
    return nameless(client.receive(), query);
}

Octets over_tcp(const ServerProcess& server, const Query& query) {
    const TcpClient client{server.endpoint()};
    client.send(framed(to_octets(query)));
    return nameless(client.receive(), query);
}

}  // namespace

TEST_CASE("the lines of six edges fit into one datagram") {
    Edges edges{6};
    edges.relays[2].die();
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {"--state", folder.path("state"), folder.write("a.json", to_text(edges.zone))}};
    REQUIRE(run(isochrone({"drain", "newyork-5", "--for", "2h", "--state", folder.path("state")}))
                .status == 0);
    const UdpClient client{server.endpoint()};
    for (int i = 0; i < 60; ++i) CHECK(client.ask({.name = "all.health.test"}).data().size() == 4);
    client.send(to_octets({.name = probes, .type = "TXT", .edns = true}));
    const auto octets = client.receive();
    REQUIRE(octets);
    MESSAGE("six edges take " << octets->size() << " octets");
    CHECK(octets->size() <= 1232);
    const auto reply = read_reply(*octets);
    CHECK(!reply.truncated);
    CHECK(reply.data().size() == 6);
    CHECK(fact(reply.data()[0], "share") != "");
}

TEST_CASE("the lines of thirty edges come over TCP in the order of the zone") {
    const Edges edges{30};
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", to_text(edges.zone))}};
    CHECK(
        UdpClient{server.endpoint()}.ask({.name = probes, .type = "TXT", .edns = true}).truncated);
    const auto lines = lines_of(dig_short(server.endpoint(), {probes, "TXT"}));
    REQUIRE(lines.size() == 30);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK(contains(lines[i], "edge=newyork-" + std::to_string(i + 1) + " state=up "));
        CHECK(lines[i].size() <= 255 + 2);
    }
}

TEST_CASE("the lines of edges are not to be kept, and their names exist as DNS wants it") {
    const Edges edges{2};
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", to_text(edges.zone))}};
    for (const auto& name : {std::string{probes}, "newyork-1." + std::string{probes},
                             std::string{"_why.all.health.test"}}) {
        CAPTURE(name);
        const auto lines = dig_answer(server.endpoint(), {name, "TXT", "+tcp"});
        REQUIRE(!lines.empty());
        for (const auto& line : lines) CHECK(ttl_of(line) == 0);
        const auto address = UdpClient{server.endpoint()}.ask({.name = name, .type = "A"});
        CHECK(address.rcode == "NOERROR");
        CHECK(address.answer.empty());
        CHECK(address.authority.size() == 1);
    }
    const UdpClient client{server.endpoint()};
    CHECK(client.ask({.name = "newyork-9._probes.health.test", .type = "TXT"}).rcode == "NXDOMAIN");
    CHECK(client.ask({.name = "_probes.elsewhere.test", .type = "TXT"}).rcode == "REFUSED");
}

TEST_CASE("strangers get for observed names what they get for a name that does not exist") {
    const Served served;
    const auto config = served.folder.write(
        "config.json", R"({ "listen": "127.0.0.1:0", "allow": { "dashboard": "192.0.2.0/24" } })");
    const ServerProcess server{{"--config", config, served.zone}};
    const struct {
        std::string observed;
        std::string missing;
    } rows[] = {
        {"_probes.health.test", "_proves.health.test"},
        {"frankfurt._probes.health.test", "frankfurt._proves.health.test"},
        {"_why.where.health.test", "_who.where.health.test"},
        {"_why.health.test", "_who.health.test"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.observed);
        CHECK(contains(run(dig(server.endpoint(), {row.observed, "TXT"})).output,
                       "status: NXDOMAIN"));
        for (const std::string type : {"TXT", "A", "NS", "ANY"}) {
            for (const std::string subnet : {"", "81.2.69.0/24"}) {
                CAPTURE(type);
                CAPTURE(subnet);
                const Query observed{.name = row.observed, .type = type, .subnet = subnet};
                const Query missing{.name = row.missing, .type = type, .subnet = subnet};
                CHECK(over_udp(server, observed) == over_udp(server, missing));
                CHECK(over_tcp(server, observed) == over_tcp(server, missing));
            }
        }
    }
}

TEST_CASE("observed names resolve through a resolver that minimises names, if it may see them") {
    const Served served;
    const auto at = free_endpoint("127.7.4.1");
    const struct {
        std::string name;
        std::string observers;
        bool shown;
    } rows[] = {
        {"allowed", "127.0.0.0/8", true},
        {"stranger", "192.0.2.0/24", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto config = served.folder.write(
            "config.json",
            R"({ "listen": "127.0.0.1:0", "allow": { "dashboard": ")" + row.observers + "\" } }");
        const ServerProcess server{{"--config", config, served.zone}};
        const auto unbound = served.folder.write(
            "unbound.conf",
            "server:\n  interface: " + at.address + "@" + std::to_string(at.port) +
                "\n  username: \"\"\n  chroot: \"\"\n  directory: \"" + served.folder.path("") +
                "\"\n  pidfile: \"\"\n  use-syslog: no\n  logfile: \"\"\n  do-daemonize: no\n"
                "  num-threads: 1\n  module-config: \"iterator\"\n  do-not-query-localhost: no\n"
                "  local-zone: \"test.\" nodefault\n"
                "  verbosity: 1\n  qname-minimisation: yes\n  qname-minimisation-strict: yes\n"
                "remote-control:\n  control-enable: no\n"
                "stub-zone:\n  name: \"health.test\"\n  stub-addr: 127.0.0.1@" +
                std::to_string(server.endpoint().port) + "\n");
        Process resolver{{"unbound", "-d", "-p", "-c", unbound}};
        resolver.wait_for("start of service");
        for (const std::string name :
             {"frankfurt._probes.health.test", "_probes.health.test", "_why.where.health.test"}) {
            CAPTURE(name);
            const auto shown = run(dig(at, {"+recurse", name, "TXT"})).output;
            CAPTURE(shown);
            CHECK(contains(shown, row.shown ? "status: NOERROR" : "status: NXDOMAIN"));
            CHECK(contains(shown, "edge=frankfurt") == row.shown);
            CHECK(contains(shown, "since=") == (row.shown && name.ends_with(probes)));
        }
    }
}

TEST_CASE("_why tells the edge that is answered, and what has removed another one") {
    Served served;
    const ServerProcess server{{served.zone}};
    const auto check = [&](const std::string& subnet, const std::string& edge,
                           const std::string& address) {
        CAPTURE(subnet);
        const auto asked = std::string{"+subnet="} + subnet;
        CHECK(dig_short(server.endpoint(), {"where.health.test", asked}) == address + "\n");
        const auto why =
            dig_short(server.endpoint(), {"_why.where.health.test", "TXT", asked, "+tcp"});
        CAPTURE(why);
        CHECK(contains(why, "\"chosen=" + edge + "\""));
        CHECK(contains(why, "subject=" + subnet + " (client subnet, sent by 127.0.0.1)"));
        CHECK(contains(why, address));
        CHECK(contains(why, "\"generation="));
        return why;
    };
    const auto before = check("81.2.69.0/24", "frankfurt", "127.0.0.1");
    CHECK(!contains(before, "out of the answers"));
    check("49.36.0.0/24", "singapore", "127.0.0.2");
    served.frankfurt.die();
    CHECK(eventually([&] { return edge_fact(server, "frankfurt", "out") == "down"; }));
    const auto after = check("81.2.69.0/24", "singapore", "127.0.0.2");
    CHECK(contains(after, "down, out of the answers: its check fails"));
}

TEST_CASE("reasons and answers come all when they are asked for in one piece over TCP") {
    const Served served;
    const ServerProcess server{{"--workers", "2", served.zone}};
    Octets octets;
    std::set<std::uint16_t> wanted;
    for (std::uint16_t id = 1; id <= 60; ++id) {
        Query query{.name = "where.health.test", .id = id};
        if (id % 3 == 1) query = {.name = probes, .type = "TXT", .id = id};
        if (id % 3 == 2) {
            query = {.name = "_why.where.health.test",
                     .type = "TXT",
                     .id = id,
                     .subnet = "81.2.69.0/24"};
        }
        const auto framed_query = framed(to_octets(query));
        octets.insert(octets.end(), framed_query.begin(), framed_query.end());
        wanted.insert(id);
    }
    const TcpClient client{server.endpoint()};
    client.send(octets);
    std::set<std::uint16_t> got;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto reply = client.receive();
        REQUIRE(reply);
        const auto read = read_reply(*reply);
        CHECK(read.rcode == "NOERROR");
        const auto data = read.data();
        REQUIRE(!data.empty());
        const std::string expected[] = {"127.0.0.2", "\"edge=frankfurt",
                                        "\"name=where.health.test"};
        CAPTURE(data.front());
        CHECK((data.front().starts_with(expected[read.id % 3]) || read.id % 3 == 0));
        got.insert(read.id);
    }
    CHECK(got == wanted);
}

TEST_CASE("an edge's own page has what was seen of it last, newest first") {
    Served served;
    const ServerProcess server{{served.zone}};
    const std::string name = "frankfurt._probes.health.test";
    const auto attempts = [&] {
        auto lines = observed(server, name);
        std::erase_if(lines, [](const std::string& line) { return !line.starts_with("ago="); });
        return lines;
    };
    CHECK(eventually([&] { return attempts().size() == 10; }));
    served.frankfurt.die();
    CHECK(eventually([&] { return edge_fact(server, "frankfurt", "out") == "down"; }));
    CHECK(eventually([&] { return fact(attempts()[2], "result") == "fail"; }));
    const auto lines = observed(server, name);
    CHECK(fact(lines[0], "edge") == "frankfurt");
    CHECK(fact(lines[1], "addresses") == "127.0.0.1");
    CHECK(fact(lines[2], "check") == "tcp:127.0.0.1:" + std::to_string(served.frankfurt.port()));
    CHECK(fact(lines[2], "fall") == "2");
    CHECK(attempts().size() == 10);
}

}  // namespace dashboard_test
