// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"
#include "tests/probes/certificate.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <string>

#include <stdlib.h>
#include <sys/socket.h>

namespace check_tls_probe_test {

using probes::Check;
using probes::Verdict;
using probes_test::Certificate;
using probes_test::make_certificate;
using probes_test::run;
using probes_test::Server;
using probes_test::Subject;
using probes_test::tls_answer;
using probes_test::tls_server;
using Kind = Check::Kind;

namespace {

constexpr std::chrono::hours day{24};
const std::string ok = "HTTP/1.1 200 OK\r\n\r\nthe MediaContainer";

/// The authorities that this process trusts, and what they and others have signed.
class World {
 public:
    World() {
        std::signal(SIGPIPE, SIG_IGN);  // OpenSSL in the servers writes to who has gone
        const auto trusted = pem_of(authority) + pem_of(between);
        ::setenv("SSL_CERT_FILE", folder_.write("authorities.pem", trusted).c_str(), 1);
        ::setenv("SSL_CERT_DIR", folder_.path("none").c_str(), 1);
    }

 private:
    static constexpr const char* names = "DNS:plex.example.com,DNS:*.tv.example.com,IP:127.0.0.1";
    support::TemporaryFolder folder_;

 public:
    Certificate authority = make_certificate({.name = "Authority"}, nullptr);
    Certificate stranger = make_certificate({.name = "Stranger"}, nullptr);
    Certificate between = make_certificate({.name = "Between"}, &stranger);  // trusted itself
    Certificate below = make_certificate({.name = "below", .alternative_names = names}, &between);
    Certificate good = make_certificate({.name = "good", .alternative_names = names}, &authority);
    Certificate unaddressed = make_certificate(
        {.name = "unaddressed", .alternative_names = "DNS:plex.example.com"}, &authority);
    Certificate expired = make_certificate(
        {.name = "expired", .alternative_names = names, .from = -9 * day, .until = -day},
        &authority);
    Certificate early =
        make_certificate({.name = "early", .alternative_names = names, .from = day}, &authority);
    Certificate self_signed =
        make_certificate({.name = "self", .alternative_names = names}, nullptr);
    Certificate strange =
        make_certificate({.name = "strange", .alternative_names = names}, &stranger);
    Certificate weak = make_certificate({.name = "weak", .alternative_names = names}, &authority,
                                        probes_test::KeyKind::TooShort);
};

const World& world() {
    static const World made;
    return made;
}

Check check_of(Kind kind, const Server& server, const std::string& host = "plex.example.com") {
    auto check = probes_test::check_of(kind, server.port());
    check.host = host;
    return check;
}

}  // namespace

TEST_CASE("chain, name and dates of a certificate are verified, or nothing is") {
    struct Row {
        const char* name;
        const Certificate& certificate;
        const char* host;
        const char* fault;  // empty: none
    };
    const auto& all = world();
    const char* untrusted = "unable to get local issuer certificate";
    const char* plex = "plex.example.com";
    const Row rows[] = {
        {"good", all.good, plex, ""},
        {"a dot at the name's end", all.good, "plex.example.com.", ""},
        {"a wildcard", all.good, "a.tv.example.com", ""},
        {"the address, by default", all.good, "", ""},
        {"the address as a host", all.good, "127.0.0.1", ""},
        {"another name", all.good, "other.example.com", "hostname mismatch"},
        {"deeper than a wildcard", all.good, "a.b.tv.example.com", "hostname mismatch"},
        {"another address", all.good, "127.0.0.2", "IP address mismatch"},
        {"no address", all.unaddressed, "", "IP address mismatch"},
        {"below who is trusted", all.below, plex, ""},
        {"expired", all.expired, plex, "certificate has expired"},
        {"not yet valid", all.early, plex, "certificate is not yet valid"},
        {"self-signed", all.self_signed, plex, "self-signed certificate"},
        {"an authority unknown", all.strange, plex, untrusted},
        {"a weak key", all.weak, plex, "EE certificate key too weak"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{tls_server(row.certificate, tls_answer(ok))};
        for (const auto kind : {Kind::Https, Kind::Tls}) {
            auto check = check_of(kind, server, row.host);
            const auto verified = run(check);
            const bool good = *row.fault == '\0';
            CHECK(verified.verdict == (good ? Verdict::Pass : Verdict::Fail));
            if (!good) CHECK(verified.text == row.fault);
            if (good && kind == Kind::Https) CHECK(verified.text == "HTTP 200");

            check.verify = false;
            CHECK(run(check).verdict == Verdict::Pass);
        }
    }
}

TEST_CASE("a server that wants to hear of HTTP/1.1 does (RFC 7301 section 3.1)") {
    const Server server{tls_server(world().good, tls_answer(ok), {.protocol = "http/1.1"})};
    CHECK(run(check_of(Kind::Https, server)).text == "HTTP 200");
}

TEST_CASE("the certificate may have another name than the host") {
    const Server server{tls_server(world().good, tls_answer(ok))};
    for (const auto kind : {Kind::Https, Kind::Tls}) {
        auto check = check_of(kind, server, "somewhere.else");
        CHECK(run(check).text == "hostname mismatch");
        check.server_name = "plex.example.com";
        CHECK(run(check).verdict == Verdict::Pass);
        check.host = "plex.example.com";
        check.server_name = "other.example.com";
        CHECK(run(check).text == "hostname mismatch");
    }
}

TEST_CASE("a certificate has to be good for the days asked for, verified or not") {
    struct Row {
        const char* name;
        std::chrono::hours until;
        std::uint16_t days_left;
        Verdict verdict;
        const char* expected;
    };
    const std::chrono::hours hour{1};
    const Row rows[] = {
        {"none asked for", 63 * day + hour, 0, Verdict::Pass, "certificate good for 63 days"},
        {"as many", 63 * day + hour, 63, Verdict::Pass, "certificate good for 63 days"},
        {"one too few", 63 * day - hour, 63, Verdict::Fail,
         "certificate good for 62 days, 63 are asked for"},
        {"one day", day + hour, 0, Verdict::Pass, "certificate good for 1 day"},
        {"less than one day", hour, 1, Verdict::Fail,
         "certificate good for 0 days, 1 are asked for"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto certificate = make_certificate(
            {.name = "x", .alternative_names = "DNS:plex.example.com", .until = row.until},
            &world().authority);
        const Server server{tls_server(certificate, probes_test::TlsScript{[](SSL*) {}})};
        for (const bool verify : {true, false}) {
            auto check = check_of(Kind::Tls, server);
            check.days_left = row.days_left;
            check.verify = verify;
            const auto result = run(check);
            CHECK(result.verdict == row.verdict);
            CHECK(result.text == row.expected);
        }
    }
}

TEST_CASE("an expired certificate that is not verified still has no days left") {
    const Server server{tls_server(world().expired, tls_answer(ok))};
    auto check = check_of(Kind::Tls, server);
    check.verify = false;
    CHECK(run(check).text == "certificate has expired");
    check.days_left = 1;
    const auto result = run(check);
    CHECK(result.verdict == Verdict::Fail);
    CHECK(result.text == "certificate has expired, 1 are asked for");
}

TEST_CASE("the server is told the name, but never an address (RFC 6066 section 3)") {
    struct Row {
        const char* name;
        const char* host;
        const char* expected;
    };
    const Row rows[] = {
        {"a name", "plex.example.com", "plex.example.com"},
        {"a dot behind", "plex.example.com.", "plex.example.com"},
        {"the address", "", ""},
        {"an IPv4 host", "127.0.0.1", ""},
        {"an IPv6 host", "2001:db8::1", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        std::string asked;
        {
            const Server server{tls_server(world().good, [&](SSL* tls) {
                const auto* name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
                asked = name == nullptr ? "" : name;
                tls_answer(ok)(tls);
            })};
            auto check = check_of(Kind::Https, server, row.host);
            check.verify = false;
            CHECK(run(check).verdict == Verdict::Pass);
        }
        CHECK(asked == row.expected);
    }
}

TEST_CASE("HTTP inside TLS is judged as it is outside") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string half = head + "Content-Length: 9\r\n\r\nhalf";
    const std::string nothing = "closed before an answer";
    const std::string half_head = "closed in the middle of an answer";
    const std::string missing = "HTTP 200, but the text is not in its first 5 KiB";
    const std::string cut = "HTTP 200, but its body is cut short";
    struct Row {
        const char* name;
        std::string answer;
        Verdict verdict;
        std::string expected;
    };
    const Row rows[] = {
        {"a body ended by closing", ok, Verdict::Pass, "HTTP 200"},
        {"a text that is not there", head + "\r\nelse", Verdict::Fail, missing},
        {"a body cut short", half, Verdict::Fail, cut},
        {"a status not asked for", "HTTP/1.1 503 No\r\n\r\n", Verdict::Fail, "HTTP 503"},
        {"half a head", head, Verdict::Fail, half_head},
        {"nothing", "", Verdict::Fail, nothing},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{tls_server(world().good, tls_answer(row.answer))};
        auto check = check_of(Kind::Https, server);
        check.body = "MediaContainer";
        const auto result = run(check);
        CHECK(result.verdict == row.verdict);
        CHECK(result.text == row.expected);
    }
}

TEST_CASE("what is no TLS fails, verified or not, and says so") {
    const auto plain = [](int socket) {
        probes_test::write_all(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
        probes_test::wait_for_close(socket);
    };
    const auto closed = [](int socket) {
        std::array<char, 16384> hello{};
        ::recv(socket, hello.data(), hello.size(), 0);
    };
    const auto old = tls_server(world().good, tls_answer(ok), {.newest = TLS1_1_VERSION});
    struct Row {
        const char* name;
        Server::Script script;
        const char* expected;
    };
    const Row rows[] = {
        {"plain HTTP", plain, "TLS: wrong version number"},
        {"TLS 1.1", old, "TLS: tlsv1 alert protocol version"},
        {"closed at once", closed, "closed before an answer"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{row.script};
        for (const auto kind : {Kind::Https, Kind::Tls}) {
            for (const bool verify : {true, false}) {
                auto check = check_of(kind, server);
                check.verify = verify;
                const auto result = run(check);
                CHECK(result.verdict == Verdict::Fail);
                CHECK(result.text == row.expected);
            }
        }
    }
}

TEST_CASE("a handshake that is not answered fails when the time is up") {
    const Server server{probes_test::wait_for_close};
    for (const auto kind : {Kind::Https, Kind::Tls}) {
        auto check = check_of(kind, server);
        check.timeout = probes_test::short_timeout;
        const auto [result, taken] = probes_test::run_timed(check);
        CHECK(result.verdict == Verdict::Fail);
        CHECK(result.text == "no answer within 200 ms");
        CHECK(taken >= check.timeout);
        CHECK(taken < probes_test::bound);
    }
}

}  // namespace check_tls_probe_test
