// SPDX-License-Identifier: Apache-2.0
// Nodes of a zone that tell each other what they know, and who else may read it.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <map>
#include <memory>
#include <sstream>
#include <tuple>

#include <sys/stat.h>

namespace sharing_test {

using namespace e2e;

namespace {

constexpr const char* zone_name = "share.test";
const std::vector<std::string> edges{"newyork", "singapore", "frankfurt"};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

constexpr const char* own_address = "127.7.0.1";

/// Three nodes of one zone, each with its config; any of them can be started, ended, started again.
class Nodes {
 public:
    explicit Nodes(const std::string& expire = "10m") {
        std::string members;
        for (const auto& edge : edges) {
            endpoints_[edge] = free_endpoint(own_address);
            members += (members.empty() ? "" : ", ") + ("\"" + edge) +
                       "\": { \"addresses\": \"127.7.0.1\", \"location\": \"New York, US\" }";
        }
        folder.write("zone.json", std::string{R"({ "zone": ")"} + zone_name +
                                      R"(", "nameservers": { "ns1": "127.7.0.1" }, "edges": { )" +
                                      members +
                                      R"( }, "records": { "www": { "A": "192.0.2.1" },
                             "@": { "steer": { "all": ["newyork", "singapore", "frankfurt"] } } } })");
        write_key("share.key");
        write_key("other.key");
        for (const auto& edge : edges) folder.write(edge + ".json", config_of(edge, expire));
    }

    void write_key(const std::string& name) const {
        const auto path = folder.write(name, run(isochrone({"key", "node-key"})).output);
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
    }
    [[nodiscard]] std::string config_of(const std::string& edge, const std::string& expire) const {
        std::string peers;
        for (const auto& [name, endpoint] : endpoints_) {
            if (name == edge) continue;
            peers +=
                (peers.empty() ? "" : ", ") + ("\"" + name) + "\": \"" + to_text(endpoint) + "\"";
        }
        return R"({ "listen": ")" + to_text(endpoints_.at(edge)) +
               R"(", "zones": "zone.json", "workers": 1, "allow": { "dashboard": "127.0.0.0/8" },
                   "node": { "edge": ")" +
               edge + R"(", "zone": ")" + zone_name + R"(", "key_file": "share.key", "expire": ")" +
               expire + R"(", "peers": { )" + peers + " } } }";
    }

    ServerProcess& start(const std::string& edge) {
        auto& server = servers_[edge];
        server = std::make_unique<ServerProcess>(Command{"--config", folder.path(edge + ".json"),
                                                         "--state", folder.path(edge + ".state")});
        return *server;
    }
    void start_all() {
        for (const auto& edge : edges) start(edge);
    }
    void kill(const std::string& edge) { servers_.at(edge).reset(); }

    /// The line that one node has for another.
    [[nodiscard]] std::string line(const std::string& at, const std::string& peer) const {
        return line_with(observed(*servers_.at(at), std::string{"_probes."} + zone_name),
                         "peer=" + peer);
    }
    [[nodiscard]] std::string data(const std::string& at, const std::string& peer) const {
        return fact(line(at, peer), "data");
    }
    /// The serial that one node has of another.
    [[nodiscard]] std::string serial(const std::string& at, const std::string& peer) const {
        const auto lines = observed(*servers_.at(at), peer + "._probes." + zone_name);
        return fact(line_with(lines, "peer=" + peer), "serial");
    }
    /// What dig says of a node's measurement zone.
    [[nodiscard]] std::string ask(const std::string& edge, Command words,
                                  const std::string& key = "share.key") const {
        words.insert(words.begin(), edge + "._probes." + zone_name);
        if (!key.empty()) words.insert(words.end(), {"-k", folder.path(key)});
        const auto finished = run(dig(endpoints_.at(edge), words));
        return finished.output + finished.errors;
    }
    /// The serial that a node has itself.
    [[nodiscard]] std::string own_serial(const std::string& edge) const {
        std::istringstream words{ask(edge, {"SOA", "+short"})};
        std::string name_server, mailbox, serial;
        words >> name_server >> mailbox >> serial;
        return serial;
    }
    [[nodiscard]] const Endpoint& endpoint(const std::string& edge) const {
        return endpoints_.at(edge);
    }

    support::TemporaryFolder folder;

 private:
    std::map<std::string, Endpoint> endpoints_;
    std::map<std::string, std::unique_ptr<ServerProcess>> servers_;
};

}  // namespace

TEST_CASE("three nodes fetch each other's zone, and one that starts anew is heard at once") {
    Nodes nodes;
    nodes.start_all();
    for (const auto& at : edges) {
        for (const auto& peer : edges) {
            CAPTURE(at);
            CAPTURE(peer);
            if (at == peer)
                CHECK(nodes.line(at, peer) == "");
            else
                CHECK(eventually([&] { return nodes.data(at, peer) == "fresh"; }));
        }
    }
    CHECK(eventually(
        [&] { return nodes.serial("newyork", "singapore") == nodes.own_serial("singapore"); }));
    const auto before = nodes.own_serial("singapore");
    nodes.kill("singapore");
    nodes.start("singapore");
    const auto after = nodes.own_serial("singapore");
    CHECK(after != before);
    // The SOA's refresh would take 30 seconds; NOTIFY is what is waited for.
    const auto began = std::chrono::steady_clock::now();
    CHECK(eventually([&] { return nodes.serial("newyork", "singapore") == after; }));
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{25});
    CHECK(eventually([&] { return nodes.serial("frankfurt", "singapore") == after; }));
}

TEST_CASE(
    "dig reads a measurement zone with the key, and nobody does without (RFC 1995 section 2)") {
    Nodes nodes;
    const auto& server = nodes.start("newyork");
    const auto whole = nodes.ask("newyork", {"AXFR"});
    CAPTURE(whole);
    CHECK(contains(whole, "XFR size: 7 records"));
    CHECK(contains(whole, "node.newyork._probes.share.test."));
    CHECK(contains(whole, "\"version="));
    CHECK(contains(whole, " started="));
    CHECK(!contains(whole, "verify"));

    const auto serial = nodes.own_serial("newyork");
    struct Row {
        const char* name;
        Command words;
        bool all;  // of the zone, not its SOA alone
    };
    const Row rows[] = {
        {"nothing new", {"IXFR=" + serial}, false},
        {"too far behind", {"IXFR=5"}, true},
        {"in a datagram", {"IXFR=5", "+notcp"}, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = nodes.ask("newyork", row.words);
        CAPTURE(answer);
        CHECK(contains(answer, "SOA\tshare.test. . " + serial));
        CHECK(contains(answer, "TXT") == row.all);
    }

    for (const auto* type : {"AXFR", "IXFR=5"}) {
        CAPTURE(type);
        const auto refused = nodes.ask("newyork", {type}, "");
        CHECK(contains(refused, "Transfer failed"));
        CHECK(!contains(refused, "version="));
        const auto wrong = nodes.ask("newyork", {type}, "other.key");
        CHECK(contains(wrong, "BADSIG"));
        CHECK(!contains(wrong, "version="));
    }
    nodes.folder.write(
        "unknown.key",
        "key \"nobody\" { algorithm hmac-sha256; secret \"MDEyMzQ1Njc4OWFiY2RlZg==\"; };");
    CHECK(contains(nodes.ask("newyork", {"SOA"}, "unknown.key"), "BADKEY"));

    CHECK(contains(nodes.ask("newyork", {"NS"}), "status: NOERROR"));
    const auto owner = [&](const std::string& name, const char* type) {
        return run(dig(server.endpoint(), {name + ".newyork._probes.share.test", type, "-k",
                                           nodes.folder.path("share.key")}))
            .output;
    };
    CHECK(contains(owner("NODE", "TXT"), "version="));
    CHECK(contains(owner("node", "A"), "ANSWER: 0, AUTHORITY: 1"));
    CHECK(contains(owner("nothing", "TXT"), "status: NXDOMAIN"));
}

TEST_CASE("queries of other zones are answered and signed, and NOTIFY is taken from peers alone") {
    Nodes nodes;
    const auto& server = nodes.start("newyork");
    const auto key = nodes.folder.path("share.key");
    for (const auto* transport : {"+notcp", "+tcp"}) {
        CAPTURE(transport);
        const auto answer =
            run(dig(server.endpoint(), {"www.share.test", transport, "-k", key})).output;
        CHECK(contains(answer, "192.0.2.1"));
        CHECK(contains(answer, "TSIG PSEUDOSECTION"));
        const auto dashboard =
            run(dig(server.endpoint(), {"_probes.share.test", "TXT", transport, "-k", key})).output;
        CHECK(contains(dashboard, "edge=newyork"));
        CHECK(contains(dashboard, "TSIG PSEUDOSECTION"));
        const auto forged = run(dig(server.endpoint(), {"www.share.test", transport, "-k",
                                                        nodes.folder.path("other.key")}))
                                .output;
        CHECK(!contains(forged, "192.0.2.1"));
    }
    const auto notify = [&](const std::string& zone, const std::string& with) {
        Command words{zone, "SOA", "+opcode=NOTIFY"};
        if (!with.empty()) words.insert(words.end(), {"-k", nodes.folder.path(with)});
        return run(dig(server.endpoint(), words)).output;
    };
    CHECK(contains(notify("singapore._probes.share.test", "share.key"), "status: NOERROR"));
    CHECK(contains(notify("tokyo._probes.share.test", "share.key"), "status: NOTAUTH"));
    CHECK(contains(notify("singapore._probes.share.test", "other.key"), "status: NOTAUTH"));
    CHECK(contains(notify("singapore._probes.share.test", ""), "status: REFUSED"));
}

TEST_CASE("a dead peer costs its own data alone, and the dashboard says so") {
    Nodes nodes{"3s"};
    nodes.start_all();
    REQUIRE(eventually([&] { return nodes.data("newyork", "singapore") == "fresh"; }));
    nodes.kill("singapore");
    CHECK(eventually([&] { return nodes.data("newyork", "singapore") == "stale"; }));
    CHECK(eventually([&] { return nodes.data("newyork", "singapore") == "expired"; }));
    CHECK(fact(nodes.line("newyork", "singapore"), "last_fault") == "connection_refused");
    CHECK(fact(nodes.line("newyork", "singapore"), "records") == "");
    CHECK(nodes.data("newyork", "frankfurt") == "fresh");
    CHECK(contains(nodes.ask("newyork", {"AXFR"}), "version="));
    nodes.start("singapore");
    CHECK(eventually([&] { return nodes.data("newyork", "singapore") == "fresh"; }));
}

TEST_CASE("status tells the other nodes, and one that is not heard is not well") {
    Nodes nodes;
    nodes.start_all();
    for (const auto* peer : {"singapore", "frankfurt"})
        REQUIRE(eventually([&] { return nodes.data("newyork", peer) == "fresh"; }));
    const auto status = [&](Command words) {
        words.insert(words.begin(), {"status", "--state", nodes.folder.path("newyork.state")});
        return run(isochrone(words));
    };
    const auto well = status({});
    CHECK(well.status == 0);
    CHECK(contains(well.output, "\n  peer=singapore data=fresh age="));
    CHECK(contains(well.output, "\n  peer=frankfurt data=fresh age="));
    const auto json = nlohmann::json::parse(status({"--json"}).output);
    const auto& zone = json["zones"][0];
    CHECK(zone["node"] == "newyork");
    REQUIRE(zone["peers"].size() == 2);
    for (const auto& peer : zone["peers"]) {
        const auto name = peer["peer"].get<std::string>();
        CHECK(peer["data"] == "fresh");
        CHECK(peer["address"] == to_text(nodes.endpoint(name)));
        CHECK(std::to_string(peer["serial"].get<unsigned>()) == nodes.own_serial(name));
    }
    CHECK(contains(status({"--monitor"}).output, "2 of 2 other nodes heard"));

    nodes.kill("singapore");
    CHECK(eventually([&] { return status({}).status == 3; }));
    CHECK(contains(status({}).output, "\nnot well\n  node singapore is not heard since "));
    const auto line = status({"--monitor"});
    CHECK(line.status == 1);
    CHECK(contains(line.output, "ISOCHRONE WARNING - node singapore is not heard"));
    CHECK(contains(line.output, "1 of 2 other nodes heard"));
}

TEST_CASE("NSD as a secondary takes a measurement zone with the key (RFC 5936 section 2.2)") {
    Nodes nodes;
    nodes.start("newyork");
    const auto key = nodes.folder.path("share.key");
    const auto text = run({"sed", "-n", "s/.*secret \"\\(.*\\)\".*/\\1/p", key}).output;
    const auto nsd = free_endpoint(own_address);
    const auto& primary = nodes.endpoint("newyork");
    const auto path = [&](const char* name) { return "\"" + nodes.folder.path(name) + "\""; };
    const auto config = nodes.folder.write(
        "nsd.conf",
        "server:\n  ip-address: " + nsd.address + "@" + std::to_string(nsd.port) +
            "\n  username: \"\"\n  chroot: \"\"\n  database: \"\"\n  zonesdir: " + path("") +
            "\n  pidfile: " + path("nsd.pid") + "\n  xfrdfile: " + path("xfrd.state") +
            "\n  xfrdir: " + path("") + "\n  zonelistfile: " + path("zone.list") +
            "\n  server-count: 1\nremote-control:\n  control-enable: no\n"
            "key:\n  name: node-key\n  algorithm: hmac-sha256\n  secret: \"" +
            text.substr(0, text.find('\n')) +
            "\"\nzone:\n  name: newyork._probes.share.test\n  request-xfr: " + primary.address +
            "@" + std::to_string(primary.port) + " node-key\n");
    const Process secondary{{"nsd", "-d", "-c", config}};
    const Command question{"node.newyork._probes.share.test", "TXT", "+short", "+tries=1"};
    CHECK(eventually([&] { return contains(run(dig(nsd, question)).output, "version="); }));
    const auto serial = run(dig(nsd, {"newyork._probes.share.test", "SOA", "+short"})).output;
    CHECK(contains(serial, nodes.own_serial("newyork")));
}

TEST_CASE("an exposed key stops the start and `check`, and is served without when that is asked") {
    Nodes nodes;
    const auto key = nodes.folder.path("share.key");
    REQUIRE(::chmod(key.c_str(), 0644) == 0);
    const auto config = nodes.folder.path("newyork.json");
    for (const auto* command : {"serve", "check"}) {
        CAPTURE(command);
        const auto finished = run(isochrone({"--config", config, command}));
        CHECK(finished.status == 1);
        CHECK(contains(finished.errors, "chmod 640 " + key));
    }
    const ServerProcess server{{"--config", config, "--keep-going"}};
    CHECK(UdpClient{server.endpoint()}.ask({.name = "www.share.test"}).rcode == "NOERROR");
    CHECK(contains(nodes.ask("newyork", {"AXFR"}), "Transfer failed"));
}

TEST_CASE("a node whose edge or zone is not served says so, and goes on to answer") {
    Nodes nodes;
    for (const auto& [edge, zone, said] :
         {std::tuple{"newyrok", "share.test", "has no edge \"newyrok\"; did you mean \"newyork\"?"},
          std::tuple{"newyork", "other.test", "the zone other.test. is not among those served"}}) {
        CAPTURE(edge);
        const auto config = nodes.folder.write(
            "odd.json",
            std::string{R"({ "listen": "127.0.0.1:0", "zones": "zone.json", "node": { "edge": ")"} +
                edge + R"(", "zone": ")" + zone + R"(", "key_file": "share.key" } })");
        const ServerProcess server{{"--config", config}};
        CHECK(server.has_said(said));
        CHECK(UdpClient{server.endpoint()}.ask({.name = "www.share.test"}).rcode == "NOERROR");
    }
}

}  // namespace sharing_test
