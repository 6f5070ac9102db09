// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes messages about a measurement zone, and answers queries for it.

#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "dnsd/wire/request.hpp"

namespace transfer {

/// Returns the header and question of the response; the header alone if the query's question could
/// not be read.
[[nodiscard]] Message begin_response(const wire::Request& request, wire::Rcode rcode);

/// Appends OPT if the query had it (RFC 6891 §6.1.1). Only TSIG may follow.
void append_opt(Message& response, const wire::Request& request);

class ZoneMessage {
 public:
    /// The query's name must be within the zone.
    ZoneMessage(const ZoneFace& face, const wire::Request& request);

    enum class Section : std::uint8_t { Answer, Authority };
    void add_soa(Serial serial, Section section = Section::Answer);
    void add_name_server();
    void add_text(const ZoneRecord& record);
    void set_rcode(wire::Rcode rcode);

    [[nodiscard]] std::size_t size() const noexcept { return message_.size(); }
    [[nodiscard]] Message take() { return std::move(message_); }

 private:
    void begin_record(std::string_view owner, zones::RrType type);
    void put(std::size_t value, unsigned octets);
    void put(wire::Octets octets);
    void put_apex() { put(0xC000 | apex_, 2); }
    void finish_record(Section section);

    const ZoneFace* face_;
    std::size_t apex_;       // offset of the zone's name
    std::size_t rdata_ = 0;  // offset of the record's data
    Message message_;
};

/// Answers queries of types other than AXFR and IXFR, as for any zone.
[[nodiscard]] Message answer_query(const MeasurementZone& zone, const wire::Request& request);

}  // namespace transfer
