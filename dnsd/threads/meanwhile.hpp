// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does something now and then while this thread is busy with what takes long: says how far that is.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace control {

class Meanwhile {
 public:
    /// Calls `tell` on a thread of its own each time that `every` is over, with the time since the
    /// beginning, until this ends. `tell` must not throw. Without a thread it is not called.
    Meanwhile(std::chrono::milliseconds every,
              std::function<void(std::chrono::milliseconds passed)> tell);
    ~Meanwhile();
    Meanwhile(const Meanwhile&) = delete;
    Meanwhile& operator=(const Meanwhile&) = delete;

 private:
    void run(std::chrono::milliseconds every);

    std::function<void(std::chrono::milliseconds passed)> tell_;
    std::mutex mutex_;
    std::condition_variable end_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace control
