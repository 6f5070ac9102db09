// SPDX-License-Identifier: Apache-2.0
// Which addresses are served, and what is said when one cannot be had.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listen_test {

using namespace e2e;

namespace {

/// What a server says that cannot have its address. Its status must be 1.
std::string refused_start(const std::string& listen, const std::string& zone) {
    const auto finished = run(isochrone({"serve", "--listen", listen, zone}));
    CHECK(finished.status == 1);
    return finished.errors;
}

std::string said(const char* program, pid_t pid) {
    return std::string{program} + " (pid " + std::to_string(pid) + ")";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The next IPv4 packet with UDP from this port that a raw socket has got; empty when it has none.
Octets packet_from(int raw, std::uint16_t port) {
    constexpr std::size_t ip_header = 20;
    Octets packet(2048);
    for (;;) {
        const auto size = ::recv(raw, packet.data(), packet.size(), MSG_DONTWAIT);
        if (size < 0) return {};
        if ((packet[ip_header] << 8 | packet[ip_header + 1]) != port) continue;
        packet.resize(static_cast<std::size_t>(size));
        return packet;
    }
}

/// What "long" and the observed names of "one.test" say takes more than 200 octets.
constexpr const char* zone_of_long_answers = R"({
    "zone": "one.test",
    "nameservers": { "ns1": ["192.0.2.10"] },
    "edges": {
        "frankfurt": { "addresses": ["192.0.2.1"] }, "singapore": { "addresses": ["192.0.2.2"] },
        "new-york": { "addresses": ["192.0.2.3"] }, "sydney": { "addresses": ["192.0.2.4"] },
        "mumbai": { "addresses": ["192.0.2.5"] }, "cape-town": { "addresses": ["192.0.2.6"] }
    },
    "records": {
        "where": {
            "steer": {
                "all": ["frankfurt", "singapore", "new-york", "sydney", "mumbai", "cape-town"]
            }
        },
        "long": {
            "TXT": [
                "A long text of more than a hundred octets, of which there are some in the answer: the first of these.",
                "A long text of more than a hundred octets, of which there are some in the answer: the second of these.",
                "A long text of more than a hundred octets, of which there are some in the answer: the third of these."
            ]
        }
    }
}
)";

}  // namespace

TEST_CASE("each of several addresses is answered over UDP and TCP") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{"--listen", "127.0.0.1:0", "--listen", "127.0.0.2:0", "--listen",
                                "[::1]:0", folder.write("a.json", plain_zone("one.test"))}};
    REQUIRE(server.endpoints().size() == 3);
    CHECK(server.endpoints()[1].address == "127.0.0.2");
    CHECK(server.endpoints()[2].address == "::1");
    for (const auto& endpoint : server.endpoints()) {
        CAPTURE(endpoint.address);
        CHECK(UdpClient{endpoint}.ask({.name = "one.test"}).rcode == "NOERROR");
        CHECK(TcpClient{endpoint}.ask({.name = "one.test"}).rcode == "NOERROR");
    }
}

TEST_CASE("a server on all IPv4 addresses answers from the one that was asked") {
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {"--listen", "0.0.0.0:0", folder.write("a.json", plain_zone("one.test"))}};
    for (const std::string address : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
        CAPTURE(address);
        const Endpoint asked{address, server.endpoint().port};
        CHECK(UdpClient{asked}.ask({.name = "one.test"}).rcode == "NOERROR");
        CHECK(TcpClient{asked}.ask({.name = "one.test"}).rcode == "NOERROR");
    }
}

TEST_CASE("a server on all IPv6 addresses answers from the one that was asked") {
    in_private_network({"2001:db8:1::10/128", "2001:db8:2::20/128"}, [] {
        const support::TemporaryFolder folder;
        const ServerProcess server{
            {"--listen", "[::]:0", folder.write("a.json", plain_zone("one.test"))}};
        for (const std::string address : {"::1", "2001:db8:1::10", "2001:db8:2::20"}) {
            CAPTURE(address);
            const Endpoint asked{address, server.endpoint().port};
            CHECK(UdpClient{asked}.ask({.name = "one.test"}).rcode == "NOERROR");
            CHECK(TcpClient{asked}.ask({.name = "one.test"}).rcode == "NOERROR");
        }
    });
}

TEST_CASE("answers over IPv4 are not fragmented on their way (RFC 9715 section 3.1)") {
    in_private_network({}, [] {
        const support::TemporaryFolder folder;
        const ServerProcess server{{"--listen", "127.0.0.1:0", "--listen", "0.0.0.0:0",
                                    folder.write("a.json", plain_zone("one.test"))}};
        for (const auto& endpoint : server.endpoints()) {
            CAPTURE(to_text(endpoint));
            const Descriptor raw{::socket(AF_INET, SOCK_RAW, IPPROTO_UDP)};
            const UdpClient client{{"127.0.0.1", endpoint.port}};
            CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
            const auto packet = packet_from(*raw, endpoint.port);
            REQUIRE_FALSE(packet.empty());
            CHECK((packet[6] & 0x40) != 0);  // DF (RFC 791 section 3.1)
        }
    });
}

TEST_CASE("an answer that the interface does not carry in one piece goes in several") {
    in_private_network({}, [] {
        REQUIRE(run({"ip", "link", "set", "lo", "mtu", "200"}).status == 0);
        const support::TemporaryFolder folder;
        const auto zone = folder.write("a.json", zone_of_long_answers);
        for (const std::string listen : {"127.0.0.1:0", "0.0.0.0:0"}) {
            for (const Query& query :
                 {Query{.name = "long.one.test", .type = "TXT"},
                  Query{.name = "_probes.one.test", .type = "TXT", .edns = true}}) {
                CAPTURE(listen);
                CAPTURE(query.name);
                const ServerProcess server{{"--listen", listen, zone}};
                const UdpClient client{{"127.0.0.1", server.endpoint().port}};
                client.send(to_octets(query));
                const auto answer = client.receive();
                REQUIRE(answer);
                CHECK(answer->size() > 200);
                CHECK_FALSE(read_reply(*answer).truncated);
            }
        }
    });
}

TEST_CASE("without a listening address port 53 of all addresses of both families is served") {
    in_private_network({"192.0.2.10/32", "2001:db8:2::20/128"}, [] {
        const support::TemporaryFolder folder;
        folder.write("config.json", "{}");
        const auto zone = folder.write("a.zone", plain_zone("one.test"));
        const ServerProcess server{{"--config", folder.path("config.json"), zone}};
        REQUIRE(server.endpoints().size() == 2);
        for (const std::string address : {"127.0.0.1", "192.0.2.10", "::1", "2001:db8:2::20"}) {
            CAPTURE(address);
            CHECK(UdpClient{{address, 53}}.ask({.name = "one.test"}).rcode == "NOERROR");
            CHECK(TcpClient{{address, 53}}.ask({.name = "one.test"}).rcode == "NOERROR");
        }
    });
}

TEST_CASE("a second server on the same port names the first one and the way out") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    const ServerProcess first{{zone}};
    const auto text = refused_start(to_text(first.endpoint()), zone);
    CAPTURE(text);
    CHECK(contains(
        text, to_text(first.endpoint()) + "/udp is in use by " + said("isochrone", first.pid())));
    CHECK(contains(text, "--listen ADDRESS:PORT"));
    CHECK(UdpClient{first.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");

    const auto everywhere = refused_start("0.0.0.0:" + std::to_string(first.endpoint().port), zone);
    CHECK(contains(everywhere, said("isochrone", first.pid())));
}

TEST_CASE("a program of the same user that joins the server's port gets none of its queries") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    for (const auto* workers : {"1", "3"}) {
        CAPTURE(workers);
        const ServerProcess server{{"--workers", workers, zone}};
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(server.endpoint().port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::vector<Descriptor> joined;
        for (const int type : {SOCK_DGRAM, SOCK_STREAM, SOCK_DGRAM, SOCK_STREAM}) {
            joined.emplace_back(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
            const int on = 1;
            ::setsockopt(*joined.back(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
            ::setsockopt(*joined.back(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
            const bool bound =
                ::bind(*joined.back(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
            if (workers == std::string_view{"1"}) CHECK_FALSE(bound);
            if (bound && type == SOCK_STREAM) ::listen(*joined.back(), 8);
        }
        for (int i = 0; i < 100; ++i) {
            CHECK(UdpClient{server.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
            CHECK(TcpClient{server.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
        }
    }
}

TEST_CASE("a port that another program has in one protocol only is not taken either") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    const struct {
        std::string name;
        int type;
        std::string protocol;
    } rows[] = {
        {"UDP", SOCK_DGRAM, "/udp is in use by "},
        {"TCP", SOCK_STREAM, "/tcp is in use by "},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Endpoint at{"127.0.0.1", 0};
        const auto socket = bound_socket(row.type, at);
        const auto text = refused_start(to_text(at), zone);
        CAPTURE(text);
        CHECK(contains(text, to_text(at) + row.protocol + said("e2e_tests", ::getpid())));
    }
}

TEST_CASE("the process is named that has the address and not one that has the port elsewhere") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
        CAPTURE(type);
        const ServerProcess other{{"--listen", "127.0.0.2:0", zone}};
        Endpoint at{"127.0.0.3", other.endpoint().port};
        const auto socket = bound_socket(type, at);
        const auto text = refused_start(to_text(at), zone);
        CAPTURE(text);
        CHECK(contains(text, said("e2e_tests", ::getpid())));
        CHECK(!contains(text, said("isochrone", other.pid())));
    }
}

TEST_CASE("an address that this machine does not have is refused with a sentence") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    CHECK(contains(refused_start("192.0.2.10:5300", zone), "no interface of this machine"));
    CHECK(contains(refused_start("localhost:5300", zone), "expected ADDRESS:PORT"));
    CHECK(contains(refused_start("127.0.0.1:70000", zone), "expected ADDRESS:PORT"));
}

TEST_CASE("whoever sits at the machine can ask by loopback whatever address is listened on") {
    in_private_network({"203.0.113.30/32", "2001:db8::30/128"}, [] {
        const support::TemporaryFolder folder;
        const auto zone = folder.write("a.json", zone_of_long_answers);
        const ServerProcess server{
            {"--listen", "203.0.113.30:53", "--listen", "[2001:db8::30]:53", zone}};
        REQUIRE(server.endpoints().size() == 4);
        for (const auto* address : {"203.0.113.30", "2001:db8::30", "127.0.0.1", "::1"}) {
            CAPTURE(address);
            const Endpoint asked{address, 53};
            CHECK(UdpClient{asked}.ask({.name = "long.one.test", .type = "TXT"}).rcode ==
                  "NOERROR");
            // From one of the machine's own addresses, which may look as loopback may.
            CHECK(contains(dig_short(asked, {"TXT", "_probes.one.test"}), "edge=frankfurt"));
            CHECK(contains(dig_short(asked, {"CH", "TXT", "version.server"}), "isochrone"));
        }
        // An address that comes later is the machine's own as well.
        REQUIRE(run({"ip", "address", "add", "203.0.113.31/32", "dev", "lo"}).status == 0);
        CHECK(eventually([] {
            return contains(run(dig({"203.0.113.30", 53},
                                    {"-b", "203.0.113.31", "TXT", "_probes.one.test", "+short"}))
                                .output,
                            "edge=frankfurt");
        }));
    });
}

TEST_CASE("own addresses may look as long as nobody is listed who may") {
    in_private_network({"203.0.113.30/32"}, [] {
        const support::TemporaryFolder folder;
        folder.write("a.json", zone_of_long_answers);
        const auto config = folder.write("isochrone.json", R"({
            "listen": "203.0.113.30:53", "zones": "a.json", "loopback": false,
            "allow": { "dashboard": [], "identity": "127.0.0.0/8" } })");
        const ServerProcess server{{"--config", config}};
        CHECK(server.endpoints().size() == 1);
        for (const auto* name : {"_probes.one.test", "_why.where.one.test"})
            CHECK(dig_short(server.endpoint(), {"TXT", name}).empty());
        CHECK(dig_short(server.endpoint(), {"CH", "TXT", "version.server"}).empty());
    });
}

TEST_CASE("loopback that somebody else has is told and ends nothing") {
    in_private_network({"203.0.113.30/32"}, [] {
        const support::TemporaryFolder folder;
        const auto zone = folder.write("a.json", plain_zone("one.test"));
        ServerProcess resolver{{"--listen", "127.0.0.1:53", zone}};
        ServerProcess server{{"--listen", "203.0.113.30:53", zone}};
        CHECK(server.has_said("warning 127.0.0.1:53/udp is in use by " +
                              said("isochrone", resolver.pid())));
        REQUIRE(server.endpoints().size() == 2);
        CHECK(server.endpoints()[1].address == "::1");
        for (const auto& endpoint : server.endpoints())
            CHECK(UdpClient{endpoint}.ask({.name = "one.test"}).rcode == "NOERROR");
        CHECK(server.stop() == 0);
        CHECK(UdpClient{resolver.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
    });
}

}  // namespace listen_test
