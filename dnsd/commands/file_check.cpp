// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/file_check.hpp"

#include "dnsd/commands/check.hpp"
#include "geo/base/file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace commands {
namespace {

using geo::Severity;
using nlohmann::json;

std::string text_of(const geo::Problems& problems) {
    auto list = json::array();
    for (const auto& problem : problems) {
        list.push_back({{"file", problem.file},
                        {"line", problem.line},
                        {"column", problem.column},
                        {"path", problem.path},
                        {"text", problem.text},
                        {"fault", problem.severity == Severity::Fault}});
    }
    return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

geo::Problems problems_in(const std::string& text) {
    geo::Problems problems;
    for (const auto& problem : json::parse(text)) {
        problems.push_back({.file = problem["file"],
                            .line = problem["line"],
                            .column = problem["column"],
                            .path = problem["path"],
                            .text = problem["text"],
                            .severity = problem["fault"] ? Severity::Fault : Severity::Warning});
    }
    return problems;
}

[[noreturn]] void check_and_end(const control::Config& config, int to) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The log of what is read, and how far that is, would stand between the rows.
    const geo::Descriptor nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    ::dup2(*nowhere, STDERR_FILENO);
    try {
        geo::Problems problems;
        static_cast<void>(check_as_server(config, problems));
        static_cast<void>(probes::write_all(to, text_of(problems)));
        ::_exit(0);
    } catch (const std::exception&) {
        ::_exit(1);
    }
}

}  // namespace

FileCheck::FileCheck(const control::Config& config)
    : pipe_{::pipe2(ends_.data(), O_CLOEXEC) == 0 ? ends_[0] : -1} {
    const geo::Descriptor to{ends_[1]};
    if (*pipe_ >= 0) process_ = ::fork();
    if (process_ == 0) check_and_end(config, *to);
}

FileCheck::~FileCheck() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

std::optional<geo::Problems> FileCheck::problems(probes::Time deadline) {
    std::string text;
    std::array<char, 4096> part{};
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - probes::Clock::now());
        pollfd readable{.fd = *pipe_, .events = POLLIN, .revents = 0};
        const int wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        const int ready = ::poll(&readable, 1, wait);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return std::nullopt;
        const auto size = ::read(*pipe_, part.data(), part.size());
        if (size < 0) return std::nullopt;
        if (size == 0) break;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
    if (!json::accept(text)) return std::nullopt;
    return problems_in(text);
}

}  // namespace commands
