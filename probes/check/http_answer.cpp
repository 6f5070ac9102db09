// SPDX-License-Identifier: Apache-2.0
#include "probes/check/http_answer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace probes {
namespace {

constexpr std::size_t longest_chunk_line = 4 << 10;  // octets: its size and extensions
constexpr std::size_t longest_shown = 24;            // octets of what is no status line

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_digit(char c) {
    return '0' <= c && c <= '9';
}

std::string lower(std::string_view text) {
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), [](char c) {
        return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lowered;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string shown(std::string_view text) {
    std::string shown{text.substr(0, longest_shown)};
    std::ranges::replace_if(
        shown, [](unsigned char c) { return c < ' ' || c >= 0x7F; }, '?');
    return '"' + shown + (text.size() > longest_shown ? "...\"" : "\"");
}

/// Returns the status in "HTTP/1.1 200 OK"; 0 when it is no status line. Versions below 1 have
/// none.
unsigned status_in(std::string_view line) {
    if (lower(line.substr(0, 5)) != "http/") return 0;
    line.remove_prefix(5);
    if (line.empty() || line.front() < '1' || line.front() > '9') return 0;
    line.remove_prefix(1);
    if (line.size() > 1 && line[0] == '.' && is_digit(line[1])) line.remove_prefix(2);
    if (line.empty() || !is_blank(line.front())) return 0;
    line = trimmed(line);
    const auto digits =
        static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
    if (digits != 3 || line.front() == '0') return 0;
    return static_cast<unsigned>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
}

bool has_no_body(unsigned status) {
    return status == 204 || status == 304;
}

}  // namespace

void HttpAnswer::feed(std::string_view octets) {
    while (stage_ == Stage::Head && !octets.empty()) read_head(octets);
    while (stage_ == Stage::Body && !octets.empty()) read_body(octets);
}

void HttpAnswer::end() {
    if (stage_ == Stage::Head) {
        if (head_size_ == 0) return fail("closed before an answer");
        if (status_ == 0 || status_ / 100 == 1) return fail("closed in the middle of an answer");
        read_field();
        end_head();
    }
    if (stage_ != Stage::Body) return;
    if (part_ != Part::Rest) return fail("its body is cut short");
    stage_ = Stage::Done;
}

void HttpAnswer::fail(std::string fault) {
    stage_ = Stage::Bad;
    fault_ = std::move(fault);
}

bool HttpAnswer::take_line(std::string_view& octets, std::size_t limit) {
    const auto end = octets.find('\n');
    const auto part = octets.substr(0, end);
    if (line_.size() + part.size() > limit) return false;
    line_ += part;
    octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + 1);
    if (end == std::string_view::npos) return false;
    while (line_.ends_with('\r')) line_.pop_back();
    return true;
}

void HttpAnswer::read_head(std::string_view& octets) {
    const auto before = octets.size();
    const bool whole = take_line(octets, head_limit);
    head_size_ += before - octets.size();
    if (octets.size() == before || head_size_ > head_limit) {
        return fail("the answer's head is longer than " + std::to_string(head_limit >> 10) +
                    " KiB");
    }
    if (!whole) return;
    read_head_line();
    line_.clear();
}

void HttpAnswer::read_head_line() {
    if (line_.find('\0') != std::string::npos) {
        return fail("the answer is not HTTP: an octet of 0 is in its head");
    }
    if (status_ == 0) return read_status_line();
    if (!line_.empty() && is_blank(line_.front())) {
        field_ += line_;
        return;
    }
    read_field();
    field_ = line_;
    if (line_.empty()) end_head();
}

void HttpAnswer::read_status_line() {
    if (line_.empty()) return;  // some send an empty line first
    status_ = status_in(line_);
    if (status_ == 0) fail("the answer is not HTTP: " + shown(line_));
}

/// Reads the fields that tell the length of the body; all others do not matter.
void HttpAnswer::read_field() {
    const auto colon = std::min(field_.find(':'), field_.size());
    const auto name = lower(trimmed(std::string_view{field_}.substr(0, colon)));
    const auto value = trimmed(std::string_view{field_}.substr(std::min(colon + 1, field_.size())));
    if (name == "transfer-encoding") {
        chunked_ |= lower(value).find("chunked") != std::string::npos;
    } else if (name == "content-length") {
        std::uint64_t length = 0;
        const auto digits = value.starts_with('+') ? value.substr(1) : value;
        const auto [end, fault] =
            std::from_chars(digits.data(), digits.data() + digits.size(), length);
        // A length that cannot be read is ignored: the body then ends by closing.
        sized_ = fault == std::errc{};
        left_ = sized_ ? length : 0;
    }
}

void HttpAnswer::end_head() {
    if (status_ / 100 == 1 && status_ != 101) {
        status_ = 0;
        chunked_ = sized_ = false;
        return;
    }
    head_is_whole_ = true;
    stage_ = Stage::Body;
    part_ = chunked_ ? Part::ChunkSize : sized_ ? Part::Sized : Part::Rest;
    if (has_no_body(status_) || (part_ == Part::Sized && left_ == 0)) stage_ = Stage::Done;
}

void HttpAnswer::read_body(std::string_view& octets) {
    switch (part_) {
        case Part::Rest:
            return take_body(octets, std::numeric_limits<std::uint64_t>::max());
        case Part::Sized:
            take_body(octets, left_);
            if (left_ == 0) stage_ = Stage::Done;
            return;
        case Part::Chunk:
            take_body(octets, left_);
            if (left_ == 0) part_ = Part::ChunkEnd;
            return;
        case Part::ChunkSize:
        case Part::ChunkEnd:
        case Part::Trailer:
            break;
    }
    if (!take_line(octets, longest_chunk_line)) {
        if (!octets.empty()) fail("its body is not HTTP: bad chunk");
        return;
    }
    if (part_ == Part::ChunkSize) {
        read_chunk_size();
    } else if (part_ == Part::ChunkEnd) {
        if (!line_.empty()) return fail("its body is not HTTP: bad chunk");
        part_ = Part::ChunkSize;
    } else if (line_.empty()) {
        stage_ = Stage::Done;
    }
    line_.clear();
}

void HttpAnswer::take_body(std::string_view& octets, std::uint64_t at_most) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(octets.size(), at_most));
    body_ += octets.substr(0, std::min(count, most_of_body_ - body_.size()));
    octets.remove_prefix(count);
    if (part_ != Part::Rest) left_ -= count;
    if (body_.size() == most_of_body_) stage_ = Stage::Done;
}

/// RFC 9112 §7.1: digits, and extensions after them, which are ignored.
void HttpAnswer::read_chunk_size() {
    const auto* end = line_.data() + line_.size();
    const auto [behind, fault] = std::from_chars(line_.data(), end, left_, 16);
    const bool good =
        fault == std::errc{} && (behind == end || *behind == ';' || is_blank(*behind));
    if (!good) return fail("its body is not HTTP: bad chunk");
    part_ = left_ == 0 ? Part::Trailer : Part::Chunk;
}

}  // namespace probes
