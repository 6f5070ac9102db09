// SPDX-License-Identifier: Apache-2.0
#include "dnsd/rights/privileges.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server_privileges_test {

using support::TemporaryFolder;

namespace {

constexpr uid_t nobody = 65534;

struct stat status_of(const std::string& path) {
    struct stat found {};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    return found;
}

bool may_give_away() {
    if (::geteuid() == 0) return true;
    MESSAGE("skipped: this test is for root");
    return false;
}

const control::User user{"nobody", nobody, nobody};

}  // namespace

TEST_CASE("a folder that is made for a user is the user's, and nobody else's") {
    if (!may_give_away()) return;
    const TemporaryFolder parent;
    for (const std::string name : {"state", "with-a-slash/"}) {
        control::make_folder_for(user, parent.path(name));
        const auto made = status_of(parent.path(name));
        CHECK(S_ISDIR(made.st_mode));
        CHECK(made.st_uid == nobody);
        CHECK((made.st_mode & 07777) == 0700);
    }
}

TEST_CASE("nothing that stands where a user's folder should be is given away") {
    if (!may_give_away()) return;
    const TemporaryFolder parent;
    const auto victim = parent.path("victim");
    REQUIRE(::mkdir(victim.c_str(), 0700) == 0);
    REQUIRE(::symlink(victim.c_str(), parent.path("state").c_str()) == 0);
    control::make_folder_for(user, parent.path("state"));
    control::make_folder_for(user, victim);
    CHECK(status_of(victim).st_uid == 0);
}

TEST_CASE("nothing is given away that somebody puts in the place of a folder while it is made") {
    if (!may_give_away()) return;
    const TemporaryFolder parent;
    const auto path = parent.path("state");
    const auto victim = parent.path("victim");
    const auto aside = parent.path("aside");
    REQUIRE(::mkdir(victim.c_str(), 0755) == 0);
    parent.write("victim/file", "text");
    std::atomic<bool> over{false};
    std::thread swapper{[&] {
        while (!over) {
            if (::rename(path.c_str(), aside.c_str()) != 0) continue;
            static_cast<void>(::symlink(victim.c_str(), path.c_str()));
            ::rmdir(aside.c_str());
        }
    }};
    for (int round = 0; round < 3000; ++round) {
        control::make_folder_for(user, path);
        ::unlink(path.c_str());
        ::rmdir(path.c_str());
    }
    over = true;
    swapper.join();
    CHECK(status_of(victim).st_uid == 0);
}

}  // namespace server_privileges_test
