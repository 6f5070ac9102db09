// SPDX-License-Identifier: Apache-2.0
#pragma once
// The RDATA of an RRset's records, back to back, each behind its length.

#include "zones/name/octets.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace zones {

/// A range over the RDATA of some records: for (const auto rdata : records) …; rdata is a span of
/// octets. Valid as long as the octets are.
class Records {
 public:
    using Length = std::uint32_t;  // in the machine's order

    class Iterator {
     public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = std::span<const std::uint8_t>;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        Iterator(const std::uint8_t* at, std::size_t left) : at_{at}, left_{left} {}
        value_type operator*() const noexcept { return {at_ + sizeof(Length), load<Length>(at_)}; }
        Iterator& operator++() noexcept {
            at_ += sizeof(Length) + load<Length>(at_);
            --left_;
            return *this;
        }
        Iterator operator++(int) noexcept {
            auto before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const noexcept { return left_ == other.left_; }

     private:
        const std::uint8_t* at_ = nullptr;
        std::size_t left_ = 0;  // how many records are still to come
    };

    /// `octets` begins with `count` records that append() wrote.
    Records(std::span<const std::uint8_t> octets, std::size_t count) noexcept
        : octets_{octets}, count_{count} {}

    /// Appends a record to octets.
    static void append(std::vector<std::uint8_t>& octets, std::span<const std::uint8_t> rdata) {
        const auto at = octets.size();
        const auto length = static_cast<Length>(rdata.size());
        octets.resize(at + sizeof length);
        std::memcpy(octets.data() + at, &length, sizeof length);
        octets.insert(octets.end(), rdata.begin(), rdata.end());
    }

    [[nodiscard]] Iterator begin() const noexcept { return {octets_.data(), count_}; }
    [[nodiscard]] Iterator end() const noexcept { return {nullptr, 0}; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::span<const std::uint8_t> front() const noexcept { return *begin(); }

 private:
    std::span<const std::uint8_t> octets_;
    std::size_t count_;
};

}  // namespace zones
