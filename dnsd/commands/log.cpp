// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/log.hpp"

#include "geo/text/printable.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace commands {
namespace {

/// systemd names the journal's end of standard output and error by device and inode, so that who has
/// been given another one since does not take it for the journal (systemd.exec(5)).
bool in_journal() {
    static const bool found = [] {
        const char* stream = std::getenv("JOURNAL_STREAM");
        struct stat errors {};
        if (stream == nullptr || ::fstat(STDERR_FILENO, &errors) != 0) return false;
        return std::to_string(errors.st_dev) + ":" + std::to_string(errors.st_ino) == stream;
    }();
    return found;
}

/// Of syslog(3), in angle brackets.
std::string_view priority_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::critical:
            return "<2>";
        case spdlog::level::err:
            return "<3>";
        case spdlog::level::warn:
            return "<4>";
        case spdlog::level::info:
            return "<6>";
        case spdlog::level::trace:
        case spdlog::level::debug:
        case spdlog::level::off:
        case spdlog::level::n_levels:
            break;
    }
    return "<7>";
}

class Priority : public spdlog::custom_flag_formatter {
 public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& line) override {
        const auto text = priority_of(message.level);
        line.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<Priority>();
    }
};

/// What a line of the log says, without what commands a terminal: paths and octets of files stand in it.
class PrintableText final : public spdlog::custom_flag_formatter {
 public:
    void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
                spdlog::memory_buf_t& to) override {
        const auto text = geo::printable({message.payload.data(), message.payload.size()});
        to.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return spdlog::details::make_unique<PrintableText>();
    }
};

}  // namespace

void begin_log() {
    spdlog::set_default_logger(spdlog::stderr_color_mt("isochrone"));
    const auto* pattern = in_journal() ? "%q%l %*" : "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %*";
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<PrintableText>('*').add_flag<Priority>('q').set_pattern(pattern);
    spdlog::set_formatter(std::move(formatter));
}

std::string_view priority_of_fault() {
    return in_journal() ? priority_of(spdlog::level::err) : "";
}

std::string_view priority_of_warning() {
    return in_journal() ? priority_of(spdlog::level::warn) : "";
}

}  // namespace commands
