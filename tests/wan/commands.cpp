// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/commands.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace wan {
namespace {

using Words = std::vector<std::string>;

void add_site(const Words& words, Network& network) {
    std::vector<geo::Prefix> prefixes;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const auto prefix = geo::read_prefix(words[i]);
        if (!prefix) throw std::invalid_argument{"expected a prefix, found \"" + words[i] + "\""};
        prefixes.push_back(*prefix);
    }
    network.add_site(words[1], std::move(prefixes));
}

LinkQuality changed(LinkQuality quality, const Words& words) {
    for (std::size_t i = 3; i < words.size(); ++i) read_quality(words[i], quality);
    return quality;
}

void set_link(const Words& words, Network& network) {
    auto& link = network.link(network.site(words[1]), network.site(words[2]));
    link.set(changed(link.quality(), words));
}

void set_pair(const Words& words, Network& network) {
    auto& there = network.link(network.site(words[1]), network.site(words[2]));
    auto& back = network.link(network.site(words[2]), network.site(words[1]));
    const auto quality = changed(there.quality(), words);
    back.set(changed(back.quality(), words));
    there.set(quality);
}

void cut(const Words& words, Network& network) {
    network.set_joined(network.site(words[1]), Network::Joined::No);
}

void join(const Words& words, Network& network) {
    network.set_joined(network.site(words[1]), Network::Joined::Yes);
}

std::string count(const Network& network) {
    const auto& counts = network.counts();
    std::ostringstream text;
    text << "passed=" << counts.passed << " lost=" << counts.lost << " homeless=" << counts.homeless
         << " late=" << counts.late << " latest=" << counts.latest.count() << "us";
    return text.str();
}

struct Verb {
    std::string_view name;
    std::size_t least;  // words
    std::size_t most;
    void (*obey)(const Words& words, Network& network);
};
constexpr Verb verbs[] = {
    {"site", 3, 99, add_site}, {"set", 4, 99, set_link}, {"pair", 4, 99, set_pair},
    {"cut", 2, 2, cut},        {"join", 2, 2, join},
};

}  // namespace

std::string obey(std::string_view line, Network& network) {
    std::istringstream stream{std::string{line}};
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    if (words == Words{"count"}) return count(network);
    const auto* const verb = std::ranges::find(verbs, words.empty() ? "" : words[0], &Verb::name);
    if (verb == std::end(verbs) || words.size() < verb->least || words.size() > verb->most)
        throw std::invalid_argument{"not understood: \"" + std::string{line} + "\""};
    verb->obey(words, network);
    return "done";
}

}  // namespace wan
