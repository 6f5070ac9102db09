// SPDX-License-Identifier: Apache-2.0
// What curl 7.88 takes for an answer, tried with each of these, and what browsers take beside it.
#include "probes/check/http_answer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace check_http_answer_test {

using probes::HttpAnswer;
using Stage = HttpAnswer::Stage;

namespace {

constexpr std::size_t body_limit = 5 << 10;

HttpAnswer read(std::string_view octets, std::size_t step) {
    HttpAnswer answer{body_limit};
    for (std::size_t at = 0; at < octets.size(); at += step) answer.feed(octets.substr(at, step));
    answer.end();
    return answer;
}

}  // namespace

TEST_CASE("an answer is read as browsers and curl read it (RFC 9112 section 2.2)") {
    struct Row {
        const char* name;
        std::string octets;
        unsigned status;
        const char* body;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    const Row rows[] = {
        {"as it should be", ok + "Content-Length: 4\r\n\r\nbody", 200, "body"},
        {"LF alone", "HTTP/1.1 200 OK\nContent-Length: 4\n\nbody", 200, "body"},
        {"LF in the head alone", ok + "A: b\nContent-Length: 4\r\n\r\nbody", 200, "body"},
        {"CR twice", "HTTP/1.1 200 OK\r\r\nA: b\r\r\n\r\r\nbody", 200, "body"},
        {"no fields", "HTTP/1.0 200 OK\r\n\r\nbody", 200, "body"},
        {"no reason", "HTTP/1.1 200\r\n\r\nbody", 200, "body"},
        {"no reason, but its blank", "HTTP/1.1 200 \r\n\r\nbody", 200, "body"},
        {"two blanks", "HTTP/1.1  200 OK\r\n\r\nbody", 200, "body"},
        {"no blank before the reason", "HTTP/1.1 200OK\r\n\r\nbody", 200, "body"},
        {"small letters", "http/1.1 200 ok\r\n\r\nbody", 200, "body"},
        {"version 2", "HTTP/2 200\r\n\r\nbody", 200, "body"},
        {"version 1.2", "HTTP/1.2 200\r\n\r\nbody", 200, "body"},
        {"an unknown status", "HTTP/1.1 999 Odd\r\n\r\nbody", 999, "body"},
        {"an empty line first", "\r\n" + ok + "\r\nbody", 200, "body"},
        {"octets beyond ASCII", "HTTP/1.1 200 \xC3\xA4\r\nX\xE4: \xFF\x01\r\n\r\nbody", 200,
         "body"},
        {"a line without a colon", ok + "nonsense\r\n\r\nbody", 200, "body"},
        {"a field without a name", ok + ": x\r\n\r\nbody", 200, "body"},
        {"a blank before the colon", ok + "Content-Length : 4\r\n\r\nbodyXX", 200, "body"},
        {"a folded field", ok + "Content-Length:\r\n 4\r\n\r\nbodyXX", 200, "body"},
        {"folded from the first on", ok + " c\r\n\r\nbody", 200, "body"},
        {"a length too short", ok + "Content-Length: 2\r\n\r\nbody", 200, "bo"},
        {"a length that is none", ok + "Content-Length: abc\r\n\r\nbody", 200, "body"},
        {"a length below 0", ok + "Content-Length: -1\r\n\r\nbody", 200, "body"},
        {"a list of lengths", ok + "Content-Length: 4, 4\r\n\r\nbodyXX", 200, "body"},
        {"a length with its unit", ok + "Content-Length: 4 bytes\r\n\r\nbodyXX", 200, "body"},
        {"a length with a sign", ok + "Content-Length: +4\r\n\r\nbodyXX", 200, "body"},
        {"the latest length counts", ok + "Content-Length: 2\r\nContent-Length: 4\r\n\r\nbodyXX",
         200, "body"},
        {"no length", ok + "\r\nbody", 200, "body"},
        {"a length of 0", ok + "Content-Length: 0\r\n\r\nbody", 200, ""},
        {"no body by its status", "HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\nbody", 204, ""},
        {"chunks", chunked + "4\r\nbody\r\n0\r\n\r\n", 200, "body"},
        {"chunks beside a length",
         ok + "Content-Length: 2\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n4\r\nbody\r\n0\r\n\r\n", 200,
         "body"},
        {"chunks in LF alone", chunked + "4\nbo\n\n\n0\n\n", 200, "bo\n\n"},
        {"chunks with extensions", chunked + "2;a=b\r\nbo\r\n002 \r\ndy\r\n0\r\nA: b\r\n\r\n", 200,
         "body"},
        {"an encoding that is none", ok + "Transfer-Encoding: identity\r\n\r\nbody", 200, "body"},
        {"many interim heads",
         interim + interim + interim + interim + interim + interim + ok + "\r\nbody", 200, "body"},
        {"an interim head in LF", "HTTP/1.1 103 Hints\nLink: x\n\n" + ok + "\r\nbody", 200, "body"},
        {"another protocol now", "HTTP/1.1 101 Switching\r\n\r\nbody", 101, "body"},
        {"closed behind the status", ok, 200, ""},
        {"closed behind a field", ok + "A: b\r\n", 200, ""},
        {"closed within a field", ok + "Content-Length: 0\r\nServer: x", 200, ""},
        {"a long field", ok + "A: " + std::string(90'000, 'x') + "\r\n\r\nbody", 200, "body"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, row.octets.size()}) {
            CAPTURE(step);
            const auto answer = read(row.octets, step);
            CHECK(answer.stage() == Stage::Done);
            CHECK(answer.status() == row.status);
            CHECK(answer.body() == row.body);
            CHECK(answer.fault() == "");
        }
    }
}

TEST_CASE("what neither browsers nor curl take is no answer") {
    struct Row {
        const char* name;
        std::string octets;
        unsigned status;
        std::string fault;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string cut = "its body is cut short";
    const std::string bad_chunk = "its body is not HTTP: bad chunk";
    const Row rows[] = {
        {"nothing", "", 0, "closed before an answer"},
        {"half a status line", "HTTP/1.1 200 OK", 0, "closed in the middle of an answer"},
        {"HTTP/0.9", "<p>hello</p>\n", 0, "the answer is not HTTP: \"<p>hello</p>\""},
        {"an old version", "HTTP/0.9 200 OK\r\n\r\n", 0,
         "the answer is not HTTP: \"HTTP/0.9 200 OK\""},
        {"radio", "ICY 200 OK\r\n\r\n", 0, "the answer is not HTTP: \"ICY 200 OK\""},
        {"a status of 0", "HTTP/1.1 000 OK\r\n\r\n", 0,
         "the answer is not HTTP: \"HTTP/1.1 000 OK\""},
        {"octets of a terminal", "\x1b[31m\n", 0, "the answer is not HTTP: \"?[31m\""},
        {"a long line", std::string(50, 'x') + "\n", 0,
         "the answer is not HTTP: \"xxxxxxxxxxxxxxxxxxxxxxxx...\""},
        {"a length too long", ok + "Content-Length: 9\r\n\r\nbody", 200, cut},
        {"a chunk too short", chunked + "9\r\nbody", 200, cut},
        {"no last chunk", chunked + "4\r\nbody\r\n", 200, cut},
        {"a chunk without size", chunked + "body\r\n", 200, bad_chunk},
        {"a blank before it", chunked + " 4\r\nbody\r\n0\r\n\r\n", 200, bad_chunk},
        {"no end of a chunk", chunked + "4\r\nbody0\r\n\r\n", 200, bad_chunk},
        {"an endless size", chunked + std::string(9000, '1'), 200, bad_chunk},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        for (const std::size_t step :
             {std::size_t{1}, std::max<std::size_t>(1, row.octets.size())}) {
            const auto answer = read(row.octets, step);
            CHECK(answer.stage() == Stage::Bad);
            CHECK(answer.status() == row.status);
            CHECK(answer.fault() == row.fault);
        }
    }
}

TEST_CASE("no more of an answer is kept than is looked at") {
    HttpAnswer head{body_limit};
    head.feed("HTTP/1.1 200 OK\r\n");
    const std::string field = "A: " + std::string(997, 'x') + "\r\n";
    for (int i = 0; i < 400 && head.stage() == Stage::Head; ++i) head.feed(field);
    CHECK(head.fault() == "the answer's head is longer than 300 KiB");
    HttpAnswer line{body_limit};
    for (int i = 0; i < 400 && line.stage() == Stage::Head; ++i)
        line.feed(std::string_view{field}.substr(0, 1000));
    CHECK(line.fault() == "the answer's head is longer than 300 KiB");
    HttpAnswer body{body_limit};
    body.feed("HTTP/1.1 200 OK\r\n\r\n");
    CHECK(body.ends_by_closing());
    body.feed(std::string(body_limit + 1, 'x'));
    CHECK(body.stage() == Stage::Done);
    CHECK(body.body().size() == body_limit);
}

}  // namespace check_http_answer_test
