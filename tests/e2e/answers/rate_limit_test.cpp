// SPDX-License-Identifier: Apache-2.0
// What a flood gets from the server, and what its honest neighbours do.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace rate_limit_test {

using namespace e2e;

namespace {

class Limited {
 public:
    explicit Limited(const std::string& settings)
        : zone_{folder_.write("zone.json", plain_zone("one.test"))},
          server_{
              {"--config",
               folder_.write("isochrone.json",
                             R"({ "listen": "127.0.0.1:0", "zones": "zone.json", "workers": 1)" +
                                 settings + " }"),
               "--state", folder_.path("state")}} {}

    [[nodiscard]] const Endpoint& at() const { return server_.endpoint(); }

    /// The answers to so many queries at once. Errors behind them, of a kind that is not limited yet,
    /// say that all have been seen: one, and another that is asked alone, as what slips may wait until
    /// nobody else does.
    struct Answers {
        unsigned whole = 0;
        unsigned truncated = 0;
    };
    [[nodiscard]] Answers flood(std::uint16_t count) const {
        const UdpClient client{at()};
        for (std::uint16_t id = 1; id <= count; ++id)
            client.send(to_octets({.name = "one.test", .id = id}));
        Answers answers;
        for (int i = 0; i < 2; ++i) {
            client.send(to_octets({.name = "other.test", .id = 0}));
            for (auto octets = client.receive(); octets; octets = client.receive()) {
                const auto reply = read_reply(*octets);
                if (reply.id == 0) break;
                (reply.truncated ? answers.truncated : answers.whole) += 1;
            }
        }
        return answers;
    }
    [[nodiscard]] nlohmann::json queries() const {
        const auto status =
            run(isochrone({"status", "--json", "--state", folder_.path("state")})).output;
        return nlohmann::json::parse(status).at("queries");
    }

 private:
    support::TemporaryFolder folder_;
    std::string zone_;
    ServerProcess server_;
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a flood gets its share, and its neighbours get theirs by TCP or with a cookie") {
    const Limited limited{R"(, "rate_limit": { "per_second": 1, "exempt": [] })"};
    // Ten pass at once, and perhaps those of some seconds on a slow machine.
    const auto answers = limited.flood(110);
    CHECK(answers.whole >= 10);
    CHECK(answers.whole <= 10 + 30);
    CHECK(answers.truncated >= 35);
    CHECK(answers.truncated <= 50);
    const auto counted = limited.queries();
    CHECK(counted.at("limit_slipped") == answers.truncated);
    CHECK(counted.at("limit_dropped") == 110 - answers.whole - answers.truncated);

    const TcpClient tcp{limited.at()};
    CHECK(tcp.ask({.name = "one.test"}).rcode == "NOERROR");
    // dig takes BADCOOKIE for what it is, and asks again with the cookie that came with it.
    const auto first =
        run(dig(limited.at(), {"one.test", "A", "+cookie", "+tries=20", "+time=1"})).output;
    CAPTURE(first);
    CHECK(contains(first, "status: NOERROR"));
    CHECK(contains(first, " (good)"));
    constexpr std::string_view before = "; COOKIE: ";
    const auto cookie = first.substr(first.find(before) + before.size(), 48);
    for (int i = 0; i < 20; ++i)
        CHECK(dig_short(limited.at(), {"one.test", "A", "+cookie=" + cookie}) == "192.0.2.1\n");
}

TEST_CASE("loopback is exempt unless the config says otherwise, and 0 turns the limit off") {
    for (const auto* settings :
         {R"(, "rate_limit": { "per_second": 1 })",
          R"(, "rate_limit": { "per_second": 0, "exempt": [] })",
          R"(, "rate_limit": { "per_second": 1, "exempt": ["192.0.2.0/24", "127.0.0.1"] })"}) {
        CAPTURE(settings);
        const Limited limited{settings};
        const auto answers = limited.flood(100);
        CHECK(answers.whole == 100);
        CHECK(answers.truncated == 0);
        CHECK(limited.queries().at("limit_dropped") == 0);
    }
}

}  // namespace rate_limit_test
