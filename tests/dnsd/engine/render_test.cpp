// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/render.hpp"

#include "dnsd/wire/request.hpp"
#include "tests/dnsd/world.hpp"
#include "zones/name/record_type.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace engine_render_test {

using engine::Finding;
using engine::Transport;
using support::Answer;
using support::Bytes;
using support::Lines;
namespace rr = zones::rr;

namespace {

const zones::Zone& zone() {
    static const auto instance = support::zone_of(support::zone_text("example.",
                                                                     R"(
        "www": {"A": ["192.0.2.1", "192.0.2.2"]},
        "alias": {"CNAME": {"ttl": 5, "values": "www"}},
        "old": {"DNAME": {"ttl": 6, "values": "New"}},
        "sub": {"NS": "ns.sub"},
        "ns.sub": {"A": "192.0.2.9"},
        "big": {"TXT": [")" + std::string(250, 'a') + R"(", ")" + std::string(250, 'b') +
                                                                         R"("]},
        "near": {"steer": {"all": ["one", "other", "same"]}})",
                                                                     R"("ttl": 3600, "edges": {
        "one":   {"addresses": "192.0.2.11", "location": [1, 1]},
        "other": {"addresses": "192.0.2.12", "location": [2, 2]},
        "same":  {"addresses": "192.0.2.11", "location": [3, 3]}})"));
    return *instance;
}

const std::string soa = "example. 60 IN SOA ns1.example. hostmaster.example. 7 7200 900 1209600 60";

/// The records of this type at a name.
const zones::RrSet* set_at(const char* name, zones::RrType type) {
    const auto at = zone().look_up(zones::Name::from_text(name, zones::Name{}).value());
    return zone().find(at.node, type);
}

/// A response into which findings are written, without a look-up.
class Written {
 public:
    explicit Written(const std::string& name, Transport transport = Transport::Udp)
        : message_{to_bytes(support::Query{.name = name})} {
        REQUIRE(wire::read_request(message_, request_) == wire::Rcode::NoError);
        response_.emplace(request_, out_, wire::min_payload);
        response_->set_flags(wire::flag_aa);
        renderer_.emplace(zone(), request_, transport, *response_);
    }

    bool write(const Finding& finding) { return renderer_->write(finding); }
    Answer answer() {
        const auto size = response_->finish({}, 1232);
        return support::decode(std::span{out_}.first(size));
    }

 private:
    Bytes message_;
    wire::Request request_;
    Bytes out_ = Bytes(wire::max_message);
    std::optional<wire::Response> response_;
    std::optional<engine::Renderer> renderer_;
};

Answer written(const std::string& name, const Finding& finding) {
    Written response{name};
    CHECK(response.write(finding));
    return response.answer();
}

}  // namespace

TEST_CASE("a set is written at the name that was asked for") {
    const auto answer =
        written("WWW.example.", {{}, engine::PlainSet{.set = set_at("www.example.", rr::A)}});
    CHECK(answer.answer ==
          Lines{"WWW.example. 3600 IN A 192.0.2.1", "WWW.example. 3600 IN A 192.0.2.2"});
    CHECK(answer.aa());
    CHECK(answer.authority.empty());
}

TEST_CASE("name servers bring their addresses along") {
    const auto answer =
        written("example.", {{}, engine::PlainSet{.set = set_at("example.", rr::NS)}});
    CHECK(answer.answer.size() == 2);
    CHECK(answer.additional ==
          Lines{"ns1.example. 3600 IN A 192.0.2.53", "ns2.example. 3600 IN A 198.51.100.53"});
}

TEST_CASE("what edges share of their addresses is written once, with the TTL of the answer") {
    const auto& steer = zone().steers()[0];
    const geo::EdgeIndex edges[] = {0, 1, 2};
    const engine::SteeredSet found{.steer = &steer,
                                   .answer = {.edges = edges, .family = geo::Family::V4, .ttl = 7}};
    CHECK(written("near.example.", {{}, found}).answer ==
          Lines{"near.example. 7 IN A 192.0.2.11", "near.example. 7 IN A 192.0.2.12"});
}

TEST_CASE("after an alias the next finding is written at the name to which it leads") {
    Written response{"alias.example."};
    CHECK(response.write({{}, engine::Alias{.cname = set_at("alias.example.", rr::CNAME)}}));
    CHECK(response.write({{}, engine::PlainSet{.set = set_at("www.example.", rr::A)}}));
    const auto answer = response.answer();
    CHECK(answer.answer == Lines{"alias.example. 5 IN CNAME www.example.",
                                 "www.example. 3600 IN A 192.0.2.1",
                                 "www.example. 3600 IN A 192.0.2.2"});
}

TEST_CASE("a substitution is the DNAME, once, and a CNAME that keeps the case (RFC 6672)") {
    const auto* dname = set_at("old.example.", rr::DNAME);
    const Finding found{{.found = zones::Zone::Found::Dname, .label = 1},
                        engine::Substitution{.dname = dname, .kept = 4}};
    Written response{"Www.old.example."};
    CHECK(response.write(found));
    CHECK(response.write({{}, engine::NoName{}}));
    const auto answer = response.answer();
    CHECK(answer.answer == Lines{"old.example. 6 IN DNAME New.example.",
                                 "Www.old.example. 6 IN CNAME Www.New.example."});
    CHECK(answer.rcode == "NXDOMAIN");
    CHECK(answer.authority == Lines{soa});

    Written other{"Www.old.example."};
    CHECK(other.write({found.at, engine::Substitution{.dname = dname, .too_long = true}}));
    const auto too_long = other.answer();
    CHECK(too_long.answer == Lines{"old.example. 6 IN DNAME New.example."});
    CHECK(too_long.rcode == "YXDOMAIN");
}

TEST_CASE("a cut is a referral with glue, and without AA unless an alias led there") {
    const Finding cut{{.found = zones::Zone::Found::Delegation, .label = 1},
                      engine::Cut{.name_servers = set_at("sub.example.", rr::NS)}};
    const auto answer = written("a.sub.example.", cut);
    CHECK(answer.answer.empty());
    CHECK(answer.authority == Lines{"sub.example. 3600 IN NS ns.sub.example."});
    CHECK(answer.additional == Lines{"ns.sub.example. 3600 IN A 192.0.2.9"});
    CHECK_FALSE(answer.aa());
}

TEST_CASE("what is not there is denied with the SOA, whose TTL a finding may shorten") {
    struct Row {
        const char* name;
        Finding finding;
        const char* rcode;
        const char* ttl;
    };
    const Row rows[] = {
        {"no such type", {{}, engine::NoType{}}, "NOERROR", "60"},
        {"no such name", {{}, engine::NoName{}}, "NXDOMAIN", "60"},
        {"no type for so long", {{}, engine::NoType{.ttl_limit = 7}}, "NOERROR", "7"},
        {"no name for so long", {{}, engine::NoName{.ttl_limit = 0}}, "NXDOMAIN", "0"},
        {"no longer than the zone says", {{}, engine::NoType{.ttl_limit = 99}}, "NOERROR", "60"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = written("x.example.", row.finding);
        CHECK(answer.rcode == row.rcode);
        CHECK(answer.answer.empty());
        auto expected = soa;
        expected.replace(expected.find("60"), 2, row.ttl);
        CHECK(answer.authority == Lines{expected});
    }
}

TEST_CASE("all types are one HINFO, and an observation is one TXT for each line") {
    CHECK(written("www.example.", {{}, engine::AllTypes{}}).answer ==
          Lines{"www.example. 3600 IN HINFO \"RFC8482\" \"\""});
    const engine::Observation observation{.lines = {"one", "two"}};
    CHECK(written("x.example.", {{}, engine::Observed{.observation = &observation}}).answer ==
          Lines{"x.example. 0 IN TXT \"one\"", "x.example. 0 IN TXT \"two\""});
}

TEST_CASE("a finding that does not fit leaves a truncated message without records") {
    const Finding big{{}, engine::PlainSet{.set = set_at("big.example.", rr::TXT)}};
    const engine::Observation long_one{.lines = {std::string(250, 'x'), std::string(250, 'y')}};
    for (const auto& finding : {big, Finding{{}, engine::Observed{.observation = &long_one}},
                                Finding{{}, engine::Unproved{}}}) {
        CAPTURE(finding.what.index());
        Written response{"alias.example."};
        CHECK(response.write({{}, engine::Alias{.cname = set_at("alias.example.", rr::CNAME)}}));
        CHECK_FALSE(response.write(finding));
        const auto answer = response.answer();
        CHECK(answer.tc());
        CHECK(answer.answer.empty());
        CHECK(answer.question.size() == 1);
    }
}

}  // namespace engine_render_test
