// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone.hpp"

#include "tests/support/random_space.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace zone_zone_test {

using reading::name;
using support::draw;
using zones::Name;
using zones::Zone;

namespace {

using Labels = std::vector<std::string>;  // the apex is {}; "a.b" is {"a", "b"}

/// The answer that RFC 1034 §4.3.2 step 3, RFC 4592 and RFC 6672 §3.2 find by walking down from the
/// apex label by label.
struct Oracle {
    struct Answer {
        Zone::Found found;
        Labels owner;
        std::size_t label;  // labels of the query's name before the owner; 0 for a wildcard
    };

    explicit Oracle(const std::map<Labels, std::string>& records) : types{records} {
        names.insert(Labels{});
        for (const auto& [owner, type] : records) {
            for (std::size_t i = 0; i <= owner.size(); ++i) names.insert(from(owner, i));
        }
    }

    static Labels from(const Labels& labels, std::size_t first) {
        return {labels.begin() + static_cast<std::ptrdiff_t>(first), labels.end()};
    }
    [[nodiscard]] bool has(const Labels& owner, const std::string& type) const {
        const auto found = types.find(owner);
        return found != types.end() && found->second == type;
    }

    [[nodiscard]] Answer answer(const Labels& query) const {
        Labels here;
        for (std::size_t left = query.size();; --left) {
            here = from(query, left);
            if (!here.empty() && has(here, "NS")) return {Zone::Found::Delegation, here, left};
            if (left == 0) return {Zone::Found::Exact, here, 0};
            if (names.contains(from(query, left - 1))) continue;
            if (has(here, "DNAME")) return {Zone::Found::Dname, here, left};
            auto wildcard = here;
            wildcard.insert(wildcard.begin(), "*");
            if (names.contains(wildcard)) return {Zone::Found::Wildcard, wildcard, 0};
            return {Zone::Found::NxDomain, here, left};
        }
    }

    const std::map<Labels, std::string>& types;
    std::set<Labels> names;
};

std::string text_of(const Labels& labels) {
    std::string text;
    for (const auto& label : labels) text += label + ".";
    return text + "example.com.";
}

Labels random_name(support::Generator& generator) {
    const std::string_view some[] = {"a", "b", "c", "*"};
    Labels labels;
    for (auto count = draw(generator, 0, 4); count > 0; --count) {
        labels.emplace_back(some[draw(generator, 0, 3)]);
    }
    return labels;
}

std::string value_of(const std::string& type) {
    if (type == "A") return "192.0.2.80";
    return type == "TXT" ? "text" : "out.example.net.";
}

std::map<Labels, std::string> random_records(support::Generator& generator) {
    const std::string_view some[] = {"A", "A", "TXT", "NS", "DNAME"};
    std::map<Labels, std::string> records;
    for (auto count = draw(generator, 1, 7); count > 0; --count) {
        const auto owner = random_name(generator);
        const std::string type{some[draw(generator, 0, 4)]};
        const bool wild = !owner.empty() && owner.front() == "*";
        if ((wild && (type == "NS" || type == "DNAME")) || (owner.empty() && type == "NS"))
            continue;
        records.emplace(owner, type);
    }
    return records;
}

/// Each RRset has a TTL of its own, by which it is known again.
std::string zone_of(const std::map<Labels, std::string>& records) {
    std::string text;
    unsigned ttl = 1;
    for (const auto& [owner, type] : records) {
        text += (text.empty() ? "\"" : ", \"") + text_of(owner) + "\": {\"" + type +
                "\": {\"ttl\": " + std::to_string(ttl++) + ", \"values\": \"" + value_of(type) +
                "\"}}";
    }
    return "{\"zone\": \"example.com\", \"nameservers\": {\"ns.example.net.\": []}, \"records\": "
           "{" +
           text + "}}";
}

std::uint32_t ttl_at(const Zone& zone, std::uint32_t node, const std::string& type) {
    const auto* set = zone.find(node, *zones::read_type(type));
    return set == nullptr ? 0 : zone.ttl(*set);
}

}  // namespace

TEST_CASE("look-ups in random zones find what walking down from the apex finds") {
    support::Generator generator{1};
    std::map<Zone::Found, std::size_t> seen;
    std::size_t zone_count = 0;
    std::size_t wrong = 0;
    for (int round = 0; round < 2000; ++round) {
        const auto records = random_records(generator);
        const auto [zone, problems] = reading::read(zone_of(records));
        if (zone == nullptr) continue;  // data below a cut or DNAME
        ++zone_count;
        const Oracle oracle{records};
        std::map<Labels, std::uint32_t> ttls;
        for (const auto& [owner, type] : records) {
            ttls.emplace(owner, static_cast<std::uint32_t>(ttls.size() + 1));
        }
        std::map<std::uint32_t, Labels> owners;
        for (int i = 0; i < 40; ++i) {
            const auto query = random_name(generator);
            const auto expected = oracle.answer(query);
            const auto found = zone->look_up(name(text_of(query)));
            ++seen[found.found];
            bool good = found.found == expected.found && found.label == expected.label;
            // One node for one owner …
            good = good &&
                   owners.try_emplace(found.node, expected.owner).first->second == expected.owner;
            // … with the data of that owner.
            if (const auto record = records.find(expected.owner); record != records.end()) {
                good = good && ttl_at(*zone, found.node, record->second) == ttls[expected.owner];
            } else if (!expected.owner.empty()) {
                good = good && zone->sets(found.node).empty();
            }
            if (good) continue;
            ++wrong;
            CAPTURE(zone_of(records));
            CAPTURE(text_of(query));
            CAPTURE(static_cast<int>(expected.found));
            CHECK(static_cast<int>(found.found) == static_cast<int>(expected.found));
            CHECK(found.label == expected.label);
        }
        if (wrong > 5) break;
    }
    CHECK(wrong == 0);
    CHECK(zone_count > 700);
    CHECK(seen.size() == 5);
    for (const auto& [found, count] : seen) CHECK(count > 300);
}

TEST_CASE("wildcards answer as RFC 4592 section 2.2.1 shows") {
    const auto [zone, problems] = reading::read(R"({
        "zone": "example", "nameservers": {"ns.example.com.": [], "ns.example.net.": []},
        "records": {
            "*": {"TXT": "this is a wildcard", "MX": "10 host1.example."},
            "sub.*": {"TXT": "this is not a wildcard"},
            "host1": {"A": "192.0.2.1"},
            "_ssh._tcp.host1": {"SRV": "0 0 22 host1"}, "_ssh._tcp.host2": {"SRV": "0 0 22 host1"},
            "subdel": {"NS": ["ns.example.com.", "ns.example.net."]}
        }})");
    REQUIRE(zone != nullptr);
    struct Row {
        std::string name;
        Zone::Found expected;
    };
    using Found = Zone::Found;
    const Row rows[] = {
        {"host3.example.", Found::Wildcard},
        {"foo.bar.example.", Found::Wildcard},
        {"host1.example.", Found::Exact},
        {"sub.*.example.", Found::Exact},
        {"_telnet._tcp.host1.example.", Found::NxDomain},
        {"host.subdel.example.", Found::Delegation},
        {"ghost.*.example.", Found::NxDomain},
        {"_tcp.host1.example.", Found::Exact},
        {"*.example.", Found::Exact},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(static_cast<int>(zone->look_up(name(row.name)).found) ==
              static_cast<int>(row.expected));
    }
}

TEST_CASE("a wildcard that is an empty non-terminal makes NODATA of every name it covers") {
    const auto [zone, problems] = reading::read_with(R"("records": {"a.*.w": {"TXT": "x"}})");
    REQUIRE(zone != nullptr);
    const auto found = zone->look_up(name("any.w.example.com."));
    CHECK(found.found == Zone::Found::Wildcard);
    CHECK(zone->sets(found.node).empty());
}

TEST_CASE("the root zone is looked up like others") {
    const auto root = reading::read(
        R"({"zone": ".", "nameservers": {"ns": "192.0.2.1"}, "records": {"*": {"TXT": "x"}, "com": {"NS": "ns"}}})");
    REQUIRE(root.zone != nullptr);
    CHECK(root.zone->apex() == Name{});
    CHECK(root.zone->look_up(Name{}).found == Zone::Found::Exact);
    CHECK(root.zone->look_up(name("net.")).found == Zone::Found::Wildcard);
    CHECK(root.zone->look_up(name("www.example.com.")).found == Zone::Found::Delegation);
    CHECK(root.zone->look_up(name("www.example.com.")).label == 2);
    CHECK(root.zone->look_up(name("a.ns.")).found == Zone::Found::NxDomain);
}

TEST_CASE("names of the longest kind are looked up below wildcards, cuts and DNAMEs") {
    const auto [zone, problems] = reading::read_with(
        R"("records": {"*": {"TXT": "x"}, "cut": {"NS": "ns1"}, "d": {"DNAME": "ns1"}})");
    REQUIRE(zone != nullptr);
    const auto below = [&](const std::string& end) {
        std::string text;
        while (text.size() + 2 + end.size() < 254) text += "x.";
        return zone->look_up(name(text + end)).found;
    };
    CHECK(below("example.com.") == Zone::Found::Wildcard);
    CHECK(below("cut.example.com.") == Zone::Found::Delegation);
    CHECK(below("d.example.com.") == Zone::Found::Dname);
}

TEST_CASE(
    "an RRset is in wire form, its names led into the apex's by pointers (RFC 1035 section "
    "4.1.4)") {
    const auto [zone, problems] = reading::read_with(
        R"("ttl": 258, "records": {"mx": {"MX": ["10 Mail", "20 @", "30 a.net."]}, "mail": {"A": "192.0.2.25"}})");
    REQUIRE(zone != nullptr);
    const auto node = zone->look_up(name("mx.example.com.")).node;
    const auto wire = zone->wire(*zone->find(node, zones::rr::MX));
    const std::vector<std::uint8_t> expected{
        0xC0, 12,   0,  15, 0,  1, 0, 0, 1, 2, 0,  9, 0,   10, 4,   'M', 'a', 'i',  'l', 0,
        0,    0xC0, 12, 0,  15, 0, 1, 0, 0, 1, 2,  0, 4,   0,  20,  0,   0,   0xC0, 12,  0,
        15,   0,    1,  0,  0,  1, 2, 0, 9, 0, 30, 1, 'a', 3,  'n', 'e', 't', 0};
    CHECK(std::ranges::equal(wire.octets, expected));
    CHECK(wire.rr_count == 3);
    CHECK(std::ranges::equal(wire.fixups, std::vector<std::uint16_t>{19, 35}));
    CHECK(zone->find(node, zones::rr::TXT) == nullptr);
}

TEST_CASE(
    "capitals in names of values are written out, as a pointer would show others (RFC 4343 §4.1)") {
    const auto cname = [](std::string_view zone_name, std::string_view target) {
        const auto [zone, problems] = reading::read(
            R"({"zone": ")" + std::string{zone_name} +
            R"(", "nameservers": {"NS1": "192.0.2.1"}, "records": {"a": {"CNAME": ")" +
            std::string{target} + R"("}}})");
        REQUIRE(zone != nullptr);
        const auto node = zone->look_up(name("a.example.com.")).node;
        const auto wire = zone->wire(*zone->find(node, zones::rr::CNAME));
        return std::string{wire.octets.begin() + 12, wire.octets.end()};
    };
    using namespace std::string_literals;
    CHECK(cname("example.com", "NS1") == "\3NS1\0\0"s);
    CHECK(cname("example.com", "NS1.Example.com.") == "\3NS1\7Example\0\x08"s);
    CHECK(cname("example.com", "ns1.example.COM.") == "\3ns1\7example\3COM\0"s);
    CHECK(cname("Example.com", "ns1") == "\3ns1\7Example\0\x08"s);
    CHECK(cname("Example.com", "ns1.example.com.") == "\3ns1\0\0"s);
}

TEST_CASE("values that differ in the case of a name alone are one value") {
    const auto [zone, problems] =
        reading::read_with(R"("records": {"a": {"MX": ["10 NS1", "10 ns1"]}})");
    CHECK(zone == nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].ends_with("the value stands here twice"));
}

TEST_CASE("names that were meant to have a dot at their end are told of once an RRset") {
    const auto told = [](const std::string& records,
                         const std::string& zone_name = "plex.example.com") {
        const auto [zone, problems] = reading::read(
            R"({"zone": ")" + zone_name +
            R"(", "nameservers": {"ns1": "192.0.2.1"}, "records": {)" + records + "}}");
        CHECK(zone != nullptr);
        std::string text;
        for (const auto& problem : problems)
            text += problem.substr(problem.find("warning: ")) + "\n";
        return text;
    };
    std::string list;
    for (int i = 0; i < 200; ++i) list += (i == 0 ? "\"h" : ", \"h") + std::to_string(i) + "\"";
    CHECK(told("\"a\": {\"PTR\": [" + list + "]}") ==
          "warning: PTR leads to h0.plex.example.com. and 199 more names that do not exist; names "
          "outside of this zone need a dot at their end\n");
    CHECK(told(R"("a": {"SRV": "0 0 1 sip.example.net"})") ==
          "warning: SRV leads to sip.example.net.plex.example.com., which does not exist; a name "
          "outside of this zone needs a dot at its end\n");
    CHECK(told(R"("a": {"HTTPS": "1 cdn.example.net alpn=h2"})")
              .starts_with("warning: HTTPS leads to"));
    CHECK(told(R"("a": {"DNAME": "other.test"})").starts_with("warning: DNAME leads to"));
    CHECK(told(R"("a": {"RP": "admin.example.com txt"})") ==
          "warning: RP has the name admin.example.com.plex.example.com., inside of this zone; if "
          "admin.example.com. is meant, a dot belongs at its end\n");
    CHECK(
        told(
            R"("a": {"RP": "admin.provider.net. ."}, "b": {"CNAME": "a"}, "c": {"MX": "0 ."}, "d": {"CNAME": "fra.de"}, "fra.de": {"A": "192.0.2.1"})") ==
        "");
    CHECK(told(R"("*.com": {"A": "192.0.2.1"}, "a": {"MX": "10 mail.example.com"})")
              .starts_with("warning: MX has the name mail.example.com.plex.example.com., inside"));
    const auto [zone, problems] = reading::read(
        R"({"zone": "plex.example.com", "nameservers": {"ns1": "192.0.2.1", "ns2.example.com": "192.0.2.2"}})");
    CHECK(zone != nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].ends_with(
        "nameservers: warning: NS has the name ns2.example.com.plex.example.com., inside of "
        "this zone; if ns2.example.com. is meant, a dot belongs at its end"));
}

TEST_CASE("NS records know the nodes of their servers") {
    const auto [zone, problems] = reading::read_with(
        R"("records": {"sub": {"NS": ["ns.sub", "ns.example.net."]}, "ns.sub": {"A": "192.0.2.2"}})");
    REQUIRE(zone != nullptr);
    const auto cut = zone->look_up(name("www.sub.example.com."));
    REQUIRE(cut.found == Zone::Found::Delegation);
    CHECK(cut.label == 1);
    const auto& set = *zone->find(cut.node, zones::rr::NS);
    const auto glue = zone->target(set, 0);
    REQUIRE(glue != Zone::none);
    CHECK(zone->is_below_cut(glue));
    CHECK(zone->find(glue, zones::rr::A) != nullptr);
    CHECK(zone->target(set, 1) == Zone::none);
    const auto apex = zone->look_up(zone->apex()).node;
    const auto own = zone->target(*zone->find(apex, zones::rr::NS), 0);
    CHECK_FALSE(zone->is_below_cut(own));
    REQUIRE(zone->name_servers().size() == 1);
    CHECK(zone->name_servers()[0].name == name("ns1.example.com."));
}

}  // namespace zone_zone_test
