// SPDX-License-Identifier: Apache-2.0
#include "tests/geo/pieces.hpp"

#include "tests/support/random_space.hpp"

#include <algorithm>

namespace support {

void Pieces::cut_at(const geo::Prefix& named) {
    if (named.address.family != family_) return;
    if (starts_.back() != named.address.bits) starts_.push_back(named.address.bits);
    if (const auto next = behind(named)) starts_.push_back(next->bits);
}

void Pieces::cut_as_embedded(const Pieces& v4, std::size_t step) {
    for (const auto embedding : embeddings) {
        cut_at(space_of(embedding));
        for (std::size_t i = 0; i < v4.starts_.size(); i += step) {
            // Teredo counts down: its pieces begin at the complement of their last address.
            const bool down = embedding == Embedding::Teredo;
            const auto start = down ? v4.starts_[i] - (geo::Bits{1} << 96) : v4.starts_[i];
            const geo::Address client{geo::Family::V4, start & geo::mask(32)};
            starts_.push_back(embed(embedding, client).bits);
        }
    }
}

void Pieces::sort() {
    // Most of it comes in order.
    const auto middle = std::ranges::is_sorted_until(starts_);
    std::ranges::sort(middle, starts_.end());
    std::ranges::inplace_merge(starts_, middle);
    const auto [first, last] = std::ranges::unique(starts_);
    starts_.erase(first, last);
}

std::size_t Pieces::piece_of(const geo::Address& at) const {
    const auto next = std::ranges::upper_bound(starts_, at.bits);
    return static_cast<std::size_t>(next - starts_.begin()) - 1;
}

}  // namespace support
