// SPDX-License-Identifier: Apache-2.0
#include "geo/base/file.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace base_file_test {

namespace {

constexpr std::size_t plenty = 1 << 20;

std::optional<std::string> content(const std::string& path) {
    return probes::read_file(path, plenty).value();
}

std::vector<std::string> names_in(const support::TemporaryFolder& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path("")}) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

/// While it stands, no file grows past this size.
class FileSizeLimit {
 public:
    explicit FileSizeLimit(rlim_t octets) {
        handler_ = ::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        auto limit = before_;
        limit.rlim_cur = octets;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }

 private:
    struct rlimit before_ {};
    void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("a file that is replaced has the new text, and nothing lies beside it") {
    const support::TemporaryFolder folder;
    const auto path = folder.path("state");
    const std::vector<std::string> texts{"one\n", "", std::string(100'000, '\0')};
    for (const auto& text : texts) {
        CHECK_FALSE(probes::replace_file(path, text));
        CHECK(content(path) == text);
    }
    CHECK(names_in(folder) == std::vector<std::string>{"state"});
}

TEST_CASE("what a crash left beside a file does not stop its replacement") {
    const support::TemporaryFolder folder;
    const auto path = folder.path("state");
    SUBCASE("half of a file") {
        folder.write("state.new", "half");
    }
    SUBCASE("a link to another file") {
        std::filesystem::create_symlink(folder.write("other", "mine"), path + ".new");
    }
    CHECK_FALSE(probes::replace_file(path, "whole"));
    CHECK(content(path) == "whole");
    CHECK_FALSE(content(path + ".new"));
    if (const auto other = content(folder.path("other"))) CHECK(*other == "mine");
}

TEST_CASE("a file that cannot be replaced stays, and nothing lies beside it") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", "old");
    SUBCASE("the disk takes a part only") {
        const FileSizeLimit limit{4096};
        const auto fault = probes::replace_file(path, std::string(10'000, 'x'));
        REQUIRE(fault);
        CHECK(fault->text == path + ".new: File too large");
        CHECK(content(path) == "old");
    }
    SUBCASE("a folder has its name") {
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
        const auto fault = probes::replace_file(path, "new");
        REQUIRE(fault);
        CHECK(fault->text == path + ": Is a directory");
        CHECK(std::filesystem::is_directory(path));
    }
    SUBCASE("its folder is not there") {
        const auto fault = probes::replace_file(folder.path("no/state"), "new");
        REQUIRE(fault);
        CHECK(fault->text == folder.path("no/state.new") + ": No such file or directory");
    }
    CHECK(names_in(folder) == std::vector<std::string>{"state"});
}

TEST_CASE("a file is read as a whole, up to the limit") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", std::string(40'000, 'x'));
    CHECK(probes::read_file(path, 40'000).value() == std::string(40'000, 'x'));
    const auto larger = probes::read_file(path, 39'999);
    REQUIRE_FALSE(larger.has_value());
    CHECK(larger.error().text == path + ": larger than 39999 octets");
    CHECK(probes::read_file(folder.write("empty", ""), 0).value() == "");
}

TEST_CASE("a file without a size of its own is read too") {
    const auto read = probes::read_file("/proc/sys/kernel/random/boot_id", 100).value();
    REQUIRE(read);
    CHECK(read->size() == 37);
}

TEST_CASE("a file that is not there is nothing, and what is no file is a fault") {
    const support::TemporaryFolder folder;
    CHECK_FALSE(probes::read_file(folder.path("no"), plenty).value());
    CHECK_FALSE(probes::read_file(folder.path("no/state"), plenty).value());
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    for (const auto& path : {folder.path("pipe"), folder.path(""), std::string{"/dev/zero"}}) {
        CAPTURE(path);
        const auto read = probes::read_file(path, plenty);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().text == path + ": not a file");
    }
    const auto through = probes::read_file(folder.write("file", "") + "/state", plenty);
    REQUIRE_FALSE(through.has_value());
    CHECK(through.error().text == folder.path("file/state") + ": Not a directory");
}

TEST_CASE(
    "a file that is replaced is its owner's alone, whatever the umask and the old one's mode") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", "old");
    for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0777}}) {
        REQUIRE(::chmod(path.c_str(), 0666) == 0);
        const auto before = ::umask(mask);
        const auto fault = probes::replace_file(path, "new");
        ::umask(before);
        CHECK_FALSE(fault);
        struct stat found {};
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 07777) == 0600);
    }
}

}  // namespace base_file_test
