// SPDX-License-Identifier: Apache-2.0
#pragma once
// A coroutine that is to run until its owner ends, and is begun anew when it has ended before.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <utility>

namespace geo {

/// Knows whether the coroutine is there by a token in its frame, as no completion handler can: where
/// memory lacks, Asio may destroy the frame in the middle, and then calls nobody. Not thread-safe.
class Lasting {
 public:
    [[nodiscard]] bool runs() const noexcept { return !frame_.expired(); }

    /// Begins the coroutine that `make` returns, unless one runs. `ended` is called with what escaped
    /// from it, or null. Throws when there is no memory for it; then it does not run.
    ///   where: an executor or a context; make() -> awaitable<void>; ended(std::exception_ptr)
    template <class Where, class Make, class Ended>
    void begin(Where&& where, Make&& make, Ended&& ended) {
        if (runs()) return;
        const std::shared_ptr<const void> token = std::make_shared<char>();
        frame_ = token;
        boost::asio::co_spawn(std::forward<Where>(where), within(make(), token),
                              std::forward<Ended>(ended));
    }

 private:
    static boost::asio::awaitable<void> within(boost::asio::awaitable<void> coroutine,
                                               std::shared_ptr<const void> /*token*/) {
        co_await std::move(coroutine);
    }

    std::weak_ptr<const void> frame_;
};

}  // namespace geo
