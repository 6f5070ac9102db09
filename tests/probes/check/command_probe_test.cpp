// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace check_command_probe_test {

using probes::Check;
using probes::Verdict;
using probes_test::Descriptor;
using probes_test::run;

namespace {

using Words = std::vector<std::string>;

Check command_check(Words words) {
    auto check = probes_test::check_of(Check::Kind::Command, 0);
    check.command = std::move(words);
    return check;
}
Check shell_check(std::string script) {
    return command_check({"/bin/sh", "-c", std::move(script)});
}

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

/// What comes out of a pipe until all who could write to it have gone.
std::string read_to_end(const Descriptor& pipe) {
    constexpr int patience = 60'000;  // milliseconds
    std::string text;
    std::array<char, 256> octets{};
    pollfd readable{pipe.number(), POLLIN, 0};
    while (::poll(&readable, 1, patience) == 1) {
        const auto size = ::read(pipe.number(), octets.data(), octets.size());
        if (size <= 0) return text;
        text.append(octets.data(), static_cast<std::size_t>(size));
    }
    return text + "[still held open]";
}

/// What systemd does by AmbientCapabilities=CAP_NET_BIND_SERVICE, for the calling thread; false when
/// that is not permitted.
bool hand_on_a_capability() {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
    sets[0].inheritable |= 1U << CAP_NET_BIND_SERVICE;
    return ::syscall(SYS_capset, &header, sets.data()) == 0 &&
           ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0) == 0;
}

/// This process has no child left, dead or alive.
bool childless() {
    return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

/// SIGUSR1 blocked and SIGPIPE ignored while it lives.
class UnusualSignals {
 public:
    UnusualSignals() {
        sigset_t blocked;
        ::sigemptyset(&blocked);
        ::sigaddset(&blocked, SIGUSR1);
        ::sigprocmask(SIG_BLOCK, &blocked, &mask_);
        handler_ = std::signal(SIGPIPE, SIG_IGN);
    }
    ~UnusualSignals() {
        ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
        std::signal(SIGPIPE, handler_);
    }
    UnusualSignals(const UnusualSignals&) = delete;
    UnusualSignals& operator=(const UnusualSignals&) = delete;

 private:
    sigset_t mask_{};
    void (*handler_)(int) = SIG_DFL;
};

}  // namespace

TEST_CASE("a program's exit status decides, and what cannot be started decides nothing") {
    const support::TemporaryFolder folder;
    const auto plain = folder.write("plain", "no program");
    const auto garbage = folder.write("garbage", "no program");
    ::chmod(garbage.c_str(), 0700);
    const auto shell = [](const char* script) { return Words{"/bin/sh", "-c", script}; };
    const Words quoted{"/bin/sh", "-c", "test \"$1\" = 'a $b *'", "sh", "a $b *"};
    const std::string refused = "cannot be started: ";
    const auto not_there = refused + "no such file or directory";
    struct Row {
        const char* name;
        Words words;
        Verdict verdict;
        std::string expected;
    };
    const Row rows[] = {
        {"status 0", shell("exit 0"), Verdict::Pass, "exit status 0"},
        {"status 1", shell("exit 1"), Verdict::Fail, "exit status 1"},
        {"status 255", shell("exit 255"), Verdict::Fail, "exit status 255"},
        {"SIGKILL", shell("kill -KILL $$"), Verdict::Fail, "ended by signal 9"},
        {"SIGTERM", shell("kill -TERM $$"), Verdict::Fail, "ended by signal 15"},
        {"arguments as given", quoted, Verdict::Pass, "exit status 0"},
        {"not there", Words{folder.path("missing")}, Verdict::NoWord, not_there},
        {"a name, no path", Words{"true"}, Verdict::NoWord, not_there},
        {"not executable", Words{plain}, Verdict::NoWord, refused + "permission denied"},
        {"no program", Words{garbage}, Verdict::NoWord, refused + "exec format error"},
        {"nothing", Words{}, Verdict::NoWord, "no program is named"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto result = run(command_check(row.words));
        CHECK(result.verdict == row.verdict);
        CHECK(result.text == row.expected);
        CHECK(childless());
    }
}

TEST_CASE("a program that does not end is killed with all that it has started") {
    const support::TemporaryFolder folder;
    const auto path = folder.path("pipe");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const Descriptor pipe{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    auto check = shell_check("(echo here; exec sleep 1000) > " + path + " & wait");
    check.timeout = std::chrono::milliseconds{1000};
    const auto [result, taken] = probes_test::run_timed(check);
    CHECK(result.verdict == Verdict::Fail);
    CHECK(result.text == "no end within 1 s");
    CHECK(taken >= check.timeout);
    CHECK(taken < check.timeout + probes_test::bound);
    CHECK(childless());
    CHECK(read_to_end(pipe) == "here\n");
}

TEST_CASE("a program inherits nothing of ours") {
    const support::TemporaryFolder folder;
    const Descriptor leaky{::open("/dev/zero", O_RDONLY)};  // not O_CLOEXEC
    const UnusualSignals unusual;
    const auto copy = [&](const std::string& from) {
        const auto to = folder.path(std::filesystem::path{from}.filename().string());
        REQUIRE(run(command_check({"/bin/cp", from, to})).verdict == Verdict::Pass);
        return text_of(to);
    };
    SUBCASE("environment: a search path only") {
        const std::string expected =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        CHECK(copy("/proc/self/environ") == expected + '\0');
    }
    SUBCASE("signals: none blocked, none ignored") {
        const auto status = copy("/proc/self/status");
        CHECK(status.find("SigBlk:\t0000000000000000\n") != std::string::npos);
        const auto ignored = status.find("SigIgn:\t") + 8;
        // The C library keeps 32 and 33 for itself, and ignores them in what it spawns.
        CHECK((std::stoull(status.substr(ignored, 16), nullptr, 16) & ~0x1'8000'0000ULL) == 0);
    }
    SUBCASE("descriptors: /dev/null three times") {
        const auto list = folder.path("list");
        const auto script = "for f in /proc/$$/fd/*; do readlink $f; done > " + list + "; true";
        // The shell keeps its own output aside while the loop's goes to the list.
        REQUIRE(run(shell_check(script)).verdict == Verdict::Pass);
        const auto text = text_of(list);
        CHECK(text.find("/dev/zero") == std::string::npos);
        CHECK(text.find("socket:") == std::string::npos);
        CHECK(text.find("anon_inode:") == std::string::npos);
        CHECK(text.starts_with("/dev/null\n" + list + "\n/dev/null\n"));
    }
}

TEST_CASE("a program gets no capability of ours, and gains none by its file") {
    Verdict before{};
    Verdict after{};
    // A thread of its own, because what is given up is given up for ever.
    std::thread{[&] {
        if (!hand_on_a_capability()) return;
        const std::string script =
            R"(status() { grep -Eq "^$1:[[:space:]]0*$2$" /proc/self/status; };)"
            " status CapInh '' && status CapAmb '' && status NoNewPrivs 1";
        before = std::system(("/bin/sh -c '" + std::string{"grep -Eq \"^CapAmb:[[:space:]]0*400$\" "
                                                           "/proc/self/status'"})
                                 .c_str()) == 0
                     ? Verdict::Pass
                     : Verdict::Fail;
        after = run(shell_check(script)).verdict;
    }}.join();
    if (before == Verdict::NoWord) {
        MESSAGE("not permitted to hand on a capability");
        return;
    }
    CHECK(before == Verdict::Pass);
    CHECK(after == Verdict::Pass);
}

TEST_CASE("a program's run time is its round trip") {
    const auto [result, taken] = probes_test::run_timed(command_check({"/bin/true"}));
    CHECK(result.verdict == Verdict::Pass);
    CHECK(result.round_trip > std::chrono::microseconds{0});
    CHECK(result.round_trip <= taken);
}

}  // namespace check_command_probe_test
