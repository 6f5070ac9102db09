// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records of a message one after the other, from octets that anybody may have written. No
// allocation; each record costs a bounded number of steps, however its names are compressed.

#include "dnsd/wire/message.hpp"
#include "dnsd/wire/message_name.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"

#include <cstdint>
#include <optional>

namespace transfer {

enum class Section : std::uint8_t { Answer, Authority, Additional };

struct Record {
    std::size_t at = 0;  // where it begins in the message
    Section section = Section::Answer;
    zones::Name owner;
    zones::RrType type = 0;
    std::uint16_t rr_class = 0;
    std::uint32_t ttl = 0;  // seconds
    wire::Octets rdata;     // in the message
};

using wire::read_name;

class RecordReader {
 public:
    /// Steps over the questions. Nothing when the message has no whole header, or these are broken.
    [[nodiscard]] static std::optional<RecordReader> open(wire::Octets message);

    [[nodiscard]] std::size_t left() const noexcept { return left_; }
    /// Nothing follows the last record.
    [[nodiscard]] bool at_end() const noexcept { return at_ == message_.size(); }
    /// False when the message is broken here. Only while records are left.
    [[nodiscard]] bool next(Record& record);

 private:
    explicit RecordReader(wire::Octets message) : message_{message} {}

    wire::Octets message_;
    std::size_t at_ = wire::header_size;
    std::size_t left_ = 0;
};

}  // namespace transfer
