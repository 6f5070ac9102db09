// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts an address space wherever something may change, so that a property can be checked once for
// each piece and holds for all addresses in it.

#include "geo/place/address.hpp"

#include <cstddef>
#include <vector>

namespace support {

class Pieces {
 public:
    explicit Pieces(geo::Family family) : family_{family}, starts_{0} {}

    void cut_at(const geo::Prefix& named);
    /// IPv6 has the clients of IPv4 in it: cuts there as every `step`th of these pieces is cut.
    void cut_as_embedded(const Pieces& v4, std::size_t step = 1);
    /// To be called once, when all is cut.
    void sort();

    [[nodiscard]] std::size_t size() const { return starts_.size(); }
    [[nodiscard]] geo::Address start(std::size_t piece) const { return {family_, starts_[piece]}; }
    [[nodiscard]] std::size_t piece_of(const geo::Address& at) const;

 private:
    geo::Family family_;
    std::vector<geo::Bits> starts_;
};

}  // namespace support
