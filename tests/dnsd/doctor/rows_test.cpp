// SPDX-License-Identifier: Apache-2.0
// What was asked and answered becomes rows: without a socket, a clock or a machine.

#include "dnsd/doctor/edges.hpp"
#include "dnsd/doctor/machine.hpp"
#include "dnsd/doctor/name_servers.hpp"
#include "dnsd/doctor/nodes.hpp"
#include "dnsd/doctor/parent.hpp"
#include "dnsd/doctor/resolver.hpp"
#include "tests/dnsd/doctor/reply_writer.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace doctor_rows_test {

using namespace doctor;
using namespace doctor_test_support;

namespace {

constexpr const char* apex = "plex.example.com.";
constexpr const char* ns1 = "ns1.plex.example.com.";
constexpr const char* ns2 = "ns2.plex.example.com.";

std::shared_ptr<const zones::Zone> two_servers() {
    return support::zone_of(R"({"zone": "plex.example.com", "soa": {"serial": 7},
        "nameservers": {"ns1": ["45.10.1.10", "2a0f::1"], "ns2": "45.10.2.10"}})");
}

std::string lines_of(const Findings& findings) {
    std::string text;
    for (const auto& finding : findings) text += to_line(finding) + "\n";
    return text;
}

ReplyWriter referral() {
    return ReplyWriter{apex}
        .authority_ns(apex, ns1)
        .authority_ns(apex, ns2)
        .glue(ns1, "45.10.1.10")
        .glue(ns1, "2a0f::1");
}

ParentSide parent_of(const std::vector<transfer::Reply>& replies) {
    ParentSide side{.zone = "example.com"};
    char letter = 'a';
    for (const auto& reply : replies) {
        side.servers.push_back({.name = std::string{letter++} + ".ns.example.com", .reply = reply});
    }
    return side;
}

transfer::Reply soa(std::uint32_t serial) {
    return ReplyWriter{apex, wire::flag_aa}.answer_soa(apex, serial).opt().reply();
}

AskedServer server_at(const std::string& name, const std::string& address, std::uint32_t serial) {
    return {.name = name,
            .address = *geo::read_address(address),
            .udp = soa(serial),
            .tcp = soa(serial),
            .large = soa(serial)};
}

ServerSide side_of(std::vector<AskedServer> servers) {
    ServerSide side;
    for (auto& server : servers) side.servers.push_back(std::move(server));
    return side;
}

}  // namespace

TEST_CASE("a parent that tells what the zone has is one good row") {
    const auto good = referral().glue(ns2, "45.10.2.10").reply();
    CHECK(lines_of(judge_parent(*two_servers(), parent_of({good, good}))) ==
          "ok     parent     example.com (2 servers): NS ns1, ns2 and glue as here\n");
}

TEST_CASE("servers of the parent that tell the same fault share a row") {
    const auto wrong = referral().glue(ns2, "192.0.2.99").reply();
    const auto none = referral().reply();
    const std::string where =
        ": correct the host object at the registrar, or the address record at the DNS host of "
        "example.com\n";
    const std::string says = " has 192.0.2.99 for ns2, this zone 45.10.2.10";
    const auto zone = two_servers();
    CHECK(lines_of(judge_parent(*zone, parent_of({wrong}))) ==
          "FAULT  glue       a.ns.example.com" + says + where);
    CHECK(lines_of(judge_parent(*zone, parent_of({wrong, wrong, wrong, wrong}))) ==
          "FAULT  glue       a.ns.example.com, b.ns.example.com and 2 more" + says + where);
    CHECK(lines_of(judge_parent(*zone, parent_of({none})))
              .starts_with("FAULT  glue       a.ns.example.com has no 45.10.2.10 for ns2: add it"));
}

TEST_CASE("what keeps the parent from being asked is a sentence and no fault") {
    const auto zone = two_servers();
    const auto lost = judge_parent(*zone, {.zone = "", .fault = "127.0.0.1:53: timed out"});
    CHECK(
        lines_of(lost).starts_with("warn   parent     the parent of plex.example.com was not "
                                   "found (127.0.0.1:53: timed out): --resolver"));
    CHECK_FALSE(any_fault(lost));
    const auto silent_server = judge_parent(*zone, parent_of({silent()}));
    CHECK(lines_of(silent_server)
              .starts_with("warn   parent     a.ns.example.com cannot be asked (timed out): "));
    const auto root = support::zone_of(
        R"({"zone": ".", "nameservers": {"ns1": "45.10.1.10", "ns2": "45.10.2.10"}})");
    CHECK(lines_of(judge_parent(*root, {})) ==
          "hint   parent     the root has no parent: nothing was asked\n");
}

TEST_CASE("an example zone lacks addresses of its own") {
    const auto zone = support::zone_of(
        R"({"zone": "a.test", "nameservers": {"ns1": "192.0.2.1", "ns2": "10.0.0.1"}})");
    const auto lines = lines_of(judge_parent(*zone, {}));
    CHECK(lines.find("warn   parent     a.test lacks your own addresses") != std::string::npos);
    CHECK(lines.find("the internet can reach, instead of 10.0.0.1") != std::string::npos);
}

TEST_CASE("each way to a name server that fails has its own remedy") {
    const auto zone = two_servers();
    auto udp_lost = server_at("ns2", "45.10.2.10", 7);
    udp_lost.udp = udp_lost.large = silent();
    auto tcp_lost = server_at("ns2", "45.10.2.10", 7);
    tcp_lost.tcp = silent();
    auto gone = server_at("ns2", "45.10.2.10", 7);
    gone.udp = gone.tcp = gone.large = silent();
    auto refuses = gone;
    refuses.udp = refuses.tcp = silent("connection refused");
    auto no_ipv6 = server_at("ns1", "2a0f::1", 7);
    no_ipv6.udp = no_ipv6.tcp = no_ipv6.large = silent("network is unreachable");
    auto large_lost = server_at("ns2", "45.10.2.10", 7);
    large_lost.large = silent();
    auto no_opt = server_at("ns2", "45.10.2.10", 7);
    no_opt.udp = ReplyWriter{apex, wire::flag_aa}.answer_soa(apex, 7).reply();
    auto lame = server_at("ns2", "45.10.2.10", 7);
    lame.udp = ReplyWriter{apex, 5}.opt().reply();
    const struct {
        const char* name;
        AskedServer server;
        std::string line;
    } rows[] = {
        {"UDP", udp_lost,
         "FAULT  udp        45.10.2.10 (ns2): TCP answers, UDP: timed out: open UDP 53 in the "
         "provider's firewall"},
        {"TCP", tcp_lost,
         "FAULT  tcp        45.10.2.10 (ns2): UDP answers, TCP: timed out: open TCP 53 in the "
         "provider's firewall"},
        {"both", gone,
         "FAULT  server     45.10.2.10 (ns2): UDP and TCP: timed out: is the machine "
         "up? Open UDP 53 and TCP 53"},
        {"refused", refuses,
         "FAULT  server     45.10.2.10 (ns2): UDP and TCP: connection refused: no name server"},
        {"no IPv6 here", no_ipv6,
         "hint   server     2a0f::1 (ns1) was not asked: this machine has "
         "no way there (network is unreachable): run doctor on a machine with IPv6"},
        {"large answers", large_lost,
         "FAULT  edns       45.10.2.10 (ns2): a large answer over UDP is lost (timed out): let "
         "UDP answers of up to 1,232 octets"},
        {"OPT", no_opt, "warn   edns       45.10.2.10 (ns2) answers without EDNS: "},
        {"lame", lame,
         "FAULT  lame       45.10.2.10 (ns2) answers REFUSED: it does not serve "
         "plex.example.com: copy"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto good = server_at("ns1", "45.10.1.10", 7);
        const auto lines = lines_of(judge_servers(*zone, side_of({good, row.server})));
        CHECK_MESSAGE(lines.find(row.line) != std::string::npos, lines);
    }
}

TEST_CASE("serials are compared with each other, then with the file") {
    const auto zone = two_servers();
    const auto with = [&](std::uint32_t first, std::uint32_t second) {
        return lines_of(judge_servers(*zone, side_of({server_at("ns1", "45.10.1.10", first),
                                                      server_at("ns2", "45.10.2.10", second)})));
    };
    CHECK(with(7, 7).find("ok     serial     plex.example.com: 7 at all 2 addresses, as in the "
                          "file here\n") != std::string::npos);
    CHECK(with(7, 6).find("FAULT  serial     plex.example.com: 45.10.2.10 (ns2) has 6, 45.10.1.10 "
                          "(ns1) has 7: copy the newest") != std::string::npos);
    CHECK(with(6, 6).find("warn   serial     plex.example.com: the name servers have 6, the file "
                          "here 7: \"systemctl reload") != std::string::npos);
    // RFC 1982: 1 comes after 4294967295.
    CHECK(with(4294967295U, 1).find("(ns1) has 4294967295, 45.10.2.10 (ns2) has 1:") !=
          std::string::npos);
}

TEST_CASE("the machine's rows name the program, the age, the group and the setting") {
    Machine good;
    good.ports = {{"45.10.1.10:53/udp", "isochrone (pid 7)"}};
    good.clock_synchronised = true;
    good.databases = {{"City.mmdb", std::chrono::hours{25 * 24}}};
    good.ping = PingRights{.first = 998, .last = 998, .group = 998};
    good.relay = RelayTuning{"bbr", 16 << 20, 16 << 20};
    for (const auto& finding : judge_machine(good)) CHECK(finding.level == Level::Ok);

    Machine bad;
    bad.ports = {{"45.10.1.10:53/udp", "systemd-resolve (pid 412)"}};
    bad.clock_synchronised = false;
    bad.databases = {{"City.mmdb", std::chrono::hours{34 * 24}}};
    bad.ping = PingRights{.group = 998};
    bad.relay = RelayTuning{"cubic", 212'992, 16 << 20};
    const auto lines = lines_of(judge_machine(bad));
    for (const auto* line :
         {"FAULT  port       45.10.1.10:53/udp is held by systemd-resolve (pid 412): stop",
          "warn   clock      the kernel calls this clock not synchronised: \"timedatectl",
          "warn   database   City.mmdb is 34 days old: does geoipupdate run?\n",
          "FAULT  ping       group 998 may send no echoes",
          "\"net.ipv4.ping_group_range = 998 998\"",
          "hint   tuning     net.ipv4.tcp_congestion_control is cubic",
          "hint   tuning     net.core.rmem_max is 212992"})
        CHECK_MESSAGE(lines.find(line) != std::string::npos, lines);
    CHECK(judge_machine({}).empty());

    bad.ping->raw = true;  // root
    CHECK_FALSE(any_trouble(judge_machine(bad), "ping"));
}

TEST_CASE("what nodes say of each other are rows, and differing clocks have their own") {
    const auto status = read_status(R"({"alarms": ["alarm=x"], "zones": [
        {"zone": "plex.example.com", "node": "newyork", "peers": [
            {"peer": "singapore", "data": "fresh", "address": "45.10.2.10:53", "last_fault": ""},
            {"peer": "frankfurt", "data": "expired", "address": "45.10.3.10:53",
             "last_fault": "clocks_differ"},
            {"peer": "tokyo", "data": "never", "address": "45.10.4.10:53",
             "last_fault": "timed_out"}]}],
        "differences": [{"line":
            "differs=plex.example.com at=singapore since=3m here=7/0123456789abcdef there=none"}]})");
    REQUIRE(status);
    auto known = *status;
    known.peers[0].there = "peer=newyork data=expired age=3m records=0 last_fault=timed_out";
    known.peers[1].not_told = known.peers[2].not_told = "timed out";
    const auto lines = lines_of(judge_nodes(known));
    for (const auto* line :
         {"ok     status     the server here runs and has 1 zone\n", "warn   status     alarm=x: ",
          "FAULT  digest     singapore has another plex.example.com (none) than this machine "
          "(7/0123456789abcdef): copy the zone file",
          "ok     node       singapore (45.10.2.10:53) is heard here\n",
          "FAULT  node       singapore does not hear this node (newyork), the data there is "
          "expired (timed_out): open TCP 53 and UDP 53 in the provider's firewall at newyork\n",
          "FAULT  clock      frankfurt (45.10.3.10:53) says that clocks differ: set both clocks",
          "FAULT  node       tokyo (45.10.4.10:53) is not heard here, its data is never "
          "(timed_out): open TCP 53 and UDP 53 in the provider's firewall at tokyo\n",
          "warn   node       tokyo does not tell whether it hears this node (timed out): "})
        CHECK_MESSAGE(lines.find(line) != std::string::npos, lines);
    CHECK_FALSE(read_status("{\"fault\": \"busy\"}"));
    CHECK_FALSE(read_status("no JSON"));
}

TEST_CASE("a media port that takes connections and says nothing is a dead home") {
    auto check = std::make_shared<probes::Check>();
    check->address = *geo::read_address("45.10.3.30");
    check->port = 32400;
    const auto side_with = [&](const probes::ProbeResult& media) {
        EdgeSide side;
        const std::string edge = "plex.example.com/newyork";
        side.tried.push_back({edge,
                              TriedEdge::What::Relay,
                              check,
                              {.verdict = probes::Verdict::Pass, .text = "connected"}});
        side.tried.push_back({edge, TriedEdge::What::Plex, check, media});
        return lines_of(judge_edges(side));
    };
    using probes::Verdict;
    CHECK(
        side_with({.verdict = Verdict::Fail, .text = "connection closed"})
            .find("FAULT  home       plex.example.com/newyork 45.10.3.30:32400 takes connections, "
                  "and no answer comes from home: does the media server run") != std::string::npos);
    CHECK(
        side_with({.verdict = Verdict::Pass, .text = "HTTP 200"})
            .find("ok     media      Plex without TLS answers through plex.example.com/newyork") !=
        std::string::npos);
    CHECK(side_with({.verdict = Verdict::Fail, .text = "HTTP 404"})
              .find("hint   media      plex.example.com/newyork 45.10.3.30:32400 is neither Plex "
                    "nor Jellyfin: HTTP 404") != std::string::npos);
}

TEST_CASE("resolv.conf names up to three resolvers, and none means this machine") {
    const auto found = resolvers_in(
        "# nameserver 192.0.2.9\nsearch a.test\nnameserver 192.0.2.1\nnameserver fe80::1%eth0\n"
        "nameserver 2001:db8::1\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n");
    REQUIRE(found.size() == 3);
    CHECK(net::to_text(found[0]) == "192.0.2.1:53");
    CHECK(net::to_text(found[1]) == "[2001:db8::1]:53");
    CHECK(net::to_text(found[2]) == "192.0.2.3:53");
    CHECK(net::to_text(resolvers_in("").at(0)) == "127.0.0.1:53");
}

}  // namespace doctor_rows_test
