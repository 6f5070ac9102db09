// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/write_folder.hpp"

#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>

namespace setup_write_folder_test {

using namespace setup;
namespace fs = std::filesystem;

namespace {

const Files files{{"page.md", "page\n"}, {"vm/secret", "secret\n", Readers::Owner}};

bool good(const std::string&) {
    return true;
}

std::ptrdiff_t count_in(const std::string& folder) {
    return std::distance(fs::directory_iterator{folder}, fs::directory_iterator{});
}

fs::perms mode_of(const std::string& path) {
    return fs::status(path).permissions();
}

}  // namespace

TEST_CASE("a folder is approved before it has its name, and then is there as a whole") {
    const support::TemporaryFolder folder;
    const auto path = folder.path("out");
    const auto fault = write_folder(path + "/", files, [&](const std::string& passing) {
        CHECK(!fs::exists(path));
        return support::contents(passing + "/page.md") == "page\n";
    });
    CHECK(!fault);
    CHECK(support::contents(path + "/vm/secret") == "secret\n");
    CHECK(mode_of(path) == fs::perms{0700});
    CHECK(mode_of(path + "/page.md") == fs::perms{0644});
    CHECK(mode_of(path + "/vm/secret") == fs::perms{0600});
    CHECK(fs::last_write_time(path + "/page.md") == fs::last_write_time(path + "/vm/secret"));
    CHECK(count_in(folder.path("")) == 1);
}

TEST_CASE("what exists is not overwritten, an empty folder neither") {
    const support::TemporaryFolder folder;
    fs::create_directory(folder.path("empty"));
    folder.write("file", "mine");
    fs::create_symlink("nowhere", folder.path("link"));
    for (const std::string name : {"empty", "file", "link"}) {
        CAPTURE(name);
        const auto fault = write_folder(folder.path(name), files, good);
        REQUIRE(fault);
        CHECK(fault->text.find("exists already; nothing was written") != std::string::npos);
    }
    CHECK(support::contents(folder.path("file")) == "mine");
    CHECK(fs::is_empty(folder.path("empty")));
    CHECK(count_in(folder.path("")) == 3);
}

TEST_CASE("a folder that comes into being meanwhile is not overwritten") {
    const support::TemporaryFolder folder;
    const auto fault = write_folder(folder.path("out"), files, [&](const std::string&) {
        return fs::create_directory(folder.path("out"));
    });
    REQUIRE(fault);
    CHECK(fault->text.find("exists already") != std::string::npos);
    CHECK(fs::is_empty(folder.path("out")));
    CHECK(count_in(folder.path("")) == 1);
}

TEST_CASE("nothing is left of files that are faulty or cannot be written") {
    const support::TemporaryFolder folder;
    CHECK(write_folder(folder.path("out"), files, [](const std::string&) { return false; }));
    CHECK(write_folder(folder.path("out"), {{"page.md", ""}, {"page.md/below", ""}}, good));
    CHECK(write_folder(folder.path("no/such/out"), files, good));
    CHECK(count_in(folder.path("")) == 0);
}

}  // namespace setup_write_folder_test
