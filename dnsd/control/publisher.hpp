// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hands immutable values from the control thread to the workers. A read costs one acquire load; a
// refresh, once per publication and worker, takes the lock. (std::atomic<std::shared_ptr> takes a
// lock for each read in g++ 12, and ThreadSanitizer reports a race inside it.)

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace control {

/// One writer, any number of readers.
template <class T>
class Publisher {
 public:
    explicit Publisher(std::shared_ptr<const T> first) : current_{std::move(first)} {}

    void publish(std::shared_ptr<const T> next) {
        const std::lock_guard lock{mutex_};
        current_.swap(next);
        version_.fetch_add(1, std::memory_order_release);
    }  // `next`, now the old value, is freed here or by the last reader that lets go of it

    [[nodiscard]] std::shared_ptr<const T> current() const {
        const std::lock_guard lock{mutex_};
        return current_;
    }

    /// One thread's view.
    class Reader {
     public:
        explicit Reader(const Publisher& source) : source_{source} { refresh(); }

        /// Good until the next call of this reader.
        const T& get() {
            if (source_.version_.load(std::memory_order_acquire) != seen_) refresh();
            return *held_;
        }

     private:
        void refresh() {
            const std::lock_guard lock{source_.mutex_};
            held_ = source_.current_;
            seen_ = source_.version_.load(std::memory_order_relaxed);
        }
        const Publisher& source_;
        std::shared_ptr<const T> held_;
        std::uint64_t seen_ = 0;
    };

 private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> current_;
    std::atomic<std::uint64_t> version_{0};
};

}  // namespace control
