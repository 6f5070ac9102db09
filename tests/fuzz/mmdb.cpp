// SPDX-License-Identifier: Apache-2.0
// The octets of a GeoIP database: a walk through its tree ends, and its records are read or not.
#include "geo/source/mmdb.hpp"

#include "tests/fuzz/target.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace {

constexpr std::size_t most_steps = 3000;

void check(const geo::Place& place) {
    if (!place.has_point()) return;
    fuzz::expect(std::abs(place.latitude) <= 90 && std::abs(place.longitude) <= 180,
                 "a point is on earth");
}

/// A damaged tree may have circles: not all of it is walked.
void walk(const geo::Mmdb& database, geo::Family family) {
    std::vector<geo::PrefixTree::Cursor> left{database.root(family)};
    for (std::size_t step = 0; step < most_steps && !left.empty(); ++step) {
        const auto at = left.back();
        left.pop_back();
        if (at.leaf) {
            if (at.value == 0) continue;
            std::string not_understood;
            check(database.place(at.value, {}, &not_understood));
            fuzz::expect(not_understood.size() < 2000, "what is told is short");
            check(database.place(at.value, {.point = false, .subdivision = false, .asn = false}));
            continue;
        }
        fuzz::expect(at.value < database.node_count(), "a node is one of the tree's");
        const auto halves = database.split(at.value);
        left.push_back(halves.one);
        left.push_back(halves.zero);
    }
}

}  // namespace

/// libmaxminddb 1.7.1 keeps some kilobytes of a database whose metadata is broken (MMDB_open).
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libmaxminddb";
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto database = geo::Mmdb::open({data, size}, "fuzz.mmdb");
    if (!database) {
        fuzz::expect(!database.error().text.empty(), "a fault has words");
        return 0;
    }
    static_cast<void>(database->type());
    static_cast<void>(database->built());
    for (const auto family : {geo::Family::V4, geo::Family::V6}) {
        if (database->covers(family)) walk(*database, family);
    }
    return 0;
}
