// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/file_trust.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

namespace loading_file_trust_test {

using control::FilePower;

namespace {

std::string verdict(const std::string& path, FilePower power) {
    geo::Problems problems;
    control::look_at_writers(path, power, problems);
    if (geo::any_fault(problems)) return "fault";
    return problems.empty() ? "good" : "warning";
}

}  // namespace

TEST_CASE("who may write a zone file counts, the more so where it has programs run") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.json", "{}");
    const auto parent = std::filesystem::path{path}.parent_path().string();
    const struct {
        const char* name;
        mode_t file;
        mode_t folder;
        const char* records;
        const char* programs;
    } rows[] = {
        {"its owner alone", 0600, 0700, "good", "good"},
        {"its owner, and all may read it", 0644, 0755, "good", "good"},
        {"everybody", 0646, 0755, "warning", "fault"},
        {"everybody may put others there", 0644, 0757, "warning", "fault"},
        {"everybody may add others there", 0644, 01777, "good", "good"},
        {"the group of this process", 0664, 0775, "good", "good"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        REQUIRE(::chmod(path.c_str(), row.file) == 0);
        REQUIRE(::chmod(parent.c_str(), row.folder) == 0);
        CHECK(verdict(path, FilePower::Records) == row.records);
        CHECK(verdict(path, FilePower::Server) == row.programs);
    }
    REQUIRE(::chmod(parent.c_str(), 0700) == 0);
    if (::geteuid() != 0) return;
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    REQUIRE(::chown(path.c_str(), 65534, 0) == 0);
    CHECK(verdict(path, FilePower::Records) == "good");
    CHECK(verdict(path, FilePower::Server) == "warning");
    REQUIRE(::chown(path.c_str(), 0, 65534) == 0);
    REQUIRE(::chmod(path.c_str(), 0664) == 0);
    CHECK(verdict(path, FilePower::Records) == "good");
    CHECK(verdict(path, FilePower::Server) == "warning");
}

TEST_CASE("a folder that everybody may write is told of once, however many zones are in it") {
    const support::TemporaryFolder folder;
    const auto one = folder.write("a.json", "{}");
    const auto parent = std::filesystem::path{one}.parent_path().string();
    REQUIRE(::chmod(parent.c_str(), 0757) == 0);
    geo::Problems problems;
    control::look_at_writers(one, FilePower::Records, problems);
    control::look_at_writers(folder.write("b.json", "{}"), FilePower::Records, problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].file == parent);
    REQUIRE(::chmod(parent.c_str(), 0700) == 0);
}

}  // namespace loading_file_trust_test
