// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/versus/questions.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace versus {
namespace {

constexpr std::size_t row_head = 5;
constexpr std::uint8_t response_bit = 0x80;
constexpr std::uint8_t pointer_bits = 0xC0;
constexpr std::uint8_t rcode_bits = 0x0F;

/// Behind the name at `at`; past the message's end when the name is not whole.
std::size_t skip_name(Octets message, std::size_t at) noexcept {
    while (at < message.size()) {
        const auto length = message[at];
        if (length == 0) return at + 1;
        if ((length & pointer_bits) != 0) return at + 2;
        at += length + std::size_t{1};
    }
    return at + 1;
}

/// Whether a record of the answer section has this RDATA.
bool has_record(Octets message, std::size_t at, Octets rdata) noexcept {
    constexpr std::size_t fixed = 10;  // type, class, TTL and the length of the RDATA
    for (unsigned left = read16(message, 6); left > 0; --left) {
        at = skip_name(message, at);
        if (at + fixed > message.size()) return false;
        const auto length = read16(message, at + fixed - 2);
        at += fixed;
        if (at + length > message.size()) return false;
        if (std::ranges::equal(message.subspan(at, length), rdata)) return true;
        at += length;
    }
    return false;
}

}  // namespace

Questions::Questions(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream) throw std::runtime_error{file.string() + " cannot be read"};
    octets_.assign(std::istreambuf_iterator<char>{stream}, {});
    auto take = [rest = Octets{octets_}](std::size_t size) mutable {
        if (size > rest.size()) throw std::runtime_error{"the last query is not whole"};
        const auto taken = rest.first(size);
        rest = rest.subspan(size);
        return taken;
    };
    for (std::size_t taken = 0; taken < octets_.size();) {
        const auto head = take(row_head);
        Question question;
        question.rcode = head[2];
        question.has_answers = head[3] != 0;
        question.address = take(head[4]);
        question.query = take(read16(head, 0));
        question.section_end = skip_name(question.query, header_size) + 4;
        if (question.section_end > question.query.size() || question.query.size() > largest_query)
            throw std::runtime_error{"a query is too short or too long"};
        taken += row_head + question.address.size() + question.query.size();
        all_.push_back(question);
    }
    if (all_.empty()) throw std::runtime_error{file.string() + " has no queries"};
}

bool answers(Octets message, const Question& question) noexcept {
    const auto asked = question.query.subspan(header_size, question.section_end - header_size);
    return message.size() >= question.section_end && (message[2] & response_bit) != 0 &&
           std::ranges::equal(message.subspan(header_size, asked.size()), asked);
}

bool right(Octets answer, const Question& question) noexcept {
    if ((answer[3] & rcode_bits) != question.rcode) return false;
    if ((read16(answer, 6) > 0) != question.has_answers) return false;
    return question.address.empty() || has_record(answer, question.section_end, question.address);
}

}  // namespace versus
