// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the fuzz targets share. A target is one function that must neither crash nor throw, whatever
// octets it gets, and that throws where a promise is broken.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

/// By the name that libFuzzer calls it. Always 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

using Octets = std::span<const std::uint8_t>;

/// `promise` is a sentence that must be true.
inline void expect(bool holds, const char* promise) {
    if (!holds) throw std::logic_error{promise};
}

inline std::string_view text_of(Octets octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// Takes an input apart from its beginning: choices first, what is to be read last.
class Input {
 public:
    Input(const std::uint8_t* data, std::size_t size) : left_{data, size} {}

    /// 0 when nothing is left.
    [[nodiscard]] std::uint8_t octet() {
        if (left_.empty()) return 0;
        const auto first = left_.front();
        left_ = left_.subspan(1);
        return first;
    }
    /// A length in two octets and as many octets, or what is left of them.
    [[nodiscard]] Octets piece() {
        const auto upper = octet();
        const std::size_t length = static_cast<std::size_t>(upper << 8 | octet());
        const auto taken = left_.first(std::min(length, left_.size()));
        left_ = left_.subspan(taken.size());
        return taken;
    }
    [[nodiscard]] Octets rest() const { return left_; }
    [[nodiscard]] bool empty() const { return left_.empty(); }

 private:
    Octets left_;
};

}  // namespace fuzz
