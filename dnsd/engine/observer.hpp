// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where workers leave the queries that `respond` has deferred.

#include "dnsd/engine/respond.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace engine {

class Observer {
 public:
    /// Called once, on any thread; an empty response means that there is none.
    using Reply = std::function<void(std::vector<std::uint8_t> response)>;

    /// Takes a whole query of an observer. Called by any thread; returns at once.
    virtual void observe(std::vector<std::uint8_t> query, Client client, Reply reply) = 0;

 protected:
    ~Observer() = default;
};

}  // namespace engine
