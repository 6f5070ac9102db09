// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs that a test runs. Each has its own process group and ends with its test, however that
// ends; what it prints is read by a thread, so that a full pipe never stops it.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace e2e {

/// After this it never comes. What should happen at once may take minutes on a busy machine: a load
/// of zones gives way to all else there.
constexpr std::chrono::seconds patience{240};

using Command = std::vector<std::string>;

class Process {
 public:
    /// Starts it at once. Throws when the program cannot be found.
    explicit Process(const Command& command);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    /// Kills it and all of its group.
    ~Process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// The next line of standard error that holds the text. Throws, with all that was printed, when
    /// the process ends before or the patience does.
    std::string wait_for(std::string_view text, std::chrono::seconds longest = patience);
    /// Whether such a line has been printed at any time until now.
    [[nodiscard]] bool has_said(std::string_view text) const;
    /// How often until now.
    [[nodiscard]] std::size_t count(std::string_view text) const;
    void signal(int number) const;
    /// Its exit status; 128 and the signal's number when a signal ended it.
    int wait_for_end(std::chrono::seconds longest = 2 * patience);
    /// The same once it has ended; -1 while it runs.
    int status();
    /// Lets go of its standard error, as a log reader does that goes away.
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
    std::size_t seen_ = 0;  // octets of errors_ that wait_for has passed
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

/// Whether there is such a program.
[[nodiscard]] bool have_program(const std::string& name);

}  // namespace e2e
