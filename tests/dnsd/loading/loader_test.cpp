// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/loader.hpp"

#include "tests/dnsd/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace loading_loader_test {

using control::Loader;
using support::TemporaryFolder;

namespace {

std::string zone(const std::string& name, const std::string& address = "192.0.2.1") {
    return support::zone_text(name, R"("www": {"A": ")" + address + "\"}");
}

/// A folder of zones and what reads them.
struct Fixture {
    TemporaryFolder folder;
    Loader loader{{folder.path("")}, {}};
    geo::Problems problems;

    zones::Catalog load() {
        problems.clear();
        return loader.load(problems);
    }
    /// The first address of www in a zone; empty when the zone is not served.
    static std::string address(const zones::Catalog& catalog, const std::string& name) {
        for (const auto& served : catalog.zones()) {
            if (served.zone->apex().text() != name) continue;
            const auto www = *zones::Name::from_text("www", served.zone->apex());
            const auto node = served.zone->look_up(www).node;
            const auto octets = served.zone->wire(*served.zone->find(node, zones::rr::A)).octets;
            return geo::to_text(geo::address_from(geo::Family::V4, octets.subspan(12, 4)));
        }
        return {};
    }
    [[nodiscard]] std::size_t faults() const {
        return static_cast<std::size_t>(
            std::ranges::count(problems, geo::Severity::Fault, &geo::Problem::severity));
    }
};

/// Whether a loader notices a file's mode, as far as it concerns whoever runs this.
bool readability_is_a_change() {
    Fixture at;
    const auto path = at.folder.write("a.json", zone("a."));
    const auto settles = [&] { return !at.loader.changed() && at.loader.changed(); };
    if (::chmod(path.c_str(), 0) != 0 || !at.load().zones().empty() || at.faults() != 1)
        return false;
    if (::chmod(path.c_str(), 0600) != 0 || !settles()) return false;
    if (Fixture::address(at.load(), "a.") != "192.0.2.1" || at.faults() != 0) return false;
    if (::chmod(path.c_str(), 0) != 0 || !settles()) return false;
    return Fixture::address(at.load(), "a.") == "192.0.2.1" && at.faults() == 1;
}

}  // namespace

TEST_CASE("the zones of a folder are loaded, hidden and other files are not") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    at.folder.write("b.json", zone("b."));
    at.folder.write(".c.json", zone("c."));
    at.folder.write("d.json~", zone("d."));
    at.folder.write("e.txt", zone("e."));
    const auto catalog = at.load();
    CHECK(at.problems.empty());
    CHECK(catalog.zones().size() == 2);
    CHECK(Fixture::address(catalog, "a.") == "192.0.2.1");
    CHECK(Fixture::address(catalog, "b.") == "192.0.2.1");
}

TEST_CASE("a file named twice, or in a folder that is named too, is one file") {
    const TemporaryFolder folder;
    const auto path = folder.write("a.json", zone("a."));
    const auto same = std::filesystem::path{path}.parent_path().string();
    Loader loader{{path, path, same}, {}};
    geo::Problems problems;
    CHECK(loader.load(problems).zones().size() == 1);
    CHECK(problems.empty());
}

TEST_CASE("a folder that is empty or missing is a fault that names it") {
    Fixture at;
    const auto nowhere = at.folder.path("nowhere");
    for (const auto& path : {std::filesystem::path{nowhere}.parent_path().string(), nowhere}) {
        CAPTURE(path);
        Loader loader{{path}, {}};
        geo::Problems problems;
        CHECK(loader.load(problems).zones().empty());
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].file == path);
        CHECK(geo::any_fault(problems));
    }
}

TEST_CASE("a folder that goes away takes no zone out of service") {
    const TemporaryFolder outer;
    const auto folder = outer.path("zones");
    std::filesystem::create_directory(folder);
    outer.write("zones/a.json", zone("a."));
    Loader loader{{folder}, {}};
    geo::Problems problems;
    CHECK(loader.load(problems).zones().size() == 1);
    CHECK(problems.empty());
    std::filesystem::rename(folder, outer.path("moved"));
    CHECK(Fixture::address(loader.load(problems), "a.") == "192.0.2.1");
    CHECK(geo::any_fault(problems));
}

TEST_CASE("a folder that is emptied takes no zone out of service") {
    Fixture at;
    const auto settles = [&] { return !at.loader.changed() && at.loader.changed(); };
    at.folder.write("a.json", zone("a."));
    at.folder.write("b.json", zone("b."));
    at.folder.write("bad.json", "{");
    (void)at.load();
    for (const auto* file : {"a.json", "b.json", "bad.json"})
        std::filesystem::remove(at.folder.path(file));
    CHECK(settles());
    for (int i = 0; i < 2; ++i) {
        const auto catalog = at.load();
        CHECK(Fixture::address(catalog, "a.") == "192.0.2.1");
        CHECK(Fixture::address(catalog, "b.") == "192.0.2.1");
        REQUIRE(at.problems.size() == 1);
        CHECK(geo::any_fault(at.problems));
        CHECK(at.problems[0].text.find("its zones stay until a restart") != std::string::npos);
        CHECK_FALSE(at.loader.changed());
        CHECK_FALSE(at.loader.changed());
        at.loader.forget_states();  // whoever asks for a reload by a signal may not have looked
    }
    // What comes then is the operator's word, also of what is not there.
    at.folder.write("b.json", zone("b.", "192.0.2.9"));
    CHECK(settles());
    const auto catalog = at.load();
    CHECK(at.problems.empty());
    CHECK(Fixture::address(catalog, "a.").empty());
    CHECK(Fixture::address(catalog, "b.") == "192.0.2.9");
    Loader next{{at.folder.path("")}, {}};
    std::filesystem::remove(at.folder.path("b.json"));
    CHECK(next.load(at.problems).zones().empty());
}

TEST_CASE("one folder that is emptied leaves another one to its operator") {
    const TemporaryFolder outer;
    for (const auto* name : {"full", "empty"}) std::filesystem::create_directory(outer.path(name));
    const auto a = outer.write("empty/a.json", zone("a."));
    const auto b = outer.write("full/b.json", zone("b."));
    outer.write("full/c.json", zone("c."));
    Loader loader{{outer.path("empty"), outer.path("full")}, {}};
    geo::Problems problems;
    CHECK(loader.load(problems).zones().size() == 3);
    std::filesystem::remove(a);
    std::filesystem::remove(b);
    const auto catalog = loader.load(problems);
    CHECK(Fixture::address(catalog, "a.") == "192.0.2.1");
    CHECK(Fixture::address(catalog, "b.").empty());
    CHECK(Fixture::address(catalog, "c.") == "192.0.2.1");
}

TEST_CASE("a file that is made readable is a change, and so is one that no longer is") {
    if (::geteuid() == 0) {
        // Root reads everything: as somebody else, in a process of its own.
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) ::_exit(::seteuid(65534) == 0 && readability_is_a_change() ? 0 : 1);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    } else {
        CHECK(readability_is_a_change());
    }
}

TEST_CASE("a change counts when two looks agree on it: no file is read half way") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    (void)at.load();
    CHECK_FALSE(at.loader.changed());
    CHECK_FALSE(at.loader.changed());
    at.folder.write("a.json", zone("a.", "192.0.2.222"));
    CHECK_FALSE(at.loader.changed());
    CHECK(at.loader.changed());
    CHECK(at.loader.changed());  // until it is loaded
    at.folder.write("a.json", zone("a.", "198.51.100.222"));
    CHECK_FALSE(at.loader.changed());  // it goes on changing
    CHECK(at.loader.changed());
    CHECK(Fixture::address(at.load(), "a.") == "198.51.100.222");
    CHECK_FALSE(at.loader.changed());
}

TEST_CASE("files that come, go, or are renamed over each other are changes") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    (void)at.load();
    const auto settles = [&] { return !at.loader.changed() && at.loader.changed(); };
    at.folder.write("b.json", zone("b."));
    CHECK(settles());
    CHECK(at.load().zones().size() == 2);
    const auto next = at.folder.write("new", zone("b.", "192.0.2.9"));
    std::filesystem::rename(next, at.folder.path("b.json"));
    CHECK(settles());
    CHECK(Fixture::address(at.load(), "b.") == "192.0.2.9");
    std::filesystem::remove(at.folder.path("a.json"));
    CHECK(settles());
    const auto catalog = at.load();
    CHECK(catalog.zones().size() == 1);
    CHECK(Fixture::address(catalog, "a.").empty());
}

TEST_CASE("a file that turns faulty keeps its last good zone, and others load") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    at.folder.write("b.json", zone("b."));
    (void)at.load();
    at.folder.write("a.json", "{ \"zone\": ");
    at.folder.write("b.json", zone("b.", "192.0.2.7"));
    const auto catalog = at.load();
    CHECK(at.faults() == 1);
    CHECK(at.problems.at(0).file == at.folder.path("a.json"));
    CHECK(Fixture::address(catalog, "a.") == "192.0.2.1");
    CHECK(Fixture::address(catalog, "b.") == "192.0.2.7");
    at.folder.write("a.json", zone("a.", "192.0.2.8"));
    CHECK(Fixture::address(at.load(), "a.") == "192.0.2.8");
    CHECK(at.problems.empty());
}

TEST_CASE("a file that is named and gone keeps its zone, with a fault each time it is asked for") {
    const TemporaryFolder folder;
    const auto path = folder.write("a.json", zone("a."));
    Loader loader{{path}, {}};
    geo::Problems problems;
    (void)loader.load(problems);
    std::filesystem::remove(path);
    CHECK(loader.load(problems).zones().size() == 1);
    CHECK(geo::any_fault(problems));
    problems.clear();
    loader.forget_states();  // as SIGHUP does
    CHECK(loader.load(problems).zones().size() == 1);
    CHECK(geo::any_fault(problems));
}

TEST_CASE("a zone in two files is served out of the first, with a fault that names it") {
    Fixture at;
    at.folder.write("a.json", zone("same."));
    at.folder.write("b.json", zone("same.", "192.0.2.2"));
    at.folder.write("c.json", zone("c."));
    const auto catalog = at.load();
    CHECK(catalog.zones().size() == 2);
    CHECK(Fixture::address(catalog, "same.") == "192.0.2.1");
    REQUIRE(at.faults() == 1);
    CHECK(at.problems[0].file == at.folder.path("b.json"));
    CHECK(at.problems[0].text.find("a.json") != std::string::npos);
    std::filesystem::remove(at.folder.path("a.json"));
    CHECK(Fixture::address(at.load(), "same.") == "192.0.2.2");
    CHECK(at.faults() == 0);
}

TEST_CASE("a file whose zone becomes that of another file keeps its own, until the other is gone") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    at.folder.write("b.json", zone("b."));
    (void)at.load();
    at.folder.write("b.json", zone("a.", "192.0.2.2"));
    const auto catalog = at.load();
    CHECK(at.faults() == 1);
    CHECK(Fixture::address(catalog, "a.") == "192.0.2.1");
    CHECK(Fixture::address(catalog, "b.") == "192.0.2.1");
    std::filesystem::remove(at.folder.path("a.json"));
    CHECK(Fixture::address(at.load(), "a.") == "192.0.2.2");
    CHECK(at.faults() == 0);
}

TEST_CASE("no zone is served twice when a file falls back to a zone that another one now has") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    at.folder.write("z.json", zone("old."));
    (void)at.load();
    at.folder.write("b.json", zone("old.", "192.0.2.2"));
    at.folder.write("z.json", zone("a.", "192.0.2.3"));
    at.folder.write("zz.json", zone("last."));
    const auto catalog = at.load();
    CHECK(at.faults() > 0);
    std::vector<std::string> names;
    for (const auto& served : catalog.zones()) names.push_back(served.zone->apex().text());
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"a.", "last.", "old."});
    const auto* last = catalog.find(*zones::Name::from_text("www.last.", {}));
    REQUIRE(last != nullptr);
    CHECK(last->zone->apex().text() == "last.");
}

TEST_CASE("what has not changed is not read again; what is asked for is") {
    Fixture at;
    at.folder.write("a.json", zone("a."));
    at.folder.write("b.json", zone("b."));
    const auto first = at.load();
    at.folder.write("b.json", zone("b.", "192.0.2.7"));
    const auto second = at.load();
    CHECK(second.zones()[0].zone == first.zones()[0].zone);
    CHECK(second.zones()[1].zone != first.zones()[1].zone);
    at.loader.forget_states();
    CHECK(at.load().zones()[0].zone != first.zones()[0].zone);
}

TEST_CASE("a link in a circle and a pipe in the folder are faults, and the others load") {
    Fixture at;
    at.folder.write("good.json", zone("good."));
    std::filesystem::create_symlink("loop.json", at.folder.path("loop.json"));
    for (const auto* name : {"pipe.json", "pipe.zone", "included"})
        REQUIRE(::mkfifo(at.folder.path(name).c_str(), 0600) == 0);
    at.folder.write("including.zone", "$INCLUDE included\n");
    std::filesystem::create_symlink("/dev/zero", at.folder.path("device.zone"));
    const auto catalog = at.load();
    CHECK(Fixture::address(catalog, "good.") == "192.0.2.1");
    for (const auto* name :
         {"loop.json", "pipe.json", "pipe.zone", "including.zone", "device.zone"}) {
        CAPTURE(name);
        CHECK(std::ranges::any_of(at.problems, [&](const geo::Problem& problem) {
            return geo::to_text(problem).find(name) != std::string::npos ||
                   (problem.text.find("something else") != std::string::npos &&
                    problem.file.ends_with("included"));
        }));
    }
}

TEST_CASE("of very many faults the first 200 are listed, in time") {
    Fixture at;
    std::string records;
    for (int i = 0; i < 20000; ++i) {
        records +=
            (i == 0 ? "" : ",\n") + ("\"n" + std::to_string(i)) + "\": {\"A\": \"300.0.0.1\"}";
    }
    at.folder.write("many.json", support::zone_text("many.", records));
    CHECK(at.load().zones().empty());
    CHECK(at.faults() == 201);
    CHECK(at.problems.back().text == "and more of this kind, which are not listed");
}

}  // namespace loading_loader_test
