// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "dnsd/engine/observer.hpp"

#include <utility>
#include <vector>

namespace support {

/// Answers nothing.
class NobodyElse final : public engine::Observer {
 public:
    void observe(std::vector<std::uint8_t>, engine::Client, Reply reply) override { reply({}); }
};

}  // namespace support
