// SPDX-License-Identifier: Apache-2.0
#pragma once
// The queries of a workload, each with what its answer must be. `run` writes them to a file, one
// behind the other, numbers in network order:
//   0..1 length of the query · 2 RCODE · 3 whether records are answered · 4 length of an address that
//   must be among them, 0 if none must · 5.. the address · then the query, whose id is 0

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace versus {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t header_size = 12;
constexpr std::size_t largest_query = 512;

/// Points into the file's octets, which live as long as its Questions.
struct Question {
    Octets query;
    std::size_t section_end = 0;  // of the question section
    std::uint8_t rcode = 0;
    bool has_answers = false;
    Octets address;
};

class Questions {
 public:
    /// Throws std::runtime_error when the file is not what it should be.
    explicit Questions(const std::filesystem::path& file);

    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    [[nodiscard]] const Question& operator[](std::size_t i) const noexcept { return all_[i]; }

 private:
    std::vector<std::uint8_t> octets_;
    std::vector<Question> all_;
};

[[nodiscard]] inline std::uint16_t read16(Octets octets, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

/// Whether a message is an answer to the query: its question, octet for octet, behind a response's
/// header. The id is not looked at.
[[nodiscard]] bool answers(Octets message, const Question& question) noexcept;
/// Whether such an answer says what it must.
[[nodiscard]] bool right(Octets answer, const Question& question) noexcept;

}  // namespace versus
