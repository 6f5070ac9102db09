// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs that a test runs. Each has its own process group, and ends with its test, however the
// test ends. A thread reads what the program prints, so a full pipe never stops it.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace support {

/// How long tests wait for anything. What should happen at once may take minutes on a busy machine:
/// a load of zones gives way to all else there.
constexpr std::chrono::seconds patience{240};

using Command = std::vector<std::string>;

class Process {
 public:
    /// Starts the program at once. Throws if it cannot be found.
    explicit Process(const Command& command);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    /// Kills the process and all of its group.
    ~Process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Returns the next line of standard error that holds the text. Throws, with all that was
    /// printed, if the process or the time ends first.
    std::string wait_for(std::string_view text, std::chrono::seconds longest = patience);
    /// True if standard error has held the text at any time until now.
    [[nodiscard]] bool has_said(std::string_view text) const;
    /// Returns how often it has held the text until now.
    [[nodiscard]] std::size_t count(std::string_view text) const;
    void signal(int number) const;
    /// Waits for the end. Returns the exit status; 128 plus the signal's number if a signal ended
    /// it.
    int wait_for_end(std::chrono::seconds longest = 2 * patience);
    /// Returns this status once the process has ended; -1 while it runs.
    int status();
    /// Closes this end of standard error, as a log reader does that goes away.
    void stop_reading();

    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

 private:
    void read_all();

    pid_t pid_ = -1;
    int status_ = -1;
    int output_pipe_ = -1;
    int errors_pipe_ = -1;
    int wake_ = -1;  // an eventfd that ends the reader
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::string output_;
    std::string errors_;
    std::size_t seen_ = 0;  // octets of errors_ that wait_for() has passed
    bool ended_ = false;    // nothing more will be printed
    std::thread reader_;
};

struct Finished {
    int status = -1;
    std::string output;
    std::string errors;
};

/// Runs a program to its end.
Finished run(const Command& command, std::chrono::seconds longest = 2 * patience);

/// True if this machine has the program.
[[nodiscard]] bool have_program(const std::string& name);

}  // namespace support
