// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "dnsd/engine/observer.hpp"

#include <atomic>
#include <utility>
#include <vector>

namespace support {

/// Answers nothing.
class NobodyElse final : public engine::Observer {
 public:
    void observe(std::vector<std::uint8_t>, engine::Client, Reply reply) override { reply({}); }
};

/// Loses what it is asked, and counts it.
class LosesQueries final : public engine::Observer {
 public:
    void observe(std::vector<std::uint8_t>, engine::Client, Reply) override { ++asked; }
    std::atomic<unsigned> asked{0};
};

}  // namespace support
