// SPDX-License-Identifier: Apache-2.0
#pragma once
// Notes the addresses whose queries got an answer chosen by that address: resolvers that send no
// client subnet. Each answering thread writes a table of its own without a lock and never waits;
// the control thread takes out what has gathered. Networks that fall on one slot replace each
// other, but whoever asks often is seen all the same. A random key decides which networks share a
// slot. Addresses that may be forged have slots of their own, so they never replace a proved one.

#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"
#include "geo/place/network.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace engine {

/// What proves the address that a query came from.
enum class Origin : std::uint8_t {
    Claimed,  // it came by UDP: anybody may have written it
    Proved,   // by TCP, a cookie that was sent to this address, or a signature
};

class SeenResolvers {
 public:
    /// Called by the answering thread. A network that is noted already costs two loads.
    void note(const geo::Address& address, Origin origin) noexcept {
        origin == Origin::Proved ? note(address, proved_) : note(address, claimed_);
    }

    /// Called by another thread: appends what was noted since the last call. A slot that is being
    /// written meanwhile does not match its check value, and is left for the next call.
    void take(Origin origin, std::vector<geo::Address>& to) {
        origin == Origin::Proved ? take(proved_, to) : take(claimed_, to);
    }

 private:
    static constexpr auto relaxed = std::memory_order_relaxed;
    struct alignas(32) Slot {
        std::atomic<std::uint64_t> high{0};
        std::atomic<std::uint64_t> low{0};
        std::atomic<std::uint64_t> check{0};  // 0: empty
    };

    template <std::size_t slots>
    void note(const geo::Address& address, std::array<Slot, slots>& table) noexcept {
        const auto high = static_cast<std::uint64_t>(address.bits >> 64);
        const auto low = static_cast<std::uint64_t>(address.bits);
        // Hosts that share their path share a slot.
        const auto network =
            static_cast<std::uint64_t>(geo::path_network(address).address.bits >> 64);
        auto& slot = table[hash_(network) % slots];
        const auto check = check_of(high, low, address.family);
        if (slot.check.load(relaxed) == check && slot.high.load(relaxed) == high) return;
        slot.high.store(high, relaxed);
        slot.low.store(low, relaxed);
        slot.check.store(check, relaxed);
    }

    template <std::size_t slots>
    static void take(std::array<Slot, slots>& table, std::vector<geo::Address>& to) {
        for (auto& slot : table) {
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

    /// Never 0; its last bit is the family.
    static std::uint64_t check_of(std::uint64_t high, std::uint64_t low,
                                  geo::Family family) noexcept {
        const auto mixed = (high ^ (low >> 32 | low << 32)) * 0xD6E8FEB86659FD93ULL ^ low;
        return ((mixed | 2) & ~1ULL) | static_cast<std::uint64_t>(family);
    }

    geo::KeyedHash hash_;
    std::array<Slot, 2048> proved_;  // 64 KiB
    std::array<Slot, 256> claimed_;
};

}  // namespace engine
