// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/served.hpp"

#include "geo/compile/compiler.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/fuzz/target.hpp"

#include <utility>
#include <vector>

/// libldns loses octets where a text is no certificate's algorithm, and the like.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libldns";
}

namespace fuzz {
namespace {

constexpr std::size_t most_steers = 20;  // whose maps are made; more take too long for one input

const geo::Sources& sources() {
    static const auto opened = support::open_three_countries();
    return opened;
}

/// Nothing when a policy makes none.
std::optional<std::vector<geo::LayeredMap>> maps_of(const zones::Zone& zone) {
    std::vector<geo::MapRequest> requests;
    for (const auto& steer : zone.steers())
        requests.push_back({.policy = &steer.policy, .sites = &zone.sites()});
    std::vector<geo::LayeredMap> maps;
    if (requests.empty()) return maps;
    const auto compiled = geo::compile(sources(), requests);
    if (!compiled) return std::nullopt;
    for (const auto& map : *compiled) maps.emplace_back(map);
    return maps;
}

}  // namespace

std::optional<Served> Served::make(std::shared_ptr<const zones::Zone> zone) {
    if (zone->steers().size() > most_steers) return std::nullopt;
    auto maps = maps_of(*zone);
    if (!maps) return std::nullopt;
    Served served;
    served.snapshot_.catalog =
        zones::Catalog{{zones::ServedZone{.zone = std::move(zone), .maps = std::move(*maps)}}};
    return served;
}

support::Bytes Served::ask(const zones::Name& name, zones::RrType type) const {
    support::Bytes room(wire::max_message);
    geo::Random random{7};
    const engine::Client client{.address = {geo::Family::V4, geo::Bits{0x14010203} << 96},
                                .transport = engine::Transport::Tcp};
    room.resize(engine::respond(snapshot_, query_for(name, type), client, random, room));
    const auto answer = support::decode(room);
    expect(answer.rcode != "SERVFAIL" && answer.rcode != "FORMERR", "what was read is served");
    return room;
}

void Served::ask_around() const {
    const auto& apex = snapshot_.catalog.zones().front().zone->apex();
    for (const unsigned type : {1U, 2U, 5U, 6U, 15U, 16U, 28U, 43U, 255U})
        static_cast<void>(ask(apex, static_cast<zones::RrType>(type)));
    for (const auto* label : {"www", "a", "ns1", "*", "a.b.c", "geo", "mail"}) {
        const auto name = zones::Name::from_text(label, apex);
        if (!name) continue;
        static_cast<void>(ask(*name, 1));
        static_cast<void>(ask(*name, 255));
    }
}

support::Bytes query_for(const zones::Name& name, zones::RrType type) {
    support::Bytes query{0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    query.insert(query.end(), name.wire().begin(), name.wire().end());
    support::put16(query, type);
    support::put16(query, 1);
    support::append(query, support::to_bytes(support::Opt{}));
    return query;
}

}  // namespace fuzz
