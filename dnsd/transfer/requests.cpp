// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/requests.hpp"

#include "geo/base/big_endian.hpp"

namespace transfer {
namespace {

namespace rr = zones::rr;

constexpr std::size_t soa_numbers = 20;  // octets of serial and timers

Message begin_query(const zones::Name& apex, std::uint16_t id, zones::RrType type,
                    std::size_t flags) {
    Message query;
    geo::append_number(query, id, 2);
    geo::append_number(query, flags, 2);
    geo::append_number(query, 1, 2);
    geo::append_number(query, 0, 6);
    query.insert(query.end(), apex.wire().begin(), apex.wire().end());
    geo::append_number(query, type, 2);
    geo::append_number(query, static_cast<std::size_t>(wire::RrClass::IN), 2);
    return query;
}

}  // namespace

Message plain_query(const zones::Name& name, std::uint16_t id, zones::RrType type,
                    std::size_t flags, std::size_t payload) {
    auto query = begin_query(name, id, type, flags);
    wire::write16(query, 10, 1);
    geo::append_number(query, 0, 1);  // the root owns OPT (RFC 6891 §6.1.2)
    geo::append_number(query, rr::OPT, 2);
    geo::append_number(query, payload, 2);
    geo::append_number(query, 0, 6);
    return query;
}

Message axfr_query(const zones::Name& apex, std::uint16_t id) {
    return begin_query(apex, id, rr::AXFR, 0);
}

Message ixfr_query(const zones::Name& apex, std::uint16_t id, zones::Serial known) {
    auto query = begin_query(apex, id, rr::IXFR, 0);
    wire::write16(query, 8, 1);
    geo::append_number(query, 0xC000 | wire::header_size, 2);
    geo::append_number(query, rr::SOA, 2);
    geo::append_number(query, static_cast<std::size_t>(wire::RrClass::IN), 2);
    geo::append_number(query, 0, 4);
    geo::append_number(query, 2 + soa_numbers, 2);
    geo::append_number(query, 0, 2);  // name server and mailbox: the root
    geo::append_number(query, known, 4);
    geo::append_number(query, 0, 4);
    geo::append_number(query, 0, 4);
    geo::append_number(query, 0, 4);
    geo::append_number(query, 0, 4);
    return query;
}

std::optional<zones::Serial> soa_serial(const wire::Record& record) {
    if (record.type != rr::SOA || record.rdata.size() < 2 + soa_numbers) return std::nullopt;
    const auto numbers = record.rdata.last(soa_numbers);
    return zones::Serial{wire::read16(numbers, 0)} << 16 | wire::read16(numbers, 2);
}

std::optional<zones::Serial> read_ixfr_serial(wire::Octets query) {
    auto reader = wire::RecordReader::open(query);
    wire::Record record;
    while (reader && reader->left() > 0 && reader->next(record)) {
        if (record.section == wire::Section::Authority && record.type == rr::SOA)
            return soa_serial(record);
    }
    return std::nullopt;
}

Message notify_query(const zones::Name& apex, std::uint16_t id) {
    constexpr auto opcode = static_cast<std::size_t>(wire::Opcode::Notify) << 11;
    return begin_query(apex, id, rr::SOA, opcode | wire::flag_aa);
}

Message with_length(const Message& message) {
    Message framed;
    framed.reserve(message.size() + 2);
    geo::append_number(framed, message.size(), 2);
    framed.insert(framed.end(), message.begin(), message.end());
    return framed;
}

}  // namespace transfer
