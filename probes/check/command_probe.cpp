// SPDX-License-Identifier: Apache-2.0
#include "probes/check/fault.hpp"
#include "probes/check/inheritance.hpp"
#include "probes/check/probe_kinds.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace probes {
namespace {

namespace asio = boost::asio;
using Stream = asio::posix::stream_descriptor;

constexpr std::chrono::milliseconds grace{500};  // in which what was killed has ended
constexpr const char* search_path =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

void require_no_error(int error) {
    if (error != 0) throw std::system_error{error, std::generic_category()};
}

/// The state in which a program starts: nothing of ours but the working folder and the user.
class Surroundings {
 public:
    Surroundings() {
        require_no_error(::posix_spawnattr_init(&attributes_));
        require_no_error(::posix_spawn_file_actions_init(&actions_));
        set_signals();
        set_descriptors();
    }
    ~Surroundings() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;

    [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }
    [[nodiscard]] const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }

 private:
    void set_signals() {
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        require_no_error(::posix_spawnattr_setsigmask(&attributes_, &none));
        require_no_error(::posix_spawnattr_setsigdefault(&attributes_, &all));
        require_no_error(::posix_spawnattr_setpgroup(&attributes_, 0));
        require_no_error(::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
    }
    void set_descriptors() {
        require_no_error(::posix_spawn_file_actions_addclosefrom_np(&actions_, 3));
        for (const int descriptor : {0, 1, 2}) {
            const int mode = descriptor == 0 ? O_RDONLY : O_WRONLY;
            require_no_error(
                ::posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", mode, 0));
        }
    }

    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
};

/// A program under way, with all that it starts. Killed and reaped when this object ends first.
class Program {
 public:
    /// Starts a program: its path and its arguments. Throws std::system_error when that fails.
    Program(const asio::any_io_executor& executor, std::vector<std::string> words)
        : end_{executor} {
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        std::string path{search_path};
        std::array<char*, 2> environment{path.data(), nullptr};
        const Surroundings surroundings;
        pass_on_no_privileges();
        require_no_error(::posix_spawn(&process_, arguments.front(), surroundings.actions(),
                                       surroundings.attributes(), arguments.data(),
                                       environment.data()));
    }
    ~Program() {
        if (reaped_) return;
        kill();
        if (!reap()) reap_aside();
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Begins to watch the program. Throws std::system_error when that is not possible.
    void watch() {
        // Not pidfd_open(): glibc 2.36 declares it for C only.
        const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
        if (descriptor < 0) require_no_error(errno);
        end_.assign(descriptor);
    }
    /// Becomes readable when the program has ended; only after watch().
    Stream& end() noexcept { return end_; }
    void kill() noexcept {
        // Not after it was reaped: the number of the group may belong to another one by then.
        if (!reaped_) ::kill(-process_, SIGKILL);
    }
    /// Reaps the program. False when it has not ended yet.
    bool reap() noexcept {
        if (!reaped_) reaped_ = ::waitpid(process_, &status_, WNOHANG) != 0;
        return reaped_;
    }
    /// The status as waitpid() gives it; only after it was reaped.
    [[nodiscard]] int status() const noexcept { return status_; }

 private:
    static void wait_for(pid_t process) noexcept {
        while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    /// A program that hangs in a device's driver dies when the device answers; nobody waits for
    /// that.
    void reap_aside() noexcept {
        try {
            std::thread{wait_for, process_}.detach();
        } catch (const std::system_error&) {
            wait_for(process_);
        }
    }

    pid_t process_ = 0;
    Stream end_;
    int status_ = 0;
    bool reaped_ = false;
};

/// Waits for the end. False when the time is up first.
asio::awaitable<bool> ends_within(Program& program, std::chrono::milliseconds time) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer deadline{executor, time};
    // The group cancels and awaits the one that comes second, so nothing outlives this frame.
    auto race = asio::experimental::make_parallel_group(
        program.end().async_wait(Stream::wait_read, asio::deferred),
        deadline.async_wait(asio::deferred));
    co_await race.async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    co_return program.reap();
}

ProbeResult result_of_end(int status, Clock::duration run_time) {
    if (WIFSIGNALED(status)) return fail("ended by signal " + std::to_string(WTERMSIG(status)));
    auto text = "exit status " + std::to_string(WEXITSTATUS(status));
    return WEXITSTATUS(status) == 0 ? pass(std::move(text), run_time) : fail(std::move(text));
}

}  // namespace

asio::awaitable<ProbeResult> try_command(CheckPtr check) {
    if (check->command.empty()) co_return no_word("no program is named");
    const auto executor = co_await asio::this_coro::executor;
    const auto start = Clock::now();
    std::optional<Program> program;
    try {
        program.emplace(executor, check->command);
        program->watch();
    } catch (const std::system_error& thrown) {
        co_return no_word("cannot be started: " + error_text(thrown.code().value()));
    }
    const bool ended = co_await ends_within(*program, check->timeout);
    if (ended) co_return result_of_end(program->status(), Clock::now() - start);
    program->kill();
    co_await ends_within(*program, grace);
    co_return fail("no end within " + to_text(check->timeout));
}

}  // namespace probes
