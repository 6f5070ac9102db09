// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/meanwhile.hpp"

#include <system_error>
#include <utility>

namespace control {

Meanwhile::Meanwhile(std::chrono::milliseconds every,
                     std::function<void(std::chrono::milliseconds passed)> tell)
    : tell_{std::move(tell)} {
    try {
        thread_ = std::thread{[this, every] { run(every); }};
    } catch (const std::system_error&) {  // what takes long matters more than what is said of it
    }
}

Meanwhile::~Meanwhile() {
    {
        const std::lock_guard lock{mutex_};
        ended_ = true;
    }
    end_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Meanwhile::run(std::chrono::milliseconds every) {
    std::unique_lock lock{mutex_};
    auto passed = every;
    while (!end_.wait_for(lock, every, [this] { return ended_; })) {
        tell_(passed);
        passed += every;
    }
}

}  // namespace control
