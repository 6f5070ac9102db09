// SPDX-License-Identifier: Apache-2.0
#include "dnsd/state/state_folder.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace state_state_folder_test {

using control::StateFolder;
using support::TemporaryFolder;

namespace {

std::string fault_of(const std::string& path) {
    const auto folder = StateFolder::open(path);
    return folder ? "" : folder.error().text;
}

unsigned mode_of(const std::string& path) {
    struct stat found {};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

}  // namespace

TEST_CASE("a state folder is its owner's alone, whatever the umask and whatever was there") {
    const TemporaryFolder parent;
    const auto path = parent.path("state");
    const auto mask = ::umask(0);
    CHECK(StateFolder::open(path).has_value());
    ::umask(mask);
    CHECK(mode_of(path) == 0700);
    for (const auto* name : {"health", "clients", "latency", "resolvers", "health.new"}) {
        parent.write(std::string{"state/"} + name, "text");
        REQUIRE(::chmod((path + "/" + name).c_str(), 0664) == 0);
    }
    const auto elsewhere = parent.write("elsewhere", "text");
    REQUIRE(::chmod(elsewhere.c_str(), 0644) == 0);
    REQUIRE(::symlink(elsewhere.c_str(), (path + "/clients.new").c_str()) == 0);
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
    const auto folder = StateFolder::open(path);
    REQUIRE(folder.has_value());
    CHECK(folder->exposure() == "");
    CHECK(mode_of(path) == 0700);
    for (const auto* name : {"health", "clients", "latency", "resolvers", "health.new"})
        CHECK(mode_of(path + "/" + name) == 0600);
    CHECK(mode_of(elsewhere) == 0644);
}

TEST_CASE("a folder that many share is not taken from them for a state, and that is told") {
    const TemporaryFolder parent;
    const auto path = parent.path("shared");
    REQUIRE(::mkdir(path.c_str(), 0700) == 0);
    REQUIRE(::chmod(path.c_str(), 01777) == 0);
    const auto folder = StateFolder::open(path);
    REQUIRE(folder.has_value());
    CHECK(mode_of(path) == 01777);
    CHECK(folder->exposure().starts_with(path + ": others have access"));
}

TEST_CASE("a state folder that is missing is made, with what it holds where it says") {
    const TemporaryFolder parent;
    const auto path = parent.path("state");
    REQUIRE(StateFolder::open(path).has_value());
    CHECK(std::filesystem::is_directory(path));
    CHECK(control::state_file_in(path) == path + "/health");
    CHECK(control::socket_in(path) == path + "/control");
    CHECK(StateFolder::open(path).has_value());  // let go of, and there already
}

TEST_CASE("one server has a state folder, until it lets go of it") {
    const TemporaryFolder parent;
    const auto path = parent.path("state");
    auto first = StateFolder::open(path);
    REQUIRE(first.has_value());
    CHECK(fault_of(path) == path + ": another server has it");
    std::optional<StateFolder> moved{std::move(*first)};
    CHECK(fault_of(path) == path + ": another server has it");
    CHECK(StateFolder::open(parent.path("other")).has_value());
    moved.reset();
    CHECK(fault_of(path).empty());
}

TEST_CASE("a state folder that cannot be had is told with its path and the reason") {
    const TemporaryFolder parent;
    const auto file = parent.write("file", "text");
    CHECK(fault_of(file) == file + ": Not a directory");
    const auto orphan = parent.path("nowhere/state");
    CHECK(fault_of(orphan) == orphan + ": No such file or directory");
}

TEST_CASE("a state folder that cannot be written is refused") {
    namespace fs = std::filesystem;
    const TemporaryFolder parent;
    const auto path = parent.path("state");
    fs::create_directory(path);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                              fs::perms::others_exec);
    const bool is_root = ::geteuid() == 0;  // who may write everywhere: it tries as somebody else
    constexpr uid_t nobody = 65534;
    if (is_root) {
        fs::permissions(fs::path{path}.parent_path(), fs::perms::others_exec,
                        fs::perm_options::add);
        REQUIRE(::seteuid(nobody) == 0);
    }
    const auto fault = fault_of(path);
    if (is_root) REQUIRE(::seteuid(0) == 0);
    fs::permissions(path, fs::perms::owner_all);
    CHECK(fault == path + ": Permission denied");
}

}  // namespace state_state_folder_test
