// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/kept_zones.hpp"

#include "dnsd/loading/loader.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

namespace loading_kept_zones_test {

using control::KeptZones;
using control::Loader;
using support::TemporaryFolder;

namespace fs = std::filesystem;

namespace {

std::string zone(const std::string& name, const std::string& address = "192.0.2.1") {
    return support::zone_text(name, R"("www": {"A": ")" + address + "\"}");
}

std::string plain(const std::string& more) {
    return "a. 60 IN SOA ns1.a. . 7 60 60 60 60\n@ 60 NS ns1\nns1 60 A 192.0.2.7\n" + more;
}

/// What a server does with its files and its state from one start to the next.
class Served {
 public:
    Served(const std::vector<std::string>& files, const std::string& state)
        : kept_{state}, loader_{files, {}} {
        kept_.open();
        loader_.keep_in(kept_);
        load();
    }

    void load() {
        problems.clear();
        catalog = loader_.load(problems);
        fault = kept_.write(geo::Time::max());
    }
    /// The first address of www in a zone; empty when the zone is not served.
    [[nodiscard]] std::string address(const std::string& name) const {
        for (const auto& served : catalog.zones()) {
            if (served.zone->apex().text() != name) continue;
            const auto www = *zones::Name::from_text("www", served.zone->apex());
            const auto [found, node, label] = served.zone->look_up(www);
            if (node == zones::Zone::none) return "none";
            const auto octets = served.zone->wire(*served.zone->find(node, zones::rr::A)).octets;
            return geo::to_text(geo::address_from(geo::Family::V4, octets.subspan(12, 4)));
        }
        return {};
    }
    [[nodiscard]] std::size_t alarms() const { return loader_.alarms().size(); }
    [[nodiscard]] const control::Alarm& alarm() const { return loader_.alarms().front(); }

    geo::Problems problems;
    zones::Catalog catalog;
    std::string fault;

 private:
    KeptZones kept_;
    Loader loader_;
};

struct Machine {
    TemporaryFolder folder;
    std::string zones = folder.path("zones");
    std::string state = folder.path("kept");

    Machine() { fs::create_directory(zones); }
    void write(const std::string& name, const std::string& text) const {
        folder.write("zones/" + name, text);
    }
    [[nodiscard]] Served start() const { return Served{{zones}, state}; }
    [[nodiscard]] std::size_t kept() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{state}, fs::directory_iterator{}));
    }
};

}  // namespace

TEST_CASE("a zone whose file is faulty at a start is served as it was, and that is an alarm") {
    const Machine machine;
    machine.write("a.json", zone("a.", "192.0.2.5"));
    machine.write("b.json", zone("b."));
    std::uint32_t serial = 0;
    {
        const auto before = machine.start();
        CHECK(before.alarms() == 0);
        serial = before.catalog.zones().front().zone->serial();
    }
    machine.write("a.json", "{");
    auto again = machine.start();
    CHECK(geo::any_fault(again.problems));
    CHECK(again.address("a.") == "192.0.2.5");
    CHECK(again.address("b.") == "192.0.2.1");
    REQUIRE(again.alarms() == 1);
    CHECK(again.alarm().zone->text() == "a.");
    CHECK(again.alarm().line.starts_with("alarm=zone_file_faulty serial="));
    CHECK(again.alarm().line.find(" kept=20") != std::string::npos);
    CHECK(again.alarm().text.find("a.json: faulty or gone") != std::string::npos);
    for (const auto& served : again.catalog.zones()) {
        if (served.zone->apex().text() == "a.") CHECK(served.zone->serial() == serial);
    }
    // It is looked at again like any other, and once more at the next start.
    again.load();
    CHECK(again.alarms() == 1);
    CHECK(machine.start().address("a.") == "192.0.2.5");
    machine.write("a.json", zone("a.", "192.0.2.66"));
    again.load();
    CHECK(again.address("a.") == "192.0.2.66");
    CHECK(again.alarms() == 0);
    machine.write("a.json", "[");
    CHECK(machine.start().address("a.") == "192.0.2.66");
}

TEST_CASE("whatever makes a file faulty, its zone is served as it was") {
    const struct {
        const char* name;
        void (*spoil)(const Machine& machine);
    } rows[] = {
        {"cut short",
         [](const Machine& machine) { machine.write("a.json", zone("a.").substr(0, 40)); }},
        {"empty", [](const Machine& machine) { machine.write("a.json", ""); }},
        {"a folder",
         [](const Machine& machine) {
             fs::remove(machine.zones + "/a.json");
             fs::create_directory(machine.zones + "/a.json");
         }},
        {"a link to nowhere",
         [](const Machine& machine) {
             fs::remove(machine.zones + "/a.json");
             fs::create_symlink("nowhere", machine.zones + "/a.json");
         }},
        {"another's zone", [](const Machine& machine) { machine.write("a.json", zone("b.")); }},
        {"everything is gone", [](const Machine& machine) { fs::remove_all(machine.zones); }},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Machine machine;
        machine.write("a.json", zone("a.", "192.0.2.5"));
        machine.write("b.json", zone("b."));
        CHECK(machine.start().alarms() == 0);
        row.spoil(machine);
        const auto again = machine.start();
        CHECK(again.address("a.") == "192.0.2.5");
        CHECK(again.address("b.") == "192.0.2.1");
        CHECK(again.alarms() >= 1);
    }
}

TEST_CASE("a zone is kept with all that it includes, whatever is left of that") {
    const Machine machine;
    machine.write("a.zone", plain("$INCLUDE more/one\n"));
    fs::create_directory(machine.zones + "/more");
    machine.write("more/one", "$INCLUDE two\n");
    machine.write("more/two", "www 60 A 192.0.2.8\n");
    CHECK(machine.start().address("a.") == "192.0.2.8");
    fs::remove_all(machine.zones + "/more");
    const auto again = machine.start();
    CHECK(again.address("a.") == "192.0.2.8");
    CHECK(again.alarms() == 1);
}

TEST_CASE("a file that was taken away while no server ran takes its zone with it") {
    const Machine machine;
    machine.write("a.json", zone("a."));
    machine.write("b.json", zone("b."));
    CHECK(machine.start().catalog.zones().size() == 2);
    CHECK(machine.kept() == 2);
    fs::remove(machine.zones + "/a.json");
    auto again = machine.start();
    CHECK(again.address("a.").empty());
    CHECK(again.address("b.") == "192.0.2.1");
    CHECK(again.alarms() == 0);
    CHECK(machine.kept() == 1);
    // The same when it is taken away under a server that runs.
    machine.write("a.json", zone("a."));
    again.load();
    CHECK(machine.kept() == 2);
    fs::remove(machine.zones + "/a.json");
    again.load();
    CHECK(machine.kept() == 1);
    machine.write("a.json", "{");
    CHECK(machine.start().address("a.").empty());
}

TEST_CASE("a zone stays with the file that it was served from, over a restart too") {
    const Machine machine;
    machine.write("b.json", zone("a.", "192.0.2.5"));
    CHECK(machine.start().address("a.") == "192.0.2.5");
    machine.write("a.json", zone("a.", "192.0.2.6"));
    const auto again = machine.start();
    CHECK(geo::any_fault(again.problems));
    CHECK(again.address("a.") == "192.0.2.5");
}

TEST_CASE("what is kept is written when it changes, and not otherwise") {
    const Machine machine;
    machine.write("a.json", zone("a."));
    machine.write("b.json", zone("b."));
    auto server = machine.start();
    std::vector<std::pair<std::string, ino_t>> before;
    const auto inodes = [&] {
        std::vector<std::pair<std::string, ino_t>> all;
        for (const auto& file : fs::directory_iterator{machine.state}) {
            struct stat found {};
            REQUIRE(::stat(file.path().c_str(), &found) == 0);
            CHECK((found.st_mode & 07777) == 0600);
            all.emplace_back(file.path().filename().string(), found.st_ino);
        }
        std::ranges::sort(all);
        return all;
    };
    before = inodes();
    REQUIRE(before.size() == 2);
    CHECK(machine.start().alarms() == 0);
    CHECK(inodes() == before);
    machine.write("b.json", zone("b.", "192.0.2.77"));
    server.load();
    const auto after = inodes();
    CHECK(after[0] == before[0]);
    CHECK(after[1] != before[1]);
}

TEST_CASE("what is kept and damaged is left alone, and a start goes on without it") {
    const Machine machine;
    machine.write("a.json", zone("a."));
    CHECK(machine.start().address("a.") == "192.0.2.1");
    const auto path = fs::directory_iterator {
        machine.state
        } -> path().string();
    std::string text;
    {
        std::ifstream file{path};
        text.assign(std::istreambuf_iterator<char>{file}, {});
    }
    machine.write("a.json", "{");
    for (const std::string& damaged :
         {std::string{}, text.substr(0, 10), text.substr(0, text.size() - 1), text + "x",
          "x" + text, std::string(5000, '\xff'), std::string(5000, '\n')}) {
        std::ofstream{path} << damaged;
        const auto again = machine.start();
        CHECK(again.address("a.").empty());
        CHECK(geo::any_fault(again.problems));
    }
    std::ofstream{path} << text;
    CHECK(machine.start().address("a.") == "192.0.2.1");
}

TEST_CASE("a file that changes before it is kept is kept at its next load, not half way") {
    const TemporaryFolder folder;
    const auto path = folder.write("a.json", zone("a."));
    KeptZones kept{folder.path("kept")};
    kept.keep(path, "a.", {{path, control::state_of(path)}});
    folder.write("a.json", zone("a.", "192.0.2.123"));
    CHECK(kept.write(geo::Time::max()).empty());
    CHECK(kept.empty());
    kept.keep(path, "a.", {{path, control::state_of(path)}});
    CHECK(kept.write(geo::Time::max()).empty());
    CHECK_FALSE(kept.empty());
}

TEST_CASE("a zone that goes on changing is not written each time") {
    const TemporaryFolder folder;
    KeptZones kept{folder.path("kept")};
    const auto path = folder.write("a.json", zone("a."));
    kept.keep(path, "a.", {{path, control::state_of(path)}});
    CHECK(kept.due(geo::Clock::now()));
    CHECK(kept.write(geo::Clock::now()).empty());
    const auto written = geo::Clock::now();
    folder.write("a.json", zone("a.", "192.0.2.123"));
    kept.keep(path, "a.", {{path, control::state_of(path)}});
    CHECK_FALSE(kept.due(written - std::chrono::seconds{1}));
    CHECK(kept.due(written + std::chrono::hours{1}));
}

}  // namespace loading_kept_zones_test
