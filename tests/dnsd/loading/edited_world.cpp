// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/loading/edited_world.hpp"

#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace loading_edits {

using support::draw;
using support::Generator;

namespace {

std::string line(std::uint64_t milliseconds) {
    static const auto now =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return "rtt=" + std::to_string(milliseconds) +
           "ms samples=14 seen=" + std::to_string(now.time_since_epoch().count());
}

}  // namespace

std::set<std::size_t> Setting::nodes() const {
    std::set<std::size_t> nodes;
    if (!zones[0].there) return nodes;
    for (const auto& edge : zones[0].edges) nodes.insert(edge.name);
    const auto own = static_cast<std::size_t>(std::ranges::find(names, std::string_view{own_edge}) -
                                              names.begin());
    if (!nodes.contains(own)) nodes.clear();
    return nodes;
}

Words words_of(std::size_t name, std::uint64_t process) {
    Generator generator{name * 1000 + process};
    Words words{{"node", "version=1 started=" + std::to_string(process) + " relay=yes"}};
    if (draw(generator, 0, 3) > 0) words.emplace("home", line(draw(generator, 1, 300)));
    for (const auto* landmark : {"one", "two"}) {
        if (draw(generator, 0, 1) == 0) continue;
        words.emplace(std::string{landmark} + ".landmarks",
                      line(draw(generator, 1, 300)) + " place=" +
                          (landmark == std::string{"one"} ? "48.1,11.5" : "37.8,-122.4"));
    }
    for (std::size_t i = 0; i < networks.size(); i += 2) {
        std::string owner{networks[i]};
        std::ranges::replace(owner, '.', '-');
        owner += "-0/24.";
        for (const auto* population : {"clients", "resolvers"}) {
            if (draw(generator, 0, 2) > 0)
                words.emplace(owner + population, line(draw(generator, 1, 350)));
        }
    }
    return words;
}

std::string text_of(const char* apex, const ZoneFile& zone) {
    std::string members;
    std::string list;
    for (const auto& edge : zone.edges) {
        const auto quoted = '"' + std::string{names[edge.name]} + '"';
        const auto number = std::to_string(edge.address);
        members += (members.empty() ? "" : ", ") + quoted + R"(: {"addresses": ["192.0.2.)" +
                   number + R"(", "2001:db8::)" + number + R"("], "location": )" +
                   locations[edge.location] + "}";
        list += (list.empty() ? "" : ", ") + quoted;
    }
    const auto steer = [&](const char* name, const char* policy, const char* more) {
        return std::string{"\""} + name + R"(": {"steer": {")" + policy + "\": [" + list + "]" +
               more + "}}";
    };
    auto records = steer("near", "nearest", "");
    if (!zone.bare) {
        records += ", " + steer("@", "latency", "") + ", " +
                   steer("home", "latency", R"(, "via": "home")");
    }
    return support::zone_text(apex, records, "\"edges\": {" + members + "}");
}

}  // namespace loading_edits
