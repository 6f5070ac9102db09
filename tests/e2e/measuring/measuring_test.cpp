// SPDX-License-Identifier: Apache-2.0
// What a server asks others, in a network of its own in which every address answers.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

#include <sys/socket.h>

namespace measuring_test {

using namespace e2e;

namespace {

const std::vector<std::string> addresses{"198.51.100.1/32", "203.0.113.9/32", "203.0.114.8/32",
                                         "192.0.2.77/32",   "10.1.2.3/32",    "2001:db8:7::1/128"};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A number of /proc/net/snmp of this network: "IcmpMsg", "OutType8"; 0 while there is none.
long counted(const std::string& group, const std::string& name) {
    std::ifstream file{"/proc/net/snmp"};
    std::string names;
    std::string numbers;
    while (std::getline(file, names) && std::getline(file, numbers)) {
        std::istringstream name_words{names};
        std::istringstream number_words{numbers};
        std::string word;
        std::string number;
        name_words >> word;
        number_words >> number;
        if (word != group + ":") continue;
        while (name_words >> word && number_words >> number) {
            if (word == name) return std::stol(number);
        }
    }
    return 0;
}

long echoes() {
    return counted("IcmpMsg", "OutType8");
}
long connects() {
    return counted("Tcp", "ActiveOpens");
}

void permit_ping_sockets(bool permitted) {
    std::ofstream file{"/proc/sys/net/ipv4/ping_group_range"};
    file << (permitted ? "0 0" : "1 0") << std::flush;
    REQUIRE(file.good());
}

/// A server with these settings, its zone steered, and what it says of whom it has measured.
class Measured {
 public:
    explicit Measured(const std::string& settings, const Command& before = {})
        : config_{folder_.write("isochrone.json",
                                R"({"listen": "198.51.100.1:0", "workers": 1, )" + settings + "}")},
          server_{{"--config", config_, "--state", state(), zone_}, before} {}

    [[nodiscard]] std::string clients() const {
        return run({ISOCHRONE, "clients", "--state", state(), "--config", config_}).output;
    }
    [[nodiscard]] bool says(const std::string& text) const {
        return eventually([&] { return contains(clients(), text); });
    }
    /// A query of a resolver that sends no client subnet.
    void query_from(const std::string& address, const char* over = "+notcp") const {
        const auto answered =
            run({"dig", "-b", address, "@198.51.100.1", "-p",
                 std::to_string(server_.endpoint().port), over, "+short", "where.one.test"});
        CHECK(contains(answered.output, "192.0.2."));
    }
    [[nodiscard]] std::string state() const { return folder_.path("state"); }
    [[nodiscard]] ServerProcess& server() { return server_; }

 private:
    support::TemporaryFolder folder_;
    std::string zone_ = folder_.write("one.json", steered_zone("one.test"));
    std::string config_;
    ServerProcess server_;
};

constexpr const char* active = R"("measure": {"active": true})";

void measure_by_ping_socket() {
    permit_ping_sockets(true);
    Measured measured{active, {"setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"}};
    measured.server().wait_for("measures by ping socket (IPv4) and ping socket (IPv6)");
    measured.query_from("10.1.2.3");
    measured.query_from("203.0.113.9", "+tcp");
    CHECK(measured.says("resolver=203.0.113.0/24 rtt="));
    // Three of them, and none to private space.
    CHECK(echoes() == 3);
    // Who may be made up is measured too, but his address is not kept.
    measured.query_from("203.0.114.8");
    CHECK(measured.says("resolver=203.0.114.0/24 rtt="));
    CHECK(connects() == 1);  // the query's
    CHECK_FALSE(contains(measured.clients(), "=10."));
    CHECK(measured.server().stop() == 0);
    std::ifstream kept{measured.state() + "/resolvers"};
    const std::string text{std::istreambuf_iterator<char>{kept}, {}};
    CHECK(contains(text, "\n203.0.113.0/24 "));
    CHECK(contains(text, " 203.0.113.9 "));
    CHECK(contains(text, "\n203.0.114.0/24 "));
    CHECK_FALSE(contains(text, " 203.0.114.8 "));
}

void measure_by_raw_socket() {
    permit_ping_sockets(false);
    Measured measured{active};
    measured.server().wait_for("measures by raw socket (IPv4)");
    measured.query_from("203.0.113.9");
    CHECK(measured.says("resolver=203.0.113.0/24 rtt="));
    CHECK(echoes() == 3);
}

void measure_by_connect() {
    permit_ping_sockets(false);
    Measured measured{active, {"setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"}};
    measured.server().wait_for("measures by TCP connect (IPv4) and TCP connect (IPv6)");
    const auto remedy = measured.server().wait_for("warning no echo (ping) may be sent");
    CHECK(contains(remedy, "sysctl -w net.ipv4.ping_group_range='0 0'"));
    measured.query_from("203.0.113.9");
    // Nothing listens there: that it is refused is the answer.
    CHECK(measured.says("resolver=203.0.113.0/24 rtt="));
    CHECK(echoes() == 0);
    CHECK(connects() == 3);
}

/// Whoever swallows packets gets one handshake for each asking, at one port and then at the other.
void count_handshakes() {
    permit_ping_sockets(false);
    Measured measured{active, {"setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"}};
    measured.server().wait_for("measures by TCP connect (IPv4)");
    measured.query_from("203.0.113.9");
    // From now on nothing comes back from there.
    REQUIRE(run({"ip", "address", "delete", "203.0.113.9/32", "dev", "lo"}).status == 0);
    REQUIRE(run({"ip", "route", "add", "203.0.113.0/24", "dev", "lo"}).status == 0);
    CHECK(eventually([] { return connects() >= 2; }));
    measured.query_from("203.0.114.8");
    CHECK(measured.says("resolver=203.0.114.0/24 rtt="));
    CHECK(connects() == 5);
    CHECK(measured.server().stop() == 0);
}

void measure_landmarks_and_home() {
    permit_ping_sockets(true);
    Endpoint home{"192.0.2.77", 0};
    const auto listener = bound_socket(SOCK_STREAM, home);
    Measured measured{R"("relay": {"ports": 32400, "interval": "1s", "home": ")" + to_text(home) +
                      R"("}, "measure": {"landmarks": [
        {"name": "near", "address": "203.0.114.8", "location": "London, GB"},
        {"name": "six", "address": "2001:db8:7::1", "location": [1.35, 103.82]},
        {"name": "dead", "address": "203.0.113.250", "location": "Tokyo, JP"}]})"};
    CHECK(measured.says("landmark=near rtt="));
    CHECK(measured.says("landmark=six rtt="));
    CHECK(measured.says("home=" + to_text(home) + " rtt="));
    CHECK(contains(measured.clients(), "landmark=dead rtt=- to=203.0.113.250"));
    CHECK(contains(measured.clients(), "lost=0% samples="));
}

/// A client of the relay of yesterday, measured seven hours ago, who is to be asked again.
void measure_what_is_stale() {
    permit_ping_sockets(true);
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.zone", plain_zone("one.test"));
    const auto config =
        folder.write("isochrone.json", R"({"listen": "127.0.0.1:0", "relay": {"ports": 32400}})");
    const auto state = folder.path("state");
    ServerProcess first{{"--config", config, "--state", state, zone}};
    CHECK(first.stop() == 0);
    std::ifstream kept{state + "/clients"};
    std::string text{std::istreambuf_iterator<char>{kept}, {}};
    text.insert(text.find("end\n"),
                "203.0.114.0/24 25200000 90000 1500 7 0 0 203.0.114.8 25200000\n");
    std::ofstream{state + "/clients"} << text;
    const ServerProcess second{{"--config", config, "--state", state, zone}};
    CHECK(eventually([&] {
        const auto said = run({ISOCHRONE, "clients", "--state", state}).output;
        return contains(said, "client=203.0.114.0/24") && contains(said, "samples=8");
    }));
}

void send_nothing() {
    permit_ping_sockets(true);
    Endpoint home{"192.0.2.77", 0};
    const auto listener = bound_socket(SOCK_STREAM, home);
    Endpoint relay{"198.51.100.1", 0};
    const auto relay_socket = bound_socket(SOCK_STREAM, relay);
    const TcpClient viewer{relay};
    const auto before = connects();
    Measured measured{R"("relay": {"ports": )" + std::to_string(relay.port) +
                      R"(, "interval": "1s", "home": ")" + to_text(home) +
                      R"("}, "measure": {"active": false, "landmarks": [
        {"name": "near", "address": "203.0.114.8", "location": "London, GB"}]})"};
    measured.query_from("203.0.113.9");
    CHECK(measured.server().stop() == 0);
    CHECK_FALSE(measured.server().has_said("measures by"));
    CHECK(echoes() == 0);
    CHECK(connects() == before);
    CHECK_FALSE(contains(measured.server().errors(), "error"));
}

void send_nothing_by_default() {
    permit_ping_sockets(true);
    Measured measured{R"("identity": "plain")"};
    measured.query_from("203.0.113.9");
    CHECK(measured.server().stop() == 0);
    CHECK_FALSE(measured.server().has_said("measures by"));
    CHECK(echoes() == 0);
    CHECK(connects() == 0);
}

}  // namespace

TEST_CASE("a resolver that was seen is measured by a ping socket but never private space") {
    in_private_network(addresses, measure_by_ping_socket);
}

TEST_CASE("CAP_NET_RAW does where ping sockets are not permitted") {
    in_private_network(addresses, measure_by_raw_socket);
}

TEST_CASE("a refused TCP connection is the answer where neither is permitted") {
    in_private_network(addresses, measure_by_connect);
}

TEST_CASE("landmarks and home are asked and shown by `clients`") {
    in_private_network(addresses, measure_landmarks_and_home);
}

TEST_CASE("a network in use whose measurement is old is asked again after a restart too") {
    in_private_network(addresses, measure_what_is_stale);
}

TEST_CASE("nothing is sent to anybody when it is switched off") {
    in_private_network(addresses, send_nothing);
}

TEST_CASE("a server without a relay or landmarks sends nothing to anybody") {
    in_private_network(addresses, send_nothing_by_default);
}

TEST_CASE("each handshake counts as one asking also where none is answered") {
    in_private_network(addresses, count_handshakes);
}

}  // namespace measuring_test
