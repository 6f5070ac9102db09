// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/debug_names.hpp"

#include "dnsd/report/lines.hpp"
#include "tests/dnsd/watched_zones.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>

namespace explain_debug_names_test {

using support::Lines;
using support::WatchedZones;

namespace {

constexpr unsigned most_waiting = 64;

/// Zones that are watched and served, and whoever answers for what is known of them.
class Observed {
 public:
    explicit Observed(const std::vector<std::string>& texts) {
        world.attach(texts);
        auto snapshot = std::make_shared<engine::Snapshot>();
        snapshot->catalog = world.catalog;
        snapshot->observers = {support::prefix("127.0.0.0/8")};
        snapshots.publish(std::move(snapshot));
    }

    /// Leaves a query there; what comes back is in `replies` in time.
    void leave(const support::Query& query, engine::Transport transport) {
        observatory.observe(support::to_bytes(query),
                            {.address = support::address("127.0.0.1"), .transport = transport},
                            [this](engine::Answer answer) {
                                const std::lock_guard lock{mutex};
                                replies.push_back(std::move(answer.message));
                            });
    }
    [[nodiscard]] std::size_t reply_count() {
        const std::lock_guard lock{mutex};
        return replies.size();
    }
    support::Answer ask(const support::Query& query,
                        engine::Transport transport = engine::Transport::Tcp) {
        const auto before = reply_count();
        leave(query, transport);
        world.run_until([&] { return reply_count() > before; });
        return support::decode(replies.back());
    }

    WatchedZones world;
    engine::Snapshots snapshots{std::make_shared<const engine::Snapshot>()};
    std::mutex mutex;
    std::vector<std::vector<std::uint8_t>> replies;
    control::Observatory observatory{
        world.context, *world.health, snapshots, {}, [this](const auto& zone, auto edge) {
            const control::DashboardReport report{
                .zone = {.apex = zone, .health = world.health->status(zone)}};
            return edge ? control::probes_lines(report.zone, *edge, probes::Clock::now())
                        : control::probes_lines(report, probes::Clock::now());
        }};
};

support::Query text_query(std::string name) {
    return {.name = std::move(name), .type = "TXT"};
}

std::string edges_json(int count, std::string& names) {
    std::string edges;
    for (int i = 0; i < count; ++i) {
        const std::string separator = i == 0 ? "" : ", ";
        const auto name = "\"edge" + std::to_string(i) + "\"";
        edges += separator + name + R"(: {"addresses": "192.0.)" + std::to_string(i / 256) + "." +
                 std::to_string(i % 256) + "\"}";
        names += separator + name;
    }
    return R"("edges": {)" + edges + "}";
}

bool any_contains(const Lines& lines, std::string_view part) {
    return std::ranges::any_of(
        lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the dashboard has a line an edge, in the zone's order, and each edge has its own") {
    WatchedZones files;
    Observed observed{{files.zone("example.", {"a", "b"})}};
    const auto all = observed.ask(text_query("_probes.example."));
    REQUIRE(all.answer.size() == 2);
    CHECK(all.answer[0].starts_with("_probes.example. 0 IN TXT \"edge=a "));
    CHECK(all.answer[1].starts_with("_probes.example. 0 IN TXT \"edge=b "));
    const auto one = observed.ask(text_query("b._probes.example."));
    REQUIRE_FALSE(one.answer.empty());
    CHECK(one.answer[0].starts_with("b._probes.example. 0 IN TXT \"edge=b "));
    CHECK(any_contains(one.answer, "addresses=192.0.2.2"));
}

TEST_CASE(
    "without EDNS a dashboard of more than 512 octets is truncated over UDP, whole over TCP") {
    WatchedZones files;
    Observed observed{{files.zone("example.", {"a", "b", "c", "d", "e", "f"})}};
    const auto query = text_query("_probes.example.");
    const auto over_udp = observed.ask(query, engine::Transport::Udp);
    CHECK(over_udp.tc());
    CHECK(over_udp.bytes.size() <= 512);
    CHECK(observed.ask(query).answer.size() == 6);
}

TEST_CASE("a dashboard of more edges than a message holds says how many are left out") {
    std::string names;
    const auto edges = edges_json(4096, names);
    Observed observed{{support::zone_text(
        "example.", R"("@": {"steer": {"failover": [)" + names + "]}}", edges)}};
    const auto all = observed.ask(text_query("_probes.example."));
    CHECK_FALSE(all.tc());
    CHECK(all.answer.size() > 200);
    CHECK(any_contains(all.answer, "\"left_out="));
    CHECK(any_contains({all.answer.front()}, "edge=edge0 "));
    CHECK(any_contains({all.answer.back()}, "edge=edge4095 "));
    const auto one = observed.ask(text_query("edge4095._probes.example."));
    CHECK(any_contains(one.answer, "edge=edge4095 "));
    // Which edge was chosen stands behind all edges, and must not be what is missing.
    const auto why = observed.ask(text_query("_why.example."));
    CHECK_FALSE(why.tc());
    CHECK(any_contains(why.answer, "generation="));
}

TEST_CASE("what fits is left as it is, and what does not loses its middle") {
    const Lines few(10, "x");
    CHECK(control::fit_message(few) == few);
    CHECK(control::fit_message({}).empty());
    for (const std::size_t length : {1U, 100U, 255U}) {
        CAPTURE(length);
        const auto most = 65'000 / (length + 13);
        Lines lines(most, std::string(length, 'x'));
        CHECK(control::fit_message(lines) == lines);
        for (std::size_t more = 1; more < 40; ++more) {
            lines.push_back(std::string(length, 'x'));
            auto fitted = control::fit_message(lines);
            std::size_t size = 0;
            for (const auto& line : fitted) size += line.size() + 13;
            CHECK(size <= 65'000);
            const auto left_out = std::ranges::find_if(
                fitted, [](const auto& line) { return line.starts_with("left_out="); });
            REQUIRE(left_out != fitted.end());
            const auto count = std::stoul(left_out->substr(9));
            CHECK(fitted.size() - 1 + count == lines.size());
            CHECK(fitted.end() - left_out == 17);
        }
    }
}

TEST_CASE("reasons are given for aliases, wildcards and empty names, and not below a delegation") {
    std::string names;
    const auto edges = edges_json(3, names);
    Observed observed{
        {support::zone_text("example.", R"("@": {"steer": {"all": [)" + names + R"(]}},
           "www": {"CNAME": "@"}, "out": {"CNAME": "a.test."}, "*.wild": {"steer": "edge1"},
           "a.b": {"A": "192.0.2.99"}, "cut": {"NS": "ns.elsewhere.test."})",
                            edges)}};
    struct Row {
        const char* name;
        const char* says;
    };
    const Row rows[] = {
        {"_why.example.", "chosen=edge0, edge1, edge2"},
        {"_why.www.example.", "chosen=edge0, edge1, edge2"},
        {"_why.out.example.", "a.test."},
        {"_why.x.wild.example.", "chosen=edge1"},
        {"_why.a.b.example.", "192.0.2.99"},
        {"_why.b.example.", "steer=none"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto got = observed.ask(text_query(row.name));
        CHECK(got.rcode == "NOERROR");
        CHECK(any_contains(got.answer, row.says));
        CHECK(any_contains(got.answer, "\"generation="));
    }
    CHECK(observed.ask(text_query("_why.x.cut.example.")).answer.empty());
}

TEST_CASE("reasons honour the client subnet as answers do") {
    std::string names;
    const auto edges = edges_json(2, names);
    Observed observed{{support::zone_text(
        "example.", R"("@": {"steer": {"failover": [)" + names + "]}}", edges)}};
    struct Row {
        const char* subnet;
        int scope;
        const char* says;
    };
    const Row rows[] = {
        {"20.1.2.0/24", 24, "20.1.2.0/24 (client subnet, sent by 127.0.0.1)"},
        {"2a00:1::/56", 56, "2a00:1::/56 (client subnet, sent by 127.0.0.1)"},
        {"0.0.0.0/0", 0, "127.0.0.1"},
        {"::/0", 0, "127.0.0.1"},
        {"10.1.2.0/24", 24, "counts as absent"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.subnet);
        const auto got = observed.ask(support::query_from("_why.example.", "TXT", row.subnet));
        CHECK(got.rcode == "NOERROR");
        CHECK(got.scope() == row.scope);
        CHECK(any_contains(got.answer, row.says));
    }
}

TEST_CASE("observers past the most are told so at once, and nobody is met with silence") {
    WatchedZones files;
    Observed observed{{files.zone("example.", {"a"})}};
    constexpr unsigned many = 1000;
    for (unsigned round = 0; round < 3; ++round) {  // what is done makes room again
        observed.replies.clear();
        for (unsigned i = 0; i < many; ++i) {
            observed.leave(text_query("_probes.example."), engine::Transport::Udp);
        }
        CHECK(observed.reply_count() == many - most_waiting);
        for (const auto& reply : observed.replies) {
            REQUIRE(any_contains(support::decode(reply).answer, "busy"));
        }
        observed.world.run_until([&] { return observed.reply_count() == many; });
        for (std::size_t i = many - most_waiting; i < many; ++i) {
            CHECK(any_contains(support::decode(observed.replies[i]).answer, "edge=a "));
        }
    }
}

TEST_CASE("explain has the reasons that _why has") {
    WatchedZones files;
    files.say("a", "down");
    Observed observed{{files.zone("example.", {"a", "b"})}};
    observed.world.run_first_round();
    const auto why = observed.ask(text_query("_why.example."));
    std::optional<control::Rows> rows;
    boost::asio::co_spawn(observed.world.context,
                          observed.observatory.explain(*zones::Name::from_text("example.", {}),
                                                       {.prefix = support::prefix("127.0.0.1")}),
                          [&](std::exception_ptr fault, control::Rows found) {
                              CHECK(fault == nullptr);
                              rows = std::move(found);
                          });
    observed.world.run_until([&] { return rows.has_value(); });
    const auto lines = control::text_lines(*rows);
    REQUIRE(lines.size() == why.answer.size());
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {  // the last one tells a time
        CAPTURE(lines[i]);
        CHECK(why.answer[i] == "_why.example. 0 IN TXT \"" + lines[i] + "\"");
    }
    CHECK(any_contains(lines, "down, out of the answers: its check fails"));
}

TEST_CASE("a zone that goes while it is asked for is refused") {
    WatchedZones files;
    Observed observed{{files.zone("example.", {"a"})}};
    observed.leave(text_query("_probes.example."), engine::Transport::Udp);
    observed.leave(text_query("_why.example."), engine::Transport::Udp);
    observed.world.attach({});
    observed.snapshots.publish(std::make_shared<const engine::Snapshot>());
    observed.world.run_until([&] { return observed.reply_count() == 2; });
    for (const auto& reply : observed.replies) CHECK(support::decode(reply).rcode == "REFUSED");
}

}  // namespace explain_debug_names_test
