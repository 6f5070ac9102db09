// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the records of a message from an untrusted sender, one after the other. No allocation; each
// record costs a bounded number of steps, however its names are compressed.

#include "dnsd/wire/message.hpp"
#include "dnsd/wire/message_name.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"

#include <cstdint>
#include <optional>

namespace wire {

struct Record {
    std::size_t at = 0;  // where it begins in the message
    Section section = Section::Answer;
    zones::Name owner;
    zones::RrType type = 0;
    std::uint16_t rr_class = 0;
    std::uint32_t ttl = 0;  // seconds
    Octets rdata;           // in the message
};

class RecordReader {
 public:
    /// Steps over the questions. Returns nothing when the header is not whole or a question is
    /// broken.
    [[nodiscard]] static std::optional<RecordReader> open(Octets message);

    [[nodiscard]] std::size_t left() const noexcept { return left_; }
    /// True if nothing follows the record that was read last.
    [[nodiscard]] bool at_end() const noexcept { return at_ == message_.size(); }
    /// Reads the next record; to be called only while records are left. Returns false when the
    /// message is broken here.
    [[nodiscard]] bool next(Record& record);

 private:
    explicit RecordReader(Octets message) : message_{message} {}

    Octets message_;
    std::size_t at_ = header_size;
    std::size_t left_ = 0;
};

}  // namespace wire
