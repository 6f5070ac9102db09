// SPDX-License-Identifier: Apache-2.0
#pragma once
// A message about a measurement zone while it is written, and the answer to one query of it.

#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "dnsd/wire/request.hpp"

namespace transfer {

/// Header and question of the response to a query whose question has been read, or, where it has
/// not, the header alone.
[[nodiscard]] Message begin_response(const wire::Request& request, wire::Rcode rcode);

/// Comes last but for TSIG: OPT, when the query had it (RFC 6891 §6.1.1).
void append_opt(Message& response, const wire::Request& request);

class ZoneMessage {
 public:
    /// The query's name is within the zone.
    ZoneMessage(const ZoneFace& face, const wire::Request& request);

    enum class Place : std::uint8_t { Answer, Authority };
    void add_soa(Serial serial, Place place = Place::Answer);
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
    void finish_record(Place place);

    const ZoneFace* face_;
    std::size_t apex_;       // where the zone's name stands
    std::size_t rdata_ = 0;  // where that of the record begins
    Message message_;
};

/// Types other than AXFR and IXFR, as any server answers for any zone.
[[nodiscard]] Message answer_query(const MeasurementZone& zone, const wire::Request& request);

}  // namespace transfer
