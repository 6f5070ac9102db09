// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_dname_test {

using support::Lines;
using support::World;

namespace {

std::string label(std::size_t length, char letter) {
    return std::string(length, letter) + ".";
}

/// "example." has 9 octets in wire form; the target takes 100, so that prefixes up to 155 fit.
const std::string target_label = label(63, 'p') + label(26, 'q');

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "old": {"DNAME": {"ttl": 77, "values": "new"}, "A": "192.0.2.4"},
        "www.new": {"A": "192.0.2.1"},
        "alias.new": {"CNAME": "host.old"},
        "host.new": {"TXT": "x"},
        "away": {"DNAME": "example.org."},
        "first": {"DNAME": "old"},
        "into": {"CNAME": "www.old"},
        "cut": {"DNAME": "sub"},
        "sub": {"NS": "ns.sub"},
        "ns.sub": {"A": "192.0.2.9"},
        "long": {"DNAME": ")" + target_label.substr(0, target_label.size() - 1) +
                                                                    R"("})")}};
    return instance;
}

const std::string dname = "old.example. 77 IN DNAME new.example.";

}  // namespace

TEST_CASE("below a DNAME a CNAME is made of it (RFC 6672 sections 2.2 and 3.1)") {
    struct Row {
        const char* name;
        const char* type;
        const char* rcode;
        Lines answer;
    };
    const std::string www = "www.old.example. 77 IN CNAME www.new.example.";
    const Row rows[] = {
        {"www.old.example.", "A", "NOERROR", {dname, www, "www.new.example. 3600 IN A 192.0.2.1"}},
        {"www.old.example.", "TXT", "NOERROR", {dname, www}},
        {"www.old.example.", "CNAME", "NOERROR", {dname, www}},
        {"www.old.example.",
         "ANY",
         "NOERROR",
         {dname, www, "www.new.example. 3600 IN HINFO \"RFC8482\" \"\""}},
        {"nope.old.example.",
         "A",
         "NXDOMAIN",
         {dname, "nope.old.example. 77 IN CNAME nope.new.example."}},
        {"a.b.old.example.",
         "A",
         "NXDOMAIN",
         {dname, "a.b.old.example. 77 IN CNAME a.b.new.example."}},
        {"old.example.", "DNAME", "NOERROR", {dname}},
        {"old.example.", "A", "NOERROR", {"old.example. 3600 IN A 192.0.2.4"}},
        {"old.example.", "TXT", "NOERROR", {}},
        {"x.away.example.",
         "A",
         "NOERROR",
         {"away.example. 3600 IN DNAME example.org.",
          "x.away.example. 3600 IN CNAME x.example.org."}},
        {"www.first.example.",
         "A",
         "NOERROR",
         {"first.example. 3600 IN DNAME old.example.",
          "www.first.example. 3600 IN CNAME www.old.example.", dname, www,
          "www.new.example. 3600 IN A 192.0.2.1"}},
        {"into.example.",
         "A",
         "NOERROR",
         {"into.example. 3600 IN CNAME www.old.example.", dname, www,
          "www.new.example. 3600 IN A 192.0.2.1"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CAPTURE(row.type);
        const auto answer = world().ask(row.name, row.type);
        CHECK(answer.rcode == row.rcode);
        CHECK(answer.answer == row.answer);
        CHECK(answer.aa());
    }
}

TEST_CASE("the case of the question goes into the owner of the CNAME") {
    const auto answer = world().ask("WWW.Old.example.", "A");
    REQUIRE(answer.answer.size() == 3);
    CHECK(support::owner_of(answer.answer[0]) == "Old.example.");
    CHECK(support::owner_of(answer.answer[1]) == "WWW.Old.example.");
}

TEST_CASE(
    "the CNAME of a DNAME shows labels as asked and the target as written (RFC 4343 section 4.1)") {
    const World shouting{{support::zone_text("example.", R"(
        "old": {"DNAME": "New.Example.ORG."}, "alias": {"CNAME": "Media.Example."},
        "media": {"MX": "10 MailHost"})")}};
    const auto answer = shouting.ask("WwW.old.example.", "A");
    REQUIRE(answer.answer.size() == 2);
    CHECK(answer.answer[0].ends_with("DNAME New.Example.ORG."));
    CHECK(answer.answer[1].ends_with("CNAME WwW.New.Example.ORG."));
    const auto alias = shouting.ask("alias.example.", "MX");
    REQUIRE(alias.answer.size() == 2);
    CHECK(alias.answer[0].ends_with("CNAME Media.Example."));
    CHECK(alias.answer[1].ends_with("MX 10 MailHost.example."));
}

TEST_CASE("DNAME leads over CNAME to a referral") {
    const auto answer = world().ask("www.cut.example.", "A");
    CHECK(answer.rcode == "NOERROR");
    CHECK(answer.aa());
    CHECK(answer.answer == Lines{"cut.example. 3600 IN DNAME sub.example.",
                                 "www.cut.example. 3600 IN CNAME www.sub.example."});
    CHECK(answer.authority == Lines{"sub.example. 3600 IN NS ns.sub.example."});
    CHECK(answer.additional == Lines{"ns.sub.example. 3600 IN A 192.0.2.9"});
}

TEST_CASE("a name that grows past 255 octets is YXDOMAIN, with the DNAME (RFC 6672 section 2.2)") {
    // 155 octets of labels, then one more.
    const std::string fits = label(63, 'a') + label(63, 'b') + label(26, 'c');
    const std::string too_long = label(63, 'a') + label(63, 'b') + label(27, 'c');
    const auto good = world().over_tcp().ask(fits + "long.example.", "A");
    CHECK(good.rcode == "NXDOMAIN");
    REQUIRE(good.answer.size() == 2);
    CHECK(good.answer[1] ==
          fits + "long.example. 3600 IN CNAME " + fits + target_label + "example.");
    const auto bad = world().over_tcp().ask(too_long + "long.example.", "A");
    CHECK(bad.rcode == "YXDOMAIN");
    CHECK(bad.answer == Lines{"long.example. 3600 IN DNAME " + target_label + "example."});
    CHECK(bad.aa());
}

TEST_CASE("a chain that comes by a DNAME twice has its record once (RFC 2181 section 5)") {
    const auto answer = world().ask("alias.old.example.", "TXT");
    CHECK(answer.answer == Lines{dname, "alias.old.example. 77 IN CNAME alias.new.example.",
                                 "alias.new.example. 3600 IN CNAME host.old.example.",
                                 "host.old.example. 77 IN CNAME host.new.example.",
                                 "host.new.example. 3600 IN TXT \"x\""});
}

TEST_CASE("a DNAME at the apex speaks for all names below (RFC 6672 section 2.3)") {
    const World served{{R"({"zone": "example", "nameservers": {"ns.example.org.": []},
                            "records": {"@": {"DNAME": "example.org."}}})"}};
    CHECK(served.ask("example.", "NS").data("NS") == Lines{"ns.example.org."});
    CHECK(served.ask("a.b.example.", "A").data("CNAME") == Lines{"a.b.example.org."});
    CHECK(served.ask("example.", "A").answer.empty());
}

}  // namespace engine_dname_test
