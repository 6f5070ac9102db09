// SPDX-License-Identifier: Apache-2.0
#include "geo/source/sources.hpp"

#include "geo/base/regular_file.hpp"
#include "geo/source/builtin_database.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace geo {
namespace {

constexpr std::size_t most_octets_of_places = std::size_t{1} << 30;
constexpr std::size_t some_records = 2000;  // of one family

/// What a database knows, judged by the records that were looked at.
struct Knowledge {
    bool places = false;
    bool asns = false;
    bool subdivisions = false;
    std::size_t not_understood = 0;  // of `records`
    std::size_t records = 0;
    std::string example;  // of what is not understood
};

/// Walks down until enough records have been read.
class Walk {
 public:
    Walk(const Mmdb& database, SourceFiles::Survey survey)
        : database_{database}, all_{survey == SourceFiles::Survey::All} {}

    Knowledge knowledge() {
        for (const auto family : {Family::V4, Family::V6}) {
            steps_ = 2 * std::size_t{database_.node_count()} + 1;
            visits_left_ = all_ ? steps_ : some_records;
            visit(database_.root(family), {{family, 0}, 0});
        }
        knowledge_.records = known_.size();
        return std::move(knowledge_);
    }

 private:
    void visit(PrefixTree::Cursor at, const Prefix& here) {
        if (steps_ == 0 || visits_left_ == 0) return;
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
        --visits_left_;
        if (known_.insert(at.value).second) read(at.value, here);
    }

    void read(std::uint32_t record, const Prefix& here) {
        std::string not_understood;
        const Place place = database_.place(record, {}, &not_understood);
        knowledge_.places |= place.located();
        knowledge_.asns |= place.asn != 0;
        knowledge_.subdivisions |= !place.subdivision.empty();
        if (not_understood.empty()) return;
        if (++knowledge_.not_understood == 1)
            knowledge_.example = to_text(here) + ": " + not_understood;
    }

    const Mmdb& database_;
    bool all_;
    Knowledge knowledge_;
    std::unordered_set<std::uint32_t> known_;
    std::size_t steps_ = 0;
    std::size_t visits_left_ = 0;
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
    Problems own;
    for (const auto& path : files.databases) sources.add(path, files.survey, own);
    sources.read_overrides(files.places, own);
    const bool faulty = any_fault(own);
    problems.insert(problems.end(), own.begin(), own.end());
    if (faulty) return std::nullopt;
    if (files.builtin == SourceFiles::Builtin::Asked) sources.add_builtin(problems);
    return sources;
}

void Sources::add(const std::string& path, SourceFiles::Survey survey, Problems& problems) {
    const auto tell = [&](std::string text, Severity severity) {
        problems.push_back(
            {.file = path, .path = {}, .text = std::move(text), .severity = severity});
    };
    auto opened = Mmdb::open(path);
    if (!opened) return tell(opened.error().text.substr(path.size() + 2), Severity::Fault);
    const auto known = Walk{*opened, survey}.knowledge();
    const auto example = known.example.empty() ? "" : "; the first, " + known.example;
    if (!known.places && !known.asns) {
        return tell("a database of another kind (" + opened->type() +
                        "): it has neither countries, coordinates nor AS numbers" + example,
                    Severity::Fault);
    }
    if (known.not_understood > 0) {
        tell(std::to_string(known.not_understood) + " of " +
                 (survey == SourceFiles::Survey::All ? "" : "the first ") +
                 std::to_string(known.records) + " records are not understood" + example,
             Severity::Warning);
    }
    knows_asns_ |= known.asns;
    knows_subdivisions_ |= known.subdivisions;
    databases_.push_back(std::move(*opened));
}

void Sources::add_builtin(Problems& problems) {
    auto opened = Mmdb::open(builtin_database(), "built-in country database");
    release_builtin_database();  // what is read from here on is the copy
    if (!opened) {
        problems.push_back({.file = "isochrone", .path = {}, .text = opened.error().text});
        return;
    }
    builtin_ = std::move(*opened);
}

void Sources::read_overrides(const std::string& path, Problems& problems) {
    if (path.empty()) return;
    const auto text = read_regular_file(path, most_octets_of_places);
    if (!text) {
        problems.push_back({.file = path, .path = {}, .text = text.error().text});
        return;
    }
    overrides_ = read_places(*text, path, problems);
    override_file_ = path;
    for (std::uint32_t i = 0; i < overrides_.size(); ++i) {
        override_tree_.add(overrides_[i].prefix, i + 1);
        knows_asns_ |= overrides_[i].place.asn != 0;
    }
}

std::vector<Prefix> Sources::override_prefixes() const {
    std::vector<Prefix> prefixes;
    for (const auto& row : overrides_) prefixes.push_back(row.prefix);
    return prefixes;
}

std::vector<const Mmdb*> Sources::databases(Family family) const {
    std::vector<const Mmdb*> serving;
    for (const auto& database : databases_) {
        if (database.covers(family)) serving.push_back(&database);
    }
    if (builtin_) serving.push_back(&*builtin_);
    return serving;
}

unsigned Sources::place_length(const Address& client) const {
    static const PrefixTable placeless = [] {
        PrefixTable made;
        for (const auto& space : placeless_prefixes()) made.add(space, 1);
        return made;
    }();
    unsigned length = std::max(leaf_length(override_tree_, client), leaf_length(placeless, client));
    for (const auto* database : databases(client.family))
        length = std::max(length, leaf_length(*database, client));
    return length;
}

Sources::Located Sources::find(const Address& client) const {
    if (const auto inside = embedded_v4(client)) return find(inside->client);
    Located found;
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
    const bool overridden = found.place.located();
    for (const auto* database : databases(client.family)) {
        if (database != builtin()) take(find_in(*database, client), database->name());
    }
    if (builtin_ && !overridden && found.place.country.empty()) {
        const bool alone = !found.place.has_point();
        found.place.complete_from(find_in(*builtin_, client));
        if (alone && !found.place.country.empty()) found.source = builtin_->name();
    }
    return found;
}

}  // namespace geo
