// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb.hpp"

#include "geo/compile/compiler.hpp"
#include "geo/source/builtin_database.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
// libmaxminddb 1.7 loses some memory when it refuses a database for its description.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libmaxminddb.so";
}
#endif

using geo::Family;
using geo::Mmdb;
using geo::Place;
using nlohmann::json;
using support::MmdbOptions;
using support::MmdbRow;
using support::prefix;
using support::write_mmdb;

namespace {

using Octets = std::vector<std::uint8_t>;

json field(const char* key, const json& value) {
    json record;
    record[key] = value;
    return record;
}

json under_country(const char* key, const json& value) {
    return field("country", field(key, value));
}

json nested_city(const char* country, double latitude, double longitude) {
    auto record = under_country("iso_code", country);
    record["country"]["names"]["en"] = "somewhere";
    record["continent"]["code"] = "EU";
    record["location"]["latitude"] = latitude;
    record["location"]["longitude"] = longitude;
    record["subdivisions"] = {field("iso_code", "BE"), field("iso_code", "XX")};
    return record;
}

Mmdb open_rows(const std::vector<MmdbRow>& rows, const MmdbOptions& options = {}) {
    return Mmdb::open(write_mmdb(rows, options), "test").value();
}

/// A database that knows 192.0.2.0/24 alone.
Mmdb open_one(const json& record) {
    return open_rows({MmdbRow{prefix("192.0.2.0/24"), record}});
}

Place place_at(const Mmdb& database, const char* text) {
    const auto to = support::address(text);
    auto at = database.root(to.family);
    for (unsigned depth = 0; !at.leaf; ++depth) {
        REQUIRE(depth < geo::width(to.family));
        const auto [zero, one] = database.split(at.value);
        at = to.bit(depth) == 0 ? zero : one;
    }
    return database.place(at.value);
}

/// The error of what does not open.
std::string fault_of(const std::string& path) {
    const auto opened = Mmdb::open(path);
    return opened ? "opened" : opened.error().text;
}

/// Opens a database beside a good one and compiles it.
bool survives(const support::TemporaryFolder& folder, const std::string& good,
              const Octets& octets) {
    geo::Problems problems;
    const auto path = folder.write("damaged.mmdb", octets);
    const auto sources =
        geo::Sources::open({{good, path}, {}, geo::SourceFiles::Builtin::LeftOut}, problems);
    if (!sources) return !problems.empty() && problems.front().file == path;
    geo::Policy policy;
    policy.kind = geo::Policy::Kind::Nearest;
    policy.children.resize(2);
    policy.children[1].edge = 1;
    policy.biases.resize(2);
    const geo::EdgeSites sites{geo::EdgeSite{{50, 10}}, geo::EdgeSite{{1, 103}}};
    const geo::MapRequest request{&policy, &sites};
    const auto maps = geo::compile(*sources, {&request, 1});
    return maps || maps.error().text.starts_with(path);
}

Octets small_database(unsigned record_size) {
    return write_mmdb({{prefix("192.0.0.0/8"), nested_city("DE", 52.5, 13.4)},
                       {prefix("2000::/4"), nested_city("SG", 1.3, 103.8)}},
                      {.record_size = record_size});
}

std::string good_database(const support::TemporaryFolder& folder) {
    const std::vector<MmdbRow> rows{{prefix("0.0.0.0/1"), under_country("iso_code", "US")},
                                    {prefix("2800::/5"), under_country("iso_code", "FR")}};
    return folder.write("good.mmdb", write_mmdb(rows));
}

}  // namespace

TEST_CASE("a database of any record size says where its networks are") {
    for (const unsigned record_size : {24U, 28U, 32U}) {
        CAPTURE(record_size);
        const auto database = open_rows(
            {{prefix("192.0.2.0/24"), nested_city("DE", 52.5, 13.25)},
             {prefix("192.0.0.0/16"), nested_city("FR", 48.75, 2.25)},
             {prefix("2001:db8::/32"), nested_city("NL", 52.25, 4.75)}},
            {.record_size = record_size, .type = "GeoLite2-City", .built = 1'750'000'000});
        CHECK(database.name() == "test");
        CHECK(database.type() == "GeoLite2-City");
        CHECK(database.built() == 1'750'000'000);
        CHECK(database.node_count() > 96);
        CHECK(database.covers(Family::V4));
        CHECK(database.covers(Family::V6));
        const auto berlin = place_at(database, "192.0.2.255");
        CHECK(berlin.country.text() == "DE");
        CHECK(berlin.continent.text() == "EU");
        CHECK(berlin.subdivision.text() == "BE");
        CHECK(berlin.latitude == 52.5F);
        CHECK(berlin.longitude == 13.25F);
        CHECK(berlin.asn == 0);
        CHECK(place_at(database, "192.0.3.0").country.text() == "FR");
        CHECK_FALSE(place_at(database, "192.1.0.0").located());
        CHECK(place_at(database, "2001:db8::1").country.text() == "NL");
        CHECK_FALSE(place_at(database, "2001:db9::1").located());
    }
}

TEST_CASE("a database of IPv4 alone covers no IPv6") {
    const auto database =
        open_rows({{prefix("192.0.2.0/24"), nested_city("DE", 52.5, 13.4)}}, {.ip_version = 4});
    CHECK(database.covers(Family::V4));
    CHECK_FALSE(database.covers(Family::V6));
    CHECK(place_at(database, "192.0.2.1").country.text() == "DE");
    CHECK(database.root(Family::V6).leaf);
    CHECK(database.root(Family::V6).value == 0);
}

TEST_CASE("one record for all of IPv4, or none, needs no tree below its root") {
    const auto whole = open_rows({{prefix("0.0.0.0/0"), nested_city("DE", 52.5, 13.4)}});
    CHECK(place_at(whole, "203.0.113.1").country.text() == "DE");
    const auto larger = open_rows({{prefix("::/0"), nested_city("DE", 52.5, 13.4)}});
    CHECK(place_at(larger, "203.0.113.1").country.text() == "DE");
    CHECK(place_at(larger, "2001:db8::1").country.text() == "DE");
    const auto none = open_rows({{prefix("2001:db8::/32"), nested_city("DE", 52.5, 13.4)}});
    CHECK_FALSE(place_at(none, "203.0.113.1").located());
    const auto empty = open_rows({});
    CHECK_FALSE(place_at(empty, "203.0.113.1").located());
    CHECK_FALSE(place_at(empty, "2001:db8::1").located());
}

TEST_CASE("a file that is no database is an error that names the file") {
    const support::TemporaryFolder folder;
    const auto whole = small_database(24);
    const auto fifo = folder.path("fifo");
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    const std::string paths[] = {
        folder.path("missing.mmdb"),
        folder.write("empty.mmdb", ""),
        folder.write("text.mmdb", "prefix,latitude\n"),
        folder.write("half.mmdb", std::span{whole}.first(whole.size() / 2)),
        folder.path(""),  // a folder
        fifo,
    };
    for (const auto& path : paths) {
        CAPTURE(path);
        const auto fault = fault_of(path);
        CHECK(fault.starts_with(path + ": "));
        CHECK(fault.size() > path.size() + 2);
        geo::Problems problems;
        CHECK_FALSE(geo::Sources::open({{path}, {}}, problems));
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].file == path);
        CHECK_FALSE(problems[0].text.empty());
    }
}

TEST_CASE("running out of descriptors is no fault of the file, which the exception names") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.mmdb", small_database(24));
    const int free_number = open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(free_number >= 0);
    close(free_number);
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const auto said = [&](int spare, const geo::SourceFiles& files) -> std::string {
        auto limit = before;
        limit.rlim_cur = static_cast<rlim_t>(free_number + spare);
        REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
        geo::Problems problems;
        std::string text;
        try {
            static_cast<void>(geo::Sources::open(files, problems));
        } catch (const std::system_error& shortage) {
            text = shortage.what();
        }
        REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
        CHECK(problems.empty());
        return text;
    };
    for (const int spare : {0, 1}) {
        CAPTURE(spare);
        CHECK(said(spare, {{path}, {}}) == path + ": Too many open files");
        CHECK(said(spare, {}) == "built-in country database: Too many open files");
    }
}

TEST_CASE("a database cut at any length is an error or can be used") {
    const support::TemporaryFolder folder;
    const auto good = good_database(folder);
    for (const unsigned record_size : {24U, 28U, 32U}) {
        const auto whole = small_database(record_size);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            CAPTURE(length);
            const auto part = std::span{whole}.first(length);
            CHECK(survives(folder, good, {part.begin(), part.end()}));
        }
    }
}

TEST_CASE("a database with any octet changed is an error or can be used") {
    const support::TemporaryFolder folder;
    const auto good = good_database(folder);
    const auto whole = small_database(24);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned change : {0x01U, 0x20U, 0x80U, 0xffU, unsigned{whole[at]}}) {
            if (change == 0) continue;
            CAPTURE(at);
            CAPTURE(change);
            auto changed = whole;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
            CHECK(survives(folder, good, changed));
        }
    }
}

TEST_CASE("a tree that leads back into itself is damaged, and ends all the same") {
    const support::TemporaryFolder folder;
    const auto good = good_database(folder);
    const auto whole = small_database(24);
    struct Row {
        const char* name;
        std::size_t node;
        std::uint32_t to;
        bool both;  // sides
    };
    const Row rows[] = {
        {"the root is its own half", 0, 0, false},
        {"the root is both of its halves", 0, 0, true},
        {"a node is both of its halves", 1, 1, true},
        {"a node below leads up", 3, 1, true},
        {"two nodes are each other's halves", 98, 97, true},
        {"the IPv4 space holds itself", 97, 96, true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto octets = whole;
        support::set_record(octets, row.node, 0, row.to);
        if (row.both) support::set_record(octets, row.node, 1, row.to);
        CHECK(survives(folder, good, octets));
    }
}

TEST_CASE("an error of the compiler names the database whose tree has loops") {
    const support::TemporaryFolder folder;
    const auto good = good_database(folder);
    auto octets = small_database(24);
    support::set_record(octets, 1, 1, 1);  // 4000::/2 is ::/1 again
    const auto path = folder.write("loop.mmdb", octets);
    for (const bool first : {true, false}) {
        geo::Problems problems;
        auto files = first ? std::vector{path, good} : std::vector{good, path};
        const auto sources = geo::Sources::open({std::move(files), {}}, problems);
        REQUIRE(sources.has_value());
        const geo::Policy policy;
        const geo::EdgeSites sites(1);
        const geo::MapRequest request{&policy, &sites};
        const auto maps = geo::compile(*sources, {&request, 1});
        REQUIRE_FALSE(maps.has_value());
        CHECK(maps.error().text == path + ": damaged: its tree has loops");
    }
}

TEST_CASE("what happens to a file after it is open does not matter") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.mmdb", small_database(24));
    const auto database = Mmdb::open(path).value();
    REQUIRE(truncate(path.c_str(), 0) == 0);
    CHECK(place_at(database, "192.1.2.3").country.text() == "DE");
    CHECK(place_at(database, "2001:db8::1").country.text() == "SG");
    REQUIRE(unlink(path.c_str()) == 0);
    CHECK(place_at(database, "192.1.2.3").country.text() == "DE");
}

TEST_CASE("a database may be moved") {
    auto database = open_one(nested_city("DE", 52.5, 13.25));
    const auto moved = std::move(database);
    CHECK(place_at(moved, "192.0.2.1").country.text() == "DE");
}

TEST_CASE("the country database in the executable opens and knows both families") {
    const auto database = Mmdb::open(geo::builtin_database(), "built-in").value();
    CHECK(place_at(database, "193.0.6.139").country.text() == "NL");  // RIPE NCC
    CHECK(place_at(database, "2001:67c:2e8::1").country.text() == "NL");
    CHECK_FALSE(place_at(database, "10.0.0.1").located());
    CHECK(geo::builtin_database().size() < 8U << 20);
}
