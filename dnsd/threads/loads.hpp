// SPDX-License-Identifier: Apache-2.0
#pragma once
// The thread for loads: what takes seconds is done there, one piece after another, so that the control
// thread holds up no check. What a piece has come to comes back to the control thread, also where there
// is no memory. A piece says itself which part of it gives way to others (run_giving_way): that starts
// a thread, and a look at the files, which comes twice a second, is not worth one.

#include "dnsd/threads/surely.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace control {

/// What work has come to. Where it threw, `value` is what there was until then.
template <class Value>
struct Outcome {
    Value value;
    std::optional<std::string> failure;  // why it threw
};

class Loads {
 public:
    /// `context` is that of the control thread. It outlives this, as all does that work uses.
    explicit Loads(boost::asio::io_context& context) : context_{context} {}

    /// Does work that nobody waits for. What it throws is logged. Throws when there is no memory for
    /// the work itself.
    template <class Work>
    void run(const char* what, Work work) {
        run_on(pool_, what, std::move(work));
    }

    /// Has `work` fill a Value, and gives it to `done` on the control thread, whatever `work` throws.
    /// Throws when there is no memory for the work itself; then neither is called.
    ///   work(Value&), done(Outcome<Value>&)
    template <class Value, class Work, class Done>
    void bring(Work work, Done done) {
        struct Errand {
            Work work;
            Done done;
            Outcome<Value> outcome{};
        };
        const auto errand =
            std::make_shared<Errand>(Errand{.work = std::move(work), .done = std::move(done)});
        boost::asio::post(pool_, [this, errand] {
            try {
                errand->work(errand->outcome.value);
            } catch (...) {
                errand->outcome.failure = reason_of(std::current_exception());
            }
            hand_back(context_, [errand] { errand->done(errand->outcome); });
        });
    }

    /// Ends when all work has been done. What has been handed back waits in the context.
    void join() { pool_.join(); }

 private:
    /// Needs no memory, if need be.
    [[nodiscard]] static std::string reason_of(const std::exception_ptr& escaped) noexcept;

    boost::asio::io_context& context_;
    boost::asio::thread_pool pool_{1};
};

}  // namespace control
