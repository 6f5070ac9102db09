// SPDX-License-Identifier: Apache-2.0
#pragma once
// A name as somebody wrote it: in wire form, with the case of its letters. Names in values keep it in
// answers (RFC 4343 §4.1), while names that are looked up and compared are a `Name`. Control path.

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
    /// In lower case, as all names of this type are.
    WrittenName(const Name& name) noexcept;

    /// "www", "a.b.example.com.", with \. and \DDD escapes (RFC 1035 §5.1); only a lone "@" is the
    /// origin. Names without a dot at the end are relative to `origin`. Nothing when it is no name.
    [[nodiscard]] static std::optional<WrittenName> from_text(std::string_view text,
                                                              const WrittenName& origin) noexcept;
    /// Why from_text() gives nothing, in words.
    [[nodiscard]] static std::string_view fault_of(std::string_view text,
                                                   const WrittenName& origin) noexcept;

    /// With the root label.
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

/// The octet that the escape stands for with which a text begins (RFC 1035 §5.1), and how many
/// characters it has; nothing for a wrong one.
struct Escape {
    std::uint8_t octet = 0;
    std::size_t size = 0;
};
[[nodiscard]] std::optional<Escape> read_escape(std::string_view text) noexcept;

}  // namespace zones
