// SPDX-License-Identifier: Apache-2.0
#include "geo/sources.hpp"

#include "geo/builtin_database.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace geo {
namespace {

/// What a database knows of one family.
struct Knowledge {
    bool places = false;
    bool asns = false;
    bool subdivisions = false;
};

/// Walks down until enough records have been read.
class Survey {
 public:
    explicit Survey(const Mmdb& database)
        : database_{database}, steps_{2 * std::size_t{database.node_count()} + 1} {}

    Knowledge of(Family family) {
        visit(database_.root(family), {
                                          {family, 0},
                                          0
        });
        return knowledge_;
    }

 private:
    void visit(PrefixTree::Position at, const Prefix& here) {
        if (steps_ == 0 || records_ == 0) return;
        --steps_;  // a damaged tree may lead back into itself
        if (repeats_v4(here)) return;
        if (!at.leaf) {
            if (here.length == width(here.address.family)) return;
            const auto halves = database_.split(at.value);
            const auto [low, high] = halves_of(here);
            visit(halves.zero, low);
            visit(halves.one, high);
            return;
        }
        if (at.value == 0) return;
        --records_;
        const Place place = database_.place(at.value);
        knowledge_.places |= place.located();
        knowledge_.asns |= place.asn != 0;
        knowledge_.subdivisions |= !place.subdivision.empty();
    }

    const Mmdb& database_;
    Knowledge knowledge_;
    std::size_t steps_;
    unsigned records_ = 2000;
};

Place find_in(const Mmdb& database, const Address& client) {
    auto at = database.root(client.family);
    for (unsigned depth = 0; !at.leaf && depth < width(client.family); ++depth) {
        const auto [zero, one] = database.split(at.value);
        at = client.bit(depth) == 0 ? zero : one;
    }
    return at.leaf && at.value != 0 ? database.place(at.value) : Place{};
}

}  // namespace

std::optional<Sources> Sources::open(const SourceFiles& files, Problems& problems) {
    Sources sources;
    const auto faults_before = problems.size();
    bool places_v4 = false;
    bool places_v6 = false;
    const auto fail = [&](const std::string& path, std::string text) {
        problems.push_back({.file = path, .path = {}, .text = std::move(text)});
    };
    for (const auto& path : files.databases) {
        auto opened = Mmdb::open(path);
        if (!opened) {
            fail(path, opened.error().text.substr(path.size() + 2));
            continue;
        }
        const auto v4 = Survey{*opened}.of(Family::V4);
        const auto v6 = Survey{*opened}.of(Family::V6);
        if (!v4.places && !v4.asns && !v6.places && !v6.asns) {
            fail(path, "a database of another kind (" + opened->type() +
                           "): it has neither countries, coordinates nor AS numbers");
            continue;
        }
        sources.knows_asns_ |= v4.asns || v6.asns;
        sources.knows_subdivisions_ |= v4.subdivisions || v6.subdivisions;
        places_v4 |= v4.places;
        places_v6 |= v6.places;
        sources.databases_.push_back({std::move(*opened)});
    }
    sources.read_overrides(files.places, problems);
    if (problems.size() > faults_before) return std::nullopt;
    if (!places_v4 || !places_v6) sources.add_builtin(!places_v4, !places_v6, problems);
    return sources;
}

void Sources::add_builtin(bool v4, bool v6, Problems& problems) {
    auto opened = Mmdb::open(builtin_database(), "built-in country database");
    release_builtin_database();  // what is read from here on is the copy
    if (!opened) {
        problems.push_back({.file = "isochrone", .path = {}, .text = opened.error().text});
        return;
    }
    databases_.push_back({std::move(*opened), v4, v6});
}

void Sources::read_overrides(const std::string& path, Problems& problems) {
    if (path.empty()) return;
    std::error_code unreadable;
    const auto status = std::filesystem::status(path, unreadable);
    if (!unreadable && std::filesystem::exists(status) &&
        !std::filesystem::is_regular_file(status)) {
        problems.push_back({.file = path, .path = {}, .text = "cannot be read"});
        return;
    }
    std::ifstream file{path, std::ios::binary};
    std::error_code ignored;
    if (!file || std::filesystem::is_directory(path, ignored)) {
        problems.push_back({.file = path, .path = {}, .text = "cannot be read"});
        return;
    }
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    overrides_ = read_places(text, path, problems);
    override_file_ = path;
    for (std::uint32_t i = 0; i < overrides_.size(); ++i) {
        override_tree_.add(overrides_[i].prefix, i + 1);
        knows_asns_ |= overrides_[i].place.asn != 0;
    }
}

std::vector<const Mmdb*> Sources::databases(Family family) const {
    std::vector<const Mmdb*> serving;
    for (const auto& [mmdb, serves_v4, serves_v6] : databases_) {
        if ((family == Family::V4 ? serves_v4 : serves_v6) && mmdb.covers(family)) {
            serving.push_back(&mmdb);
        }
    }
    return serving;
}

unsigned Sources::place_length(const Address& client) const {
    static const PrefixTable placeless = [] {
        PrefixTable made;
        for (const auto& space : placeless_prefixes()) made.add(space, 1);
        return made;
    }();
    unsigned length = std::max(leaf_length(override_tree_, client), leaf_length(placeless, client));
    for (const auto& [mmdb, serves_v4, serves_v6] : databases_) {
        if (client.family == Family::V4 ? serves_v4 : serves_v6)
            length = std::max(length, leaf_length(mmdb, client));
    }
    return length;
}

Sources::Found Sources::find(const Address& client) const {
    if (const auto inside = embedded_v4(client)) return find(inside->client);
    Found found;
    const auto take = [&](const Place& place, const std::string& source) {
        if (!found.place.located() && place.located()) found.source = source;
        found.place.fill_from(place);
    };
    const auto full = static_cast<std::uint8_t>(width(client.family));
    if (const auto value = override_tree_.covering({client, full})) {
        take(override_place(value), override_file_);
    }
    if (repeats_v4({client, full})) return found;
    const auto holds = [&](const Prefix& prefix) { return prefix.contains(client); };
    if (std::ranges::any_of(placeless_prefixes(), holds)) return found;
    for (const auto* database : databases(client.family)) {
        take(find_in(*database, client), database->name());
    }
    return found;
}

}  // namespace geo
