// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/everything.hpp"

namespace support {

World everything() {
    const std::string steered = R"("@": {"steer": {"failover": ["newyork", "frankfurt"]}},
        "weighted": {"steer": {"weighted": {"newyork": 1, "frankfurt": 2, "singapore": 3}}})";
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += (i > 0 ? ", \"192.0.2." : "\"192.0.2.") + std::to_string(i) + "\"";
    return World{{zone_text("example.", R"(
        "@": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"]}, "MX": "1 mail"},
        "geo": {"steer": {"geo": {"country:DE": "frankfurt", "20.7.0.0/16": "newyork", "*": "singapore"}}},
        "weighted": {"steer": {"weighted": {"newyork": 1, "frankfurt": 2, "singapore": 3}, "answers": 2}},
        "all": {"steer": {"all": ["newyork", "frankfurt", "singapore"]}},
        "mail": {"A": "192.0.2.25"},
        "many": {"A": [)" + many + R"(]},
        "one": {"CNAME": "two"}, "two": {"CNAME": "geo"}, "dead": {"CNAME": "nope"}, "out": {"CNAME": "a.example.org."},
        "*.wild": {"TXT": "anything"}, "*.steered": {"steer": {"all": ["newyork", "singapore"]}},
        "a.b.c": {"SRV": "1 2 3 mail"},
        "d": {"DNAME": "wild"},
        "sub": {"NS": ["ns.sub", "ns1", "ns.example.org."],
                "DS": "1 13 2 0000000000000000000000000000000000000000000000000000000000000001"},
        "ns.sub": {"A": "192.0.2.53", "AAAA": "2001:db8::53"}, "tocut": {"CNAME": "x.sub"})",
                            three_edges),
                  zone_text("inner.example.", R"("www": {"A": "192.0.2.80"})"),
                  zone_text("strict.", steered, R"("all_down": "nodata", )" + three_edges),
                  zone_text("resort.", steered,
                            R"("all_down": {"last_resort": "singapore"}, )" + three_edges)}};
}

std::vector<World> everything_in_all_health() {
    const auto world = everything();
    std::vector<World> worlds{world};
    for (const unsigned down : {0b000U, 0b010U, 0b101U, 0b111U}) {
        worlds.push_back(with_boards(world));
        for (const auto& served : worlds.back().snapshot.catalog.zones()) {
            for (std::size_t edge = 0; edge < served.board->size(); ++edge) {
                served.board->set(static_cast<geo::EdgeIndex>(edge),
                                  {.usable = (down >> edge & 1) == 0,
                                   .ttl_limit = static_cast<std::uint32_t>(10 + edge)});
            }
        }
    }
    return worlds;
}

std::vector<Query> queries_for_everything() {
    const char* names[] = {"example.",
                           "geo.example.",
                           "weighted.example.",
                           "all.example.",
                           "mail.example.",
                           "many.example.",
                           "one.example.",
                           "dead.example.",
                           "out.example.",
                           "x.wild.example.",
                           "y.steered.example.",
                           "b.c.example.",
                           "a.b.c.example.",
                           "x.d.example.",
                           "z.wild2.d.example.",
                           "sub.example.",
                           "www.sub.example.",
                           "tocut.example.",
                           "inner.example.",
                           "www.inner.example.",
                           "strict.",
                           "weighted.strict.",
                           "resort.",
                           "weighted.resort.",
                           "nope.example.",
                           "example.org.",
                           ".",
                           "version.bind."};
    std::vector<Query> queries;
    const std::string long_label(60, 'l');
    const auto add = [&](Query query) {
        queries.push_back(query);
        query.opt = Opt{};
        queries.push_back(query);
        query.opt = Opt{.payload = 512,
                        .flags = 0x8000,
                        .options = {client_subnet("20.1.2.0/24"), {3, {}}, {11, {}}}};
        queries.push_back(query);
        query.opt =
            Opt{.payload = 4096, .options = {client_subnet("2a00:1::/56"), {65001, {1, 2, 3}}}};
        queries.push_back(query);
    };
    for (const auto* name : names) {
        for (const auto* type : {"A", "AAAA", "NS", "SOA", "DS", "TXT", "ANY", "AXFR", "TYPE65280"})
            add({.name = name, .type = type});
        add({.name = name, .type = "TXT", .rr_class = 3});
        add({.name = name, .rr_class = 255});
        add({.name = name, .flags = 4 << 11});
        add({.name = name, .flags = 9 << 11});
    }
    // Too long for its DNAME's target, or nearly so.
    const auto deep = long_label + "." + long_label + "." + long_label + ".";
    add({.name = deep + std::string(50, 'm') + ".d.example."});
    add({.name = deep + std::string(57, 'm') + ".d.example."});
    queries.push_back({.name = "example.", .opt = Opt{.version = 1}});
    queries.push_back({.name = "example.", .opt = Opt{.options = {{8, {0, 1, 99, 0}}}}});
    return queries;
}

}  // namespace support
