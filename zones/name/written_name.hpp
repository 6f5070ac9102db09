// SPDX-License-Identifier: Apache-2.0
#pragma once
// A name as its writer wrote it: in wire form, with the case of its letters. Names in values keep
// that case in answers (RFC 4343 §4.1). Names that are looked up and compared are a `Name`. Control
// path.

#include "zones/name/name.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zones {

class WrittenName {
 public:
    /// The root.
    WrittenName() noexcept = default;
    /// A copy in lower case, as every `Name` is.
    WrittenName(const Name& name) noexcept;

    /// Reads "www" or "a.b.example.com.", with \. and \DDD escapes (RFC 1035 §5.1); only a lone "@"
    /// is the origin. A name without a dot at its end is relative to `origin`. Returns nothing when
    /// `text` is no name.
    [[nodiscard]] static std::optional<WrittenName> from_text(std::string_view text,
                                                              const WrittenName& origin) noexcept;
    /// Returns in words why from_text() returns nothing.
    [[nodiscard]] static std::string_view fault_of(std::string_view text,
                                                   const WrittenName& origin) noexcept;

    /// The wire form, root label included.
    [[nodiscard]] std::span<const std::uint8_t> wire() const noexcept {
        return {octets_.data(), length_};
    }
    [[nodiscard]] Name folded() const noexcept;

 private:
    /// Returns what is wrong; empty when nothing is.
    std::string_view assign(std::string_view text, const WrittenName& origin) noexcept;

    std::array<std::uint8_t, max_name_length> octets_{};
    std::uint8_t length_ = 1;
};

/// The escape at the beginning of a text (RFC 1035 §5.1): the octet that it stands for, and its
/// length in characters. read_escape() returns nothing when the escape is wrong.
struct Escape {
    std::uint8_t octet = 0;
    std::size_t size = 0;
};
[[nodiscard]] std::optional<Escape> read_escape(std::string_view text) noexcept;

}  // namespace zones
