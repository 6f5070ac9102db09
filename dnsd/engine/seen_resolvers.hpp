// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which addresses have sent queries whose answers were chosen by them: those of resolvers that send
// no client subnet. A table for each answering thread, which writes it without a lock and never
// waits; the control thread takes out what has gathered. Networks that fall on one slot replace each
// other: whoever asks often is seen all the same.

#include "geo/address.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace engine {

class SeenResolvers {
 public:
    /// Of the answering thread. A network that was noted and not yet taken costs two loads.
    void note(const geo::Address& address) noexcept {
        const auto high = static_cast<std::uint64_t>(address.bits >> 64);
        const auto low = static_cast<std::uint64_t>(address.bits);
        auto& slot = slots_[slot_of(high)];
        const auto check = check_of(high, low, address.family);
        if (slot.check.load(relaxed) == check && slot.high.load(relaxed) == high) return;
        slot.high.store(high, relaxed);
        slot.low.store(low, relaxed);
        slot.check.store(check, relaxed);
    }

    /// Of another thread: what was noted since the last call, appended. A slot that is being written
    /// meanwhile does not fit its check, and is left for the next time.
    void take(std::vector<geo::Address>& to) {
        for (auto& slot : slots_) {
            const auto check = slot.check.load(relaxed);
            if (check == 0) continue;
            const auto high = slot.high.load(relaxed);
            const auto low = slot.low.load(relaxed);
            const auto family = (check & 1) != 0 ? geo::Family::V6 : geo::Family::V4;
            if (check != check_of(high, low, family)) continue;
            slot.check.store(0, relaxed);
            to.push_back({family, geo::Bits{high} << 64 | low});
        }
    }

 private:
    static constexpr auto relaxed = std::memory_order_relaxed;
    static constexpr std::size_t slots = 2048;  // 64 KiB
    struct alignas(32) Slot {
        std::atomic<std::uint64_t> high{0};
        std::atomic<std::uint64_t> low{0};
        std::atomic<std::uint64_t> check{0};  // 0: nothing there
    };

    /// By the first 48 bits, so that the hosts of a network share a slot.
    static std::size_t slot_of(std::uint64_t high) noexcept {
        return static_cast<std::size_t>((high >> 16) * 0x9E3779B97F4A7C15ULL >> 53);
    }
    /// Never 0; its last bit is the family.
    static std::uint64_t check_of(std::uint64_t high, std::uint64_t low,
                                  geo::Family family) noexcept {
        const auto mixed = (high ^ (low >> 32 | low << 32)) * 0xD6E8FEB86659FD93ULL ^ low;
        return ((mixed | 2) & ~1ULL) | static_cast<std::uint64_t>(family);
    }

    std::array<Slot, slots> slots_;
};

}  // namespace engine
