// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hands immutable values from the control thread to the workers. A read costs one acquire load;
// each worker takes the lock once per publication, to refresh. (std::atomic<std::shared_ptr> takes
// a lock for each read in g++ 12, and ThreadSanitizer reports a race inside it.)

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace engine {

/// One writer, any number of readers.
template <class T>
class Publisher {
 public:
    explicit Publisher(std::shared_ptr<const T> first) : current_{std::move(first)} {}

    /// Publishes `next`. The old value is kept until take_unread() returns it.
    void publish(std::shared_ptr<const T> next) {
        const std::lock_guard lock{mutex_};
        old_.push_back(current_);
        current_ = std::move(next);
        version_.fetch_add(1, std::memory_order_release);
    }

    /// Returns the old values that nobody else holds any more, to be freed by the caller. A worker
    /// that freed the last copy itself would answer no queries meanwhile.
    [[nodiscard]] std::vector<std::shared_ptr<const T>> take_unread() {
        const std::lock_guard lock{mutex_};
        const auto unread = std::partition(old_.begin(), old_.end(),
                                           [](auto& value) { return value.use_count() > 1; });
        std::vector<std::shared_ptr<const T>> taken{std::make_move_iterator(unread),
                                                    std::make_move_iterator(old_.end())};
        old_.erase(unread, old_.end());
        return taken;
    }

    [[nodiscard]] std::shared_ptr<const T> current() const {
        const std::lock_guard lock{mutex_};
        return current_;
    }

    /// One thread's view of the value.
    class Reader {
     public:
        explicit Reader(const Publisher& source) : source_{source} { refresh(); }

        /// The value is valid until this reader's next call.
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
    std::vector<std::shared_ptr<const T>> old_;
    std::atomic<std::uint64_t> version_{0};
};

}  // namespace engine
