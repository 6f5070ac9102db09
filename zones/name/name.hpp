// SPDX-License-Identifier: Apache-2.0
#pragma once
// Domain names in wire form and lower case: the form in which they are stored, hashed and compared
// (RFC 1035 §3.1, RFC 4343). A name knows where its labels begin and has the hash of each of its
// suffixes, because a look-up asks for the name and then for its ancestors.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zones {

constexpr std::size_t max_name_length = 255;  // octets in wire form, root label included
constexpr std::size_t max_labels = 127;       // the root not counted

[[nodiscard]] constexpr std::uint8_t lower(std::uint8_t octet) noexcept {
    return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 32) : octet;
}

/// Returns the hash of a name, from the hash of its parent and the name's first label with the
/// length octet. Reads whole words, so up to 7 octets beyond the label must be readable.
[[nodiscard]] std::uint32_t hash_label(std::uint32_t parent, const std::uint8_t* label) noexcept;
constexpr std::uint32_t root_hash = 0x9E3779B9;
constexpr std::size_t word_size = 8;  // octets

class Name {
 public:
    /// The root.
    Name() noexcept;

    /// Reads an uncompressed name in wire form and lower-cases it. Returns nothing when it is cut
    /// short, has a label type other than 00, or is longer than 255 octets.
    [[nodiscard]] static std::optional<Name> read(std::span<const std::uint8_t> wire) noexcept;
    /// The same in place, for the query path. False leaves the name without meaning.
    [[nodiscard]] bool assign(std::span<const std::uint8_t> wire) noexcept;
    /// Reads "www", "a.b.example.com." or "@", with \. and \DDD escapes (RFC 1035 §5.1). A name
    /// without a dot at its end is relative to `origin`. Returns nothing when `text` is no name.
    [[nodiscard]] static std::optional<Name> from_text(std::string_view text, const Name& origin);

    /// The wire form, root label included.
    [[nodiscard]] std::span<const std::uint8_t> wire() const noexcept {
        return {octets_.data(), length_};
    }
    [[nodiscard]] std::size_t length() const noexcept { return length_; }
    [[nodiscard]] std::size_t label_count() const noexcept { return label_count_; }
    /// Returns the offset of label `index`; for index == label_count(), the offset of the root
    /// label.
    [[nodiscard]] std::size_t label_at(std::size_t index) const noexcept { return starts_[index]; }
    /// Returns the name without its first `index` labels, in wire form.
    [[nodiscard]] std::span<const std::uint8_t> suffix(std::size_t index) const noexcept {
        return wire().subspan(starts_[index]);
    }
    [[nodiscard]] std::uint32_t hash(std::size_t index) const noexcept { return hashes_[index]; }

    [[nodiscard]] bool operator==(const Name& other) const noexcept {
        return length_ == other.length_ &&
               std::memcmp(octets_.data(), other.octets_.data(), length_) == 0;
    }
    /// True for the zone itself and for all names below it.
    [[nodiscard]] bool within(const Name& zone) const noexcept;
    [[nodiscard]] Name parent() const noexcept;

    /// Returns text as in "plex.example.com.", with escapes for octets that are not printable.
    [[nodiscard]] std::string text() const;

 private:
    void hash_labels() noexcept;

    std::array<std::uint8_t, max_name_length + word_size> octets_;  // whole words can be read
    std::uint8_t length_ = 1;
    std::uint8_t label_count_ = 0;
    std::array<std::uint8_t, max_labels + 1> starts_;  // [0, label_count_]
    std::array<std::uint32_t, max_labels + 1> hashes_;
};

/// Returns a name in wire form, lower-cased or not, as text.
[[nodiscard]] std::string name_text(std::span<const std::uint8_t> wire);

/// Returns the zone's name without the dot at its end, as zone files and commands write it.
[[nodiscard]] std::string zone_text(const Name& apex);

/// The octets of the label at an index, counted as for Name::suffix(); not that of the root.
[[nodiscard]] inline std::string_view label_of(const Name& name, std::size_t index) noexcept {
    const auto label = name.suffix(index);
    return {reinterpret_cast<const char*>(label.data()) + 1, label[0]};
}

}  // namespace zones
