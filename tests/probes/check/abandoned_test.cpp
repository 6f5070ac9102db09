// SPDX-License-Identifier: Apache-2.0
// Attempts that nobody waits for any more: cancelled, or gone with their io_context.

#include "tests/probes/attempt.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace check_abandoned_test {

using probes::Check;
using probes::Verdict;
using probes_test::Attempt;
using probes_test::check_of;
using probes_test::Server;
using Kind = Check::Kind;

namespace {

enum class Target : std::uint8_t { Full, Silent, Half };

struct Row {
    const char* name;
    Kind kind;
    Target target;
    const char* body;
};
constexpr Row rows[] = {
    {"connecting", Kind::Tcp, Target::Full, ""},
    {"connecting for HTTP", Kind::Http, Target::Full, ""},
    {"connecting for HTTPS", Kind::Https, Target::Full, ""},
    {"waiting for HTTP", Kind::Http, Target::Silent, ""},
    {"shaking hands", Kind::Https, Target::Silent, ""},
    {"shaking hands alone", Kind::Tls, Target::Silent, ""},
    {"reading a body", Kind::Http, Target::Half, "whole"},
};

/// Targets that keep an attempt waiting.
class Targets {
 public:
    [[nodiscard]] Check check(const Row& row) const {
        auto check = check_of(row.kind, port_of(row.target));
        check.body = row.body;
        return check;
    }
    [[nodiscard]] unsigned accepted() const { return silent_.accepted() + half_.accepted(); }

 private:
    [[nodiscard]] std::uint16_t port_of(Target target) const {
        if (target == Target::Full) return full_.port();
        return target == Target::Half ? half_.port() : silent_.port();
    }

    probes_test::FullListener full_;
    Server silent_{probes_test::wait_for_close};
    Server half_{probes_test::answer_and_wait("HTTP/1.1 200 OK\r\n\r\nhalf")};
};

void run_until_under_way(Attempt& attempt, const Row& row, const Targets& targets) {
    const auto before = targets.accepted();
    attempt.run_until([&] { return row.target == Target::Full || targets.accepted() > before; });
    REQUIRE(!attempt.result().has_value());
}

/// A program that says when it runs, and by what number.
class Sleeper {
 public:
    [[nodiscard]] Check check() const {
        auto check = check_of(Kind::Command, 0);
        const auto draft = folder_.path("draft");
        check.command = {
            "/bin/sh", "-c",
            "echo $$ > " + draft + " && mv " + draft + " " + path_ + " && exec sleep 1000"};
        return check;
    }
    [[nodiscard]] bool runs() const { return std::filesystem::exists(path_); }
    /// Ended and reaped, sooner or later.
    [[nodiscard]] bool gone() const {
        pid_t process = 0;
        std::ifstream{path_} >> process;
        REQUIRE(process > 0);
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (::kill(process, 0) == 0) {
            if (std::chrono::steady_clock::now() > patience) return false;
            std::this_thread::yield();
        }
        return errno == ESRCH;
    }

 private:
    support::TemporaryFolder folder_;
    std::string path_ = folder_.path("process");
};

}  // namespace

TEST_CASE("an attempt that is cancelled ends at once, and is no word") {
    const Targets targets;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Attempt attempt{targets.check(row)};
        run_until_under_way(attempt, row, targets);
        const auto start = std::chrono::steady_clock::now();
        attempt.cancel();
        attempt.run();
        CHECK(std::chrono::steady_clock::now() - start < probes_test::bound);
        REQUIRE(attempt.result().has_value());
        CHECK(attempt.result()->verdict == Verdict::NoWord);
        CHECK(attempt.result()->text == "cancelled");
    }
}

TEST_CASE("an attempt goes with its io_context, wherever it stands") {
    const Targets targets;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        { const Attempt not_begun{targets.check(row)}; }
        Attempt attempt{targets.check(row)};
        run_until_under_way(attempt, row, targets);
    }
}

TEST_CASE("a program does not outlive its attempt, and is reaped") {
    const Sleeper sleeper;
    SUBCASE("the attempt is cancelled") {
        Attempt attempt{sleeper.check()};
        attempt.run_until([&] { return sleeper.runs(); });
        attempt.cancel();
        attempt.run();
        REQUIRE(attempt.result().has_value());
        CHECK(attempt.result()->text == "cancelled");
        CHECK(sleeper.gone());
    }
    SUBCASE("the io_context is destroyed") {
        {
            Attempt attempt{sleeper.check()};
            attempt.run_until([&] { return sleeper.runs(); });
        }
        CHECK(sleeper.gone());
    }
}

}  // namespace check_abandoned_test
