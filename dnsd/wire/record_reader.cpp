// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/record_reader.hpp"

namespace wire {

std::optional<RecordReader> RecordReader::open(Octets message) {
    if (message.size() < header_size) return std::nullopt;
    RecordReader reader{message};
    zones::Name ignored;
    for (unsigned questions = read16(message, 4); questions > 0; --questions) {
        if (!read_name(message, reader.at_, ignored)) return std::nullopt;
        if (message.size() - reader.at_ < 4) return std::nullopt;
        reader.at_ += 4;
    }
    for (const std::size_t count : {6U, 8U, 10U}) reader.left_ += read16(message, count);
    return reader;
}

bool RecordReader::next(Record& record) {
    const auto additional = read16(message_, 10);
    const auto authority = read16(message_, 8);
    record.section = left_ <= additional                            ? Section::Additional
                     : left_ <= std::size_t{additional} + authority ? Section::Authority
                                                                    : Section::Answer;
    record.at = at_;
    if (!read_name(message_, at_, record.owner) || message_.size() - at_ < 10) return false;
    record.type = read16(message_, at_);
    record.rr_class = read16(message_, at_ + 2);
    record.ttl = std::uint32_t{read16(message_, at_ + 4)} << 16 | read16(message_, at_ + 6);
    const std::size_t length = read16(message_, at_ + 8);
    at_ += 10;
    if (message_.size() - at_ < length) return false;
    record.rdata = message_.subspan(at_, length);
    at_ += length;
    --left_;
    return true;
}

}  // namespace wire
