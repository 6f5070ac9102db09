// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"
#include "tests/probes/server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace check_http_probe_test {

using probes::Check;
using probes::StatusRange;
using probes::Verdict;
using probes_test::answer;
using probes_test::run;
using probes_test::Server;
using Script = Server::Script;

namespace {

const std::string filler(5 << 10, 'x');

Check http_check(const Server& server) {
    return probes_test::check_of(Check::Kind::Http, server.port());
}

std::string response(const std::string& status, const std::string& body = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
}

std::string chunked(const std::vector<std::string>& chunks) {
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto& chunk : chunks) {
        constexpr const char* digits = "0123456789abcdef";
        std::string length;
        for (auto rest = chunk.size(); rest > 0; rest /= 16) length.insert(0, 1, digits[rest % 16]);
        text += length + "\r\n" + chunk + "\r\n";
    }
    return text + "0\r\n\r\n";
}

/// One octet a segment, so that the client reads many times.
Script dribble(const std::string& text) {
    return [text](int socket) {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        probes_test::read_head(socket);
        for (const char c : text) probes_test::write_all(socket, {&c, 1});
    };
}

/// `begin`, then `again` until the client closes.
Script endless(const std::string& begin, const std::string& again = filler) {
    return [begin, again](int socket) {
        probes_test::read_head(socket);
        probes_test::write_all(socket, begin);
        while (probes_test::write_all(socket, again)) {
        }
    };
}

Script reset() {
    return [](int socket) {
        probes_test::read_head(socket);
        probes_test::reset_at_close(socket);
    };
}

}  // namespace

TEST_CASE("the request is one that every server understands") {
    std::string request;
    {
        const Server server{[&](int socket) {
            request = probes_test::read_head(socket);
            probes_test::write_all(socket, response("200 OK"));
        }};
        auto check = http_check(server);
        check.path = "/identity?x=1";
        const auto port = std::to_string(server.port());
        std::string host = "127.0.0.1:" + port;
        SUBCASE("by address") {}
        SUBCASE("by name") {
            check.host = "plex.example.com";
            host = "plex.example.com:" + port;
        }
        SUBCASE("by an address of IPv6") {
            check.host = "2001:db8::1";
            host = "[2001:db8::1]:" + port;
        }
        REQUIRE(run(check).verdict == Verdict::Pass);
        CHECK(request.find("\r\nHost: " + host + "\r\n") != std::string::npos);
    }
    CHECK(request.starts_with("GET /identity?x=1 HTTP/1.1\r\n"));
    CHECK(request.find("\r\nAccept: */*\r\n") != std::string::npos);
    CHECK(request.find("\r\nUser-Agent: isochrone/probe\r\n") != std::string::npos);
    CHECK(request.find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("a check can be told what is asked, and how") {
    std::string request;
    {
        const Server server{[&](int socket) {
            request = probes_test::read_head(socket);
            probes_test::write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
        }};
        auto check = http_check(server);
        check.method = "HEAD";
        check.headers = {{"X-Token", "a b"}, {"user-agent", "Mozilla"}};
        CHECK(run(check).verdict == Verdict::Pass);
    }
    CHECK(request.starts_with("HEAD / HTTP/1.1\r\nHost: "));
    CHECK(request.find("\r\nX-Token: a b\r\n") != std::string::npos);
    CHECK(request.find("\r\nuser-agent: Mozilla\r\n") != std::string::npos);
    CHECK(request.find("User-Agent: isochrone") == std::string::npos);
    CHECK(request.ends_with("\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("an answer is read as it comes, whatever its lines end in") {
    const Server server{answer("HTTP/1.0 200\nContent-Type: text/plain\n\nHealthy")};
    auto check = http_check(server);
    check.body = "Healthy";
    CHECK(run(check).text == "HTTP 200");
    const Server cut{answer("HTTP/1.1 200 OK\r\nServer: x")};
    CHECK(run(http_check(cut)).text == "HTTP 200");
}

TEST_CASE("the status has to be one of those asked for") {
    using Statuses = std::vector<StatusRange>;
    const Statuses usual{StatusRange{}};
    const Statuses open{StatusRange{}, StatusRange{401, 401}};
    const Statuses closed{StatusRange{401, 401}};
    const Statuses elsewhere{StatusRange{301, 302}, StatusRange{307, 308}};
    struct Row {
        const char* name;
        const char* status;
        Statuses statuses;
        Verdict expected;
    };
    const Row rows[] = {
        {"200, as usual", "200 OK", usual, Verdict::Pass},
        {"299, as usual", "299 Odd", usual, Verdict::Pass},
        {"204 without a body", "204 No Content", usual, Verdict::Pass},
        {"a redirect", "302 Found", usual, Verdict::Fail},
        {"no more HTTP", "101 Switching", usual, Verdict::Fail},
        {"503", "503 Unavailable", usual, Verdict::Fail},
        {"401, asked for", "401 No", open, Verdict::Pass},
        {"402, not asked for", "402 No", open, Verdict::Fail},
        {"200, not asked for", "200 OK", closed, Verdict::Fail},
        {"a redirect asked for", "302 Found", elsewhere, Verdict::Pass},
        {"none asked for", "200 OK", Statuses{}, Verdict::Fail},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{answer(response(row.status))};
        auto check = http_check(server);
        check.statuses = row.statuses;
        const auto result = run(check);
        CHECK(result.verdict == row.expected);
        CHECK(result.text == "HTTP " + std::string{row.status}.substr(0, 3));
    }
}

TEST_CASE("what is no whole answer fails, and says what it was") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const auto interim = endless("", "HTTP/1.1 103 Early Hints\r\n\r\n");
    const std::string ssh = "SSH-2.0-OpenSSH_9.2p1\r\n\r\n";
    const auto fields = endless(head, "X: " + filler + "\r\n");
    const std::string cut = "closed in the middle of an answer";
    const std::string garbled = "the answer is not HTTP: \"SSH-2.0-OpenSSH_9.2p1\"";
    const std::string long_head = "the answer's head is longer than 300 KiB";
    struct Row {
        const char* name;
        Script script;
        std::string expected;
    };
    const Row rows[] = {
        {"closed at once", answer(""), "closed before an answer"},
        {"reset", reset(), "connection reset by peer"},
        {"half a status line", answer("HTTP/1.1 2"), cut},
        {"half an interim head", answer("HTTP/1.1 103 x\n"), cut},
        {"another protocol", answer(ssh), garbled},
        {"an endless field", endless(head + "X: "), long_head},
        {"endless fields", fields, long_head},
        {"an endless reason", endless("HTTP/1.1 200 "), long_head},
        {"endless interim heads", interim, long_head},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{row.script};
        const auto result = run(http_check(server));
        CHECK(result.verdict == Verdict::Fail);
        CHECK(result.text == row.expected);
    }
}

TEST_CASE("octets that mean nothing are not HTTP") {
    std::string octets;
    for (int i = 0; i < 4096; ++i) octets += static_cast<char>(i * 37 % 256);
    const Server server{answer(octets)};
    const auto result = run(http_check(server));
    CHECK(result.verdict == Verdict::Fail);
    CHECK(result.text.starts_with("the answer is not HTTP: "));
}

TEST_CASE("an answer that stops on its way fails when the time is up") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string silence = "no answer within 200 ms";
    const std::string no_end = "HTTP 200, but its body has no end within 200 ms";
    struct Row {
        const char* name;
        std::string answer;
        const char* body;
        std::string expected;
    };
    const Row rows[] = {
        {"nothing", "", "", silence},
        {"half a head", head + "Server:", "", silence},
        {"half a body", head + "Content-Length: 9\r\n\r\nhalf", "text", no_end},
        {"half a chunk", head + "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf", "text", no_end},
        {"body without end", head + "\r\nhalf", "text", no_end},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{probes_test::answer_and_wait(row.answer)};
        auto check = http_check(server);
        check.body = row.body;
        check.timeout = probes_test::short_timeout;
        const auto [result, taken] = probes_test::run_timed(check);
        CHECK(result.verdict == Verdict::Fail);
        CHECK(result.text == row.expected);
        CHECK(taken >= check.timeout);
        CHECK(taken < probes_test::bound);
    }
}

TEST_CASE("an answer that dribbles fails when the time of the whole attempt is up") {
    const Server server{[](int socket) {
        // Faster than the timeout, for ever: the time of a single read would never be up.
        while (probes_test::write_all(socket, "x")) {
            ::poll(nullptr, 0, 20);
        }
    }};
    auto check = http_check(server);
    check.timeout = probes_test::short_timeout;
    const auto [result, taken] = probes_test::run_timed(check);
    CHECK(result.verdict == Verdict::Fail);
    CHECK(taken < probes_test::bound);
}

TEST_CASE("a text is looked for in the first 5 KiB of the body") {
    const std::string text = "MediaContainer";
    const auto room = filler.size() - text.size();
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string plain = head + "\r\n";
    const std::string sized = head + "Content-Length: 99\r\n\r\n";
    const std::string huge = head + "Content-Length: 99999999999\r\n\r\n";
    const std::string in_chunks = head + "Transfer-Encoding: chunked\r\n\r\n";
    const auto chunks = endless(in_chunks, "1400\r\n" + filler + "\r\n");
    const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    const auto sized_text = response("200 OK", text);
    const auto failure = response("500 No", text);
    const auto at_the_end = filler.substr(0, room) + text;
    const auto too_far = filler.substr(0, room + 1) + text;
    const auto split = chunked({"<Med", "iaCont", "ainer>"});
    const auto apart = chunked({"Med", "ia-Cont", "ainer"});
    const auto behind = chunked({filler, text});
    const std::string found = "HTTP 200";
    const std::string missing = "HTTP 200, but the text is not in its first 5 KiB";
    const std::string cut = "HTTP 200, but its body is cut short";
    const std::string refused = "HTTP 500";
    const std::string garbled = "HTTP 200, but its body is not HTTP: bad chunk";
    struct Row {
        const char* name;
        Script script;
        Verdict verdict;
        std::string expected;
    };
    const auto whole = [](const std::string& body) { return answer(response("200 OK", body)); };
    const Row rows[] = {
        {"all of the body", whole(text), Verdict::Pass, found},
        {"in the middle", whole("<" + text + " size=0>"), Verdict::Pass, found},
        {"another case", whole("mediacontainer"), Verdict::Fail, missing},
        {"not there", whole("something else"), Verdict::Fail, missing},
        {"no body", whole(""), Verdict::Fail, missing},
        {"a body without length", answer(plain + "the " + text), Verdict::Pass, found},
        {"not in one without length", answer(plain + "nothing"), Verdict::Fail, missing},
        {"across chunks", answer(split), Verdict::Pass, found},
        {"not in chunks", answer(apart), Verdict::Fail, missing},
        {"across reads", dribble(sized_text), Verdict::Pass, found},
        {"across reads of chunks", dribble(split), Verdict::Pass, found},
        {"at the end of 5 KiB", whole(at_the_end), Verdict::Pass, found},
        {"one octet further", whole(too_far), Verdict::Fail, missing},
        {"in the chunk behind", answer(behind), Verdict::Fail, missing},
        {"before a cut", answer(sized + text), Verdict::Pass, found},
        {"behind a cut", answer(sized + "Media"), Verdict::Fail, cut},
        {"garbled chunks", answer(in_chunks + "Media\r\n"), Verdict::Fail, garbled},
        {"before an endless rest", endless(plain + text), Verdict::Pass, found},
        {"an endless body", endless(plain), Verdict::Fail, missing},
        {"endless chunks", chunks, Verdict::Fail, missing},
        {"a huge length", endless(huge), Verdict::Fail, missing},
        {"a status not asked for", answer(failure), Verdict::Fail, refused},
        {"behind early hints", answer(hints + sized_text), Verdict::Pass, found},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Server server{row.script};
        auto check = http_check(server);
        check.body = text;
        const auto result = run(check);
        CHECK(result.verdict == row.verdict);
        CHECK(result.text == row.expected);
    }
}

TEST_CASE("without a text the head is enough: the body may be endless") {
    const Server server{endless("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", filler)};
    const auto result = run(http_check(server));
    CHECK(result.verdict == Verdict::Pass);
    CHECK(result.text == "HTTP 200");
}

}  // namespace check_http_probe_test
