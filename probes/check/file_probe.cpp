// SPDX-License-Identifier: Apache-2.0
#include "geo/base/descriptor.hpp"
#include "geo/text/utf8.hpp"
#include "probes/check/aside.hpp"
#include "probes/check/fault.hpp"
#include "probes/check/probe_kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace probes {
namespace {

using geo::Descriptor;

constexpr std::size_t most_read = 4 << 10;  // octets
constexpr std::size_t longest_word = 20;    // octets of a word that is none of ours

std::chrono::seconds age_of(const struct stat& status) {
    const auto changed = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec);
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() -
                                                            changed);
}

std::string first_word(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return std::string{text.substr(0, text.find_first_of(blanks))};
}

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Returns text for people, whatever the file contains.
std::string shown_word(std::string word) {
    word.resize(std::min(word.size(), longest_word));
    std::ranges::replace_if(
        word, [](unsigned char c) { return std::isprint(c) == 0; }, '?');
    return word;
}

ProbeResult result_of_word(const std::string& word) {
    if (word.empty()) return no_word("the file is empty");
    if (lower_case(word) == "up") return pass("up", {});
    if (lower_case(word) == "down") return fail("down");
    return no_word("neither up nor down: " + shown_word(word));
}

ProbeResult read_state(const Check& check) {
    // Opening a pipe without a writer would block.
    const Descriptor file{::open(check.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
    struct stat status {};
    if (*file < 0 || ::fstat(*file, &status) != 0) {
        return no_word("the file cannot be read: " + error_text(errno));
    }
    if (!S_ISREG(status.st_mode)) return no_word("not a regular file");
    const auto age = age_of(status);
    if (check.max_age.count() > 0 && age > check.max_age) {
        return no_word("the file is " + to_text(age) + " old");
    }
    std::array<char, most_read> text{};
    const auto size = ::read(*file, text.data(), text.size());
    if (size < 0) return no_word("the file cannot be read: " + error_text(errno));
    const std::string_view state{text.data(), static_cast<std::size_t>(size)};
    if (geo::is_utf16(state)) return no_word("the file is UTF-16, not UTF-8");
    return result_of_word(first_word(geo::without_mark(state)));
}

}  // namespace

boost::asio::awaitable<ProbeResult> try_file(CheckPtr check) {
    auto name = key_of(*check);
    std::function<ProbeResult()> look = [check] { return read_state(*check); };
    const auto timeout = check->timeout;
    try {
        co_return co_await call_aside(std::move(name), std::move(look), timeout);
    } catch (const std::system_error& thrown) {
        co_return no_word("the file cannot be read: " + error_text(thrown.code().value()));
    }
}

}  // namespace probes
