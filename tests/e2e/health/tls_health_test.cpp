// SPDX-License-Identifier: Apache-2.0
// Edges whose certificate is not what a client would accept.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/probes/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace tls_health_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";
constexpr const char* names = "DNS:health.test";
constexpr std::string_view quick_tls =
    R"("interval": "1s", "timeout": "1s", "rise": 1, "fall": 2, "damping": false)";

using probes_test::Certificate;
const Certificate& authority() {
    static const auto made = probes_test::make_certificate({.name = "Test authority"}, nullptr);
    return made;
}
const Certificate& good() {
    static const auto made = probes_test::make_certificate(
        {.name = "health.test", .alternative_names = names}, &authority());
    return made;
}
const Certificate& expired() {
    using std::chrono::hours;
    static const auto made = probes_test::make_certificate(
        {.name = "health.test", .alternative_names = names, .from = hours{-48}, .until = hours{-1}},
        &authority());
    return made;
}

Relay::Script shows(const Certificate& certificate) {
    return probes_test::tls_server(certificate,
                                   probes_test::tls_answer(http_answer("200 OK", "fine")));
}

/// Trusts the tests' authority alone.
Command trusting(const support::TemporaryFolder& folder) {
    const auto file = folder.write("authority.pem", probes_test::pem_of(authority()));
    return {"env", "SSL_CERT_FILE=" + file, "SSL_CERT_DIR=" + folder.path("none")};
}

std::string zone_with(const Relay& first, const Relay& second, std::string_view kind,
                      const std::string& keys) {
    return to_text(
        {.edges = {edge_of("first", first,
                           "\"check\": " + check_of(kind, first, keys + std::string{quick_tls})),
                   tcp_edge("second", second)},
         .steers = {{"where", failover({"first", "second"})}}});
}

}  // namespace

TEST_CASE("an edge whose certificate expires goes out until it has a new one") {
    Relay first{"127.0.0.1", shows(good())};
    const Relay second{"127.0.0.2"};
    const support::TemporaryFolder folder;
    for (const std::string kind : {"https", "tls"}) {
        CAPTURE(kind);
        first.behave(shows(good()));
        const ServerProcess server{{folder.write("a.json", zone_with(first, second, kind, ""))},
                                   trusting(folder)};
        CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
        first.behave(shows(expired()));
        CHECK(comes_to(server, name, "127.0.0.2"));
        CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.2\n");
        const auto lines = observed(server, "first._probes.health.test");
        CHECK(fact(line_with(lines, "result=fail"), "said") == "certificate_has_expired");
        first.behave(shows(good()));
        CHECK(comes_to(server, name, "127.0.0.1"));
    }
}

TEST_CASE("an expired certificate takes no edge out whose certificate is not to be verified") {
    const Relay first{"127.0.0.1", shows(expired())};
    const Relay second{"127.0.0.2"};
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {folder.write("a.json", zone_with(first, second, "https", R"("verify": false, )"))},
        trusting(folder)};
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
    CHECK(edge_fact(server, "first", "state") == "up");
}

TEST_CASE("a certificate of another name, and one that ends too soon, take an edge out") {
    const Relay first{"127.0.0.1", shows(good())};
    const Relay second{"127.0.0.2"};
    const struct {
        std::string kind;
        std::string keys;
        std::string said;
    } rows[] = {
        {"https", R"("host": "other.test", )", "hostname_mismatch"},
        {"tls", R"("days_left": 90, )", "days"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.kind);
        const support::TemporaryFolder folder;
        const ServerProcess server{
            {folder.write("a.json", zone_with(first, second, row.kind, row.keys))},
            trusting(folder)};
        CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.2\n");
        const auto lines = observed(server, "first._probes.health.test");
        const auto said = fact(line_with(lines, "result=fail"), "said");
        CAPTURE(said);
        CHECK(said.find(row.said) != std::string::npos);
    }
}

}  // namespace tls_health_test
