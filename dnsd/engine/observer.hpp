// SPDX-License-Identifier: Apache-2.0
#pragma once
// The interface to which workers hand queries that `respond` has deferred.

#include "dnsd/engine/respond.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace engine {

/// The messages of a long response over TCP. Each is made when the one before has been written.
class Continuation {
 public:
    Continuation() = default;
    Continuation(const Continuation&) = delete;
    Continuation& operator=(const Continuation&) = delete;
    virtual ~Continuation() = default;

    /// Returns the next message; empty when there are no more. One call at a time, on any thread.
    [[nodiscard]] virtual std::vector<std::uint8_t> next() = 0;
};

struct Answer {
    std::vector<std::uint8_t> message;     // empty: no message, or all are in `rest`
    std::shared_ptr<Continuation> rest{};  // over TCP only, mostly null
};

class Observer {
 public:
    /// Called once, on any thread. Neither a message nor a rest means that there is no response.
    using Reply = std::function<void(Answer answer)>;

    /// Takes a whole query that was deferred. Any thread may call it; it returns at once.
    virtual void observe(std::vector<std::uint8_t> query, Client client, Reply reply) = 0;

 protected:
    ~Observer() = default;
};

}  // namespace engine
