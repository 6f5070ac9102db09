// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::system_error{errno, std::generic_category(), "pipe"};
        read = ends[0];
        write = ends[1];
    }
};

std::string text_of(const Command& command) {
    std::string text;
    for (const auto& word : command) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Nothing but what is safe between fork and exec of a program with threads.
[[noreturn]] void become(char* const* arguments, int output, int errors) noexcept {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execvp(arguments[0], arguments);
    constexpr std::string_view excuse = "cannot be executed\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, excuse.data(), excuse.size());
    _exit(127);
}

}  // namespace

Process::Process(const Command& command) {
    auto words = command;
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const Pipe output;
    const Pipe errors;
    pid_ = fork();
    if (pid_ == 0) become(arguments.data(), output.write, errors.write);
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), text_of(command)};
    setpgid(pid_, pid_);
    close(output.write);
    close(errors.write);
    output_pipe_ = output.read;
    errors_pipe_ = errors.read;
    wake_ = eventfd(0, EFD_CLOEXEC);
    reader_ = std::thread{[this] { read_all(); }};
}

Process::~Process() {
    ::kill(-pid_, SIGKILL);
    if (status_ < 0) ::waitpid(pid_, nullptr, 0);
    stop_reading();
    close(wake_);
}

void Process::stop_reading() {
    if (!reader_.joinable()) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
    reader_.join();
    close(output_pipe_);
    close(errors_pipe_);
}

void Process::read_all() {
    std::array<pollfd, 3> waiting{
        {{output_pipe_, POLLIN, 0}, {errors_pipe_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
        ::poll(waiting.data(), waiting.size(), -1);
        for (std::size_t i = 0; i < 2; ++i) {
            if (waiting[i].revents == 0) continue;
            std::array<char, 4096> piece{};
            const auto size = ::read(waiting[i].fd, piece.data(), piece.size());
            const std::lock_guard lock{mutex_};
            if (size > 0) (i == 0 ? output_ : errors_).append(piece.data(), std::size_t(size));
            if (size == 0) waiting[i].fd = -1;
            changed_.notify_all();
        }
        if (waiting[2].revents != 0) break;
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
}

std::string Process::wait_for(std::string_view text, std::chrono::seconds longest) {
    const auto deadline = Clock::now() + longest;
    std::unique_lock lock{mutex_};
    for (;;) {
        for (auto end = errors_.find('\n', seen_); end != std::string::npos;
             end = errors_.find('\n', seen_)) {
            const auto line = errors_.substr(seen_, end - seen_);
            seen_ = end + 1;
            if (line.find(text) != std::string::npos) return line;
        }
        if (ended_ || changed_.wait_until(lock, deadline) == std::cv_status::timeout) {
            throw std::runtime_error{"no line with \"" + std::string{text} + "\" in:\n" + errors_};
        }
    }
}

bool Process::has_said(std::string_view text) const {
    const std::lock_guard lock{mutex_};
    return errors_.find(text) != std::string::npos;
}

std::size_t Process::count(std::string_view text) const {
    const std::lock_guard lock{mutex_};
    std::size_t count = 0;
    for (auto at = errors_.find(text); at != std::string::npos; at = errors_.find(text, at + 1))
        ++count;
    return count;
}

void Process::signal(int number) const {
    if (status_ < 0) ::kill(pid_, number);
}

int Process::status() {
    int raw = 0;
    if (status_ < 0 && ::waitpid(pid_, &raw, WNOHANG) == pid_) {
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    }
    return status_;
}

int Process::wait_for_end(std::chrono::seconds longest) {
    const auto deadline = Clock::now() + longest;
    while (status() < 0) {
        if (Clock::now() > deadline) throw std::runtime_error{"does not end:\n" + errors()};
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, deadline, [this] { return ended_; });
    return status_;
}

std::string Process::output() const {
    const std::lock_guard lock{mutex_};
    return output_;
}

std::string Process::errors() const {
    const std::lock_guard lock{mutex_};
    return errors_;
}

Finished run(const Command& command, std::chrono::seconds longest) {
    Process process{command};
    const int status = process.wait_for_end(longest);
    return {status, process.output(), process.errors()};
}

bool have_program(const std::string& name) {
    return run({"sh", "-c", "command -v " + name}).status == 0;
}

}  // namespace support
