// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/waiting_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace net {

WaitingTime::~WaitingTime() {
    if (account_ >= 0) ::close(account_);
}

void WaitingTime::begin() noexcept {
    account_ = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

std::optional<std::chrono::nanoseconds> WaitingTime::read() const noexcept {
    std::array<char, 80> octets{};  // three numbers: time on a core, time of waiting, turns
    const auto size = ::pread(account_, octets.data(), octets.size(), 0);
    if (size <= 0) return std::nullopt;
    const std::string_view text{octets.data(), static_cast<std::size_t>(size)};
    const auto second = text.substr(std::min(text.find(' '), text.size() - 1) + 1);
    std::int64_t waited = 0;
    if (std::from_chars(second.data(), second.data() + second.size(), waited).ec != std::errc{})
        return std::nullopt;
    return std::chrono::nanoseconds{waited};
}

}  // namespace net
