// SPDX-License-Identifier: Apache-2.0
// What real clients get: dig and kdig, over both protocols and families.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace e2e;

TEST_CASE("dig gets the nearest edge for a client subnet over UDP and TCP and over both families") {
    const ServerProcess server{{"--listen", "127.0.0.1:0", "--listen", "[::1]:0", example_zone}};
    const struct {
        std::string name;
        std::string subnet;
        std::string type;
        std::string edge;
    } rows[] = {
        {"Europe", "81.2.69.0/24", "A", "203.0.113.30\n"},
        {"India", "49.36.0.0/16", "A", "198.51.100.20\n"},
        {"United States over IPv6", "2600:1700::/32", "AAAA", "2001:db8:1::10\n"},
        {"Germany over IPv6", "2003::/19", "A", "203.0.113.30\n"},
        {"no subnet: no place is known", "0.0.0.0/0", "A", "192.0.2.10\n"},
    };
    REQUIRE(server.endpoints().size() == 2);
    for (const auto& endpoint : server.endpoints()) {
        for (const std::string protocol : {"+notcp", "+tcp"}) {
            for (const auto& row : rows) {
                CAPTURE(row.name);
                CAPTURE(endpoint.address);
                CAPTURE(protocol);
                CHECK(dig_short(endpoint, {protocol, "plex.example.com", row.type,
                                           std::string{"+subnet="} + row.subnet}) == row.edge);
            }
        }
    }
}

TEST_CASE("dig shows the client subnet with its scope and the flags of an authoritative answer") {
    const ServerProcess server{{example_zone}};
    const auto shown =
        run(dig(server.endpoint(), {"plex.example.com", "A", "+subnet=81.2.69.0/24"}));
    CHECK(shown.status == 0);
    CHECK(shown.output.find("status: NOERROR") != std::string::npos);
    CHECK(shown.output.find("flags: qr aa;") != std::string::npos);
    CHECK(shown.output.find("; CLIENT-SUBNET: 81.2.69.0/24/") != std::string::npos);
    CHECK(shown.output.find("WARNING") == std::string::npos);
    CHECK(shown.output.find("malformed") == std::string::npos);
}

TEST_CASE("dig falls back to TCP for an answer that does not fit into UDP") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    const auto shown = run(dig(server.endpoint(), {"large.one.test", "TXT"}));
    CHECK(shown.output.find("Truncated, retrying in TCP mode") != std::string::npos);
    CHECK(shown.output.find("ANSWER: 100,") != std::string::npos);
}

TEST_CASE("kdig asks many questions over one TCP connection and gets all answers") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    Command command{"kdig",    "@127.0.0.1", "-p",     std::to_string(server.endpoint().port),
                    "+tcp",    "+keepopen",  "+short", "+time=20",
                    "+retry=0"};
    for (int i = 0; i < 20; ++i) command.insert(command.end(), {"-q", "one.test", "-t", "A"});
    const auto finished = run(command);
    CHECK(finished.status == 0);
    CHECK(std::ranges::count(finished.output, '\n') == 20);
    CHECK(finished.errors.empty());
    CHECK(finished.output.find("192.0.2.1\n192.0.2.1\n") == 0);
}

TEST_CASE("a TCP client that asks for it is told the idle time and a UDP client is not") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    const auto by_tcp = run(dig(server.endpoint(), {"+tcp", "+keepalive", "one.test"}));
    CHECK(by_tcp.output.find("; TCP KEEPALIVE: 10.0 secs") != std::string::npos);

    const Query query{.name = "one.test", .keepalive = true};
    CHECK(TcpClient{server.endpoint()}.ask(query).keepalive == 100);
    const auto by_udp = UdpClient{server.endpoint()}.ask(query);
    CHECK(by_udp.rcode == "NOERROR");
    CHECK(!by_udp.keepalive);
}

TEST_CASE("the case of the question comes back as it was asked") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    for (const std::string name :
         {"oNe.TeSt", "aLiAs.OnE.tEsT", "A.wIlD.one.TEST", "nOnE.one.test"}) {
        CAPTURE(name);
        const auto reply = UdpClient{server.endpoint()}.ask({.name = name});
        CHECK(reply.question == std::string{name} + ".");
        CHECK(reply.authoritative);
    }
}

TEST_CASE("answers of all kinds are read by ldns as they were meant") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    const UdpClient client{server.endpoint()};

    CHECK(client.ask({.name = "one.test"}).answer ==
          std::vector<std::string>{"one.test. A 192.0.2.1"});
    CHECK(client.ask({.name = "alias.one.test"}).data() ==
          std::vector<std::string>{"one.test.", "192.0.2.1"});
    CHECK(client.ask({.name = "any.thing.wild.one.test"}).answer ==
          std::vector<std::string>{"any.thing.wild.one.test. A 192.0.2.77"});

    const auto none = client.ask({.name = "none.one.test"});
    CHECK(none.rcode == "NXDOMAIN");
    CHECK(none.authority.size() == 1);
    const auto empty = client.ask({.name = "wild.one.test"});
    CHECK(empty.rcode == "NOERROR");
    CHECK(empty.answer.empty());
    CHECK(client.ask({.name = "elsewhere.test"}).rcode == "REFUSED");

    const auto large = client.ask({.name = "large.one.test", .type = "TXT", .edns = true});
    CHECK(large.truncated);
    CHECK(
        TcpClient{server.endpoint()}.ask({.name = "large.one.test", .type = "TXT"}).answer.size() ==
        100);
}

TEST_CASE(
    "two servers with the same files answer each subnet octet for octet alike (RFC 7871 "
    "section 7.2.1)") {
    const ServerProcess one{{"--workers", "1", example_zone}};
    const ServerProcess other{{"--workers", "3", example_zone}};
    const TcpClient of_one{one.endpoint()};
    const TcpClient of_other{other.endpoint()};
    support::Generator generator{7871};
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const auto family = i % 2 == 0 ? geo::Family::V4 : geo::Family::V6;
        const auto subnet = support::random_prefix(generator, family, 8, geo::width(family) / 2);
        const auto name = i % 3 == 0 ? "geo.plex.example.com." : "plex.example.com.";
        const auto query = framed(to_octets({.name = name, .subnet = geo::to_text(subnet)}));
        of_one.send(query);
        of_other.send(query);
        const auto answer = of_one.receive();
        REQUIRE(answer);
        REQUIRE(answer == of_other.receive());
        seen.insert(read_reply(*answer).data().front());
    }
    CHECK(seen.size() == 3);  // edges
}
