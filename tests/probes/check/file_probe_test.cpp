// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <string>

#include <sys/stat.h>

namespace check_file_probe_test {

using probes::Check;
using probes::Verdict;
using probes_test::run;

namespace {

Check file_check(const std::string& path) {
    auto check = probes_test::check_of(Check::Kind::File, 0);
    check.file = path;
    return check;
}

}  // namespace

TEST_CASE("the first word of a state file decides, and another word decides nothing") {
    struct Row {
        const char* name;
        std::string text;
        Verdict verdict;
        std::string expected;
    };
    const std::string odd = "neither up nor down: ";
    const std::string late = std::string(4096, ' ') + "up";
    const std::string large = "up " + std::string(1 << 20, 'x');
    const std::string endless(100, 'x');
    const std::string wide{"\xFF\xFEu\0p\0", 6};
    const Row rows[] = {
        {"up", "up", Verdict::Pass, "up"},
        {"up in capitals", "UP\n", Verdict::Pass, "up"},
        {"down", "down\n", Verdict::Fail, "down"},
        {"down in mixed case", "Down", Verdict::Fail, "down"},
        {"blanks before", "\n\t up", Verdict::Pass, "up"},
        {"words behind", "down since noon, no up", Verdict::Fail, "down"},
        {"byte order mark", "\xEF\xBB\xBFup\r\n", Verdict::Pass, "up"},
        {"UTF-16", wide, Verdict::NoWord, "the file is UTF-16, not UTF-8"},
        {"large", large, Verdict::Pass, "up"},
        {"empty", "", Verdict::NoWord, "the file is empty"},
        {"blanks only", " \n", Verdict::NoWord, "the file is empty"},
        {"behind 4 KiB", late, Verdict::NoWord, "the file is empty"},
        {"another word", "maybe", Verdict::NoWord, odd + "maybe"},
        {"begins like ours", "upper", Verdict::NoWord, odd + "upper"},
        {"unprintable", "\x01\xC3\xA4", Verdict::NoWord, odd + "???"},
        {"long", endless, Verdict::NoWord, odd + endless.substr(80)},
    };
    const support::TemporaryFolder folder;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto result = run(file_check(folder.write("state", row.text)));
        CHECK(result.verdict == row.verdict);
        CHECK(result.text == row.expected);
    }
}

TEST_CASE("a file that is not there, or is no file, is no word") {
    const support::TemporaryFolder folder;
    const auto missing = run(file_check(folder.path("missing")));
    CHECK(missing.verdict == Verdict::NoWord);
    CHECK(missing.text == "the file cannot be read: no such file or directory");

    const auto directory = run(file_check(folder.path(".")));
    CHECK(directory.verdict == Verdict::NoWord);
    CHECK(directory.text == "not a regular file");
}

TEST_CASE("a pipe that nobody writes to does not hold the check up") {
    const support::TemporaryFolder folder;
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    const auto result = run(file_check(folder.path("pipe")));
    CHECK(result.verdict == Verdict::NoWord);
    CHECK(result.text == "not a regular file");
}

TEST_CASE("many files are read at once, each in its turn") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", "up");
    boost::asio::io_context context{1};
    std::size_t passed = 0;
    for (int i = 0; i < 200; ++i) {
        auto check = file_check(path);
        check.max_age = std::chrono::seconds{1'000 + i};  // another check
        check.timeout = probes_test::bound * 10;
        boost::asio::co_spawn(
            context, probes::run_check(std::make_shared<const Check>(check)),
            [&](const std::exception_ptr& thrown, const probes::ProbeResult& result) {
                CHECK(thrown == nullptr);
                passed += result.verdict == Verdict::Pass ? 1 : 0;
            });
    }
    context.run();
    CHECK(passed == 200);
}

TEST_CASE("a state file counts up to its age, which 0 does not limit") {
    using std::chrono::seconds;
    struct Row {
        const char* name;
        seconds age;
        seconds max_age;
        Verdict expected;
    };
    const Row rows[] = {
        {"young", seconds{10}, seconds{60}, Verdict::Pass},
        {"old", seconds{3600}, seconds{60}, Verdict::NoWord},
        {"old, without limit", seconds{3600}, seconds{0}, Verdict::Pass},
        {"from the future", seconds{-600}, seconds{60}, Verdict::Pass},
    };
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", "up");
    for (const auto& row : rows) {
        CAPTURE(row.name);
        std::filesystem::last_write_time(path,
                                         std::filesystem::file_time_type::clock::now() - row.age);
        auto check = file_check(path);
        check.max_age = row.max_age;
        const auto result = run(check);
        CHECK(result.verdict == row.expected);
        if (row.expected == Verdict::NoWord) CHECK(result.text.starts_with("the file is 36"));
    }
}

}  // namespace check_file_probe_test
