// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/zone_message.hpp"

#include "geo/base/big_endian.hpp"

#include <algorithm>
#include <iterator>

namespace transfer {
namespace {

namespace rr = zones::rr;

constexpr std::size_t answer_count = 6;  // where these stand in the header
constexpr std::size_t authority_count = 8;
constexpr std::size_t additional_count = 10;
constexpr std::uint8_t payload[] = {1232 >> 8, 1232 & 0xFF};  // octets, RFC 9715
constexpr std::uint16_t flags_kept = 0x7900;                  // opcode and RD

/// The owner of a name below the apex, relative to it; empty for the apex.
std::string relative_owner(const zones::Name& name, const zones::Name& apex) {
    const auto labels = name.label_count() - apex.label_count();
    std::string owner;
    for (std::size_t i = 0; i < labels; ++i) {
        const auto label = name.suffix(i);
        if (i > 0) owner += '.';
        owner.append(label.begin() + 1, label.begin() + 1 + label[0]);
    }
    return owner;
}

}  // namespace

Message begin_response(const wire::Request& request, wire::Rcode rcode) {
    const auto& query = request.message;
    Message message(wire::header_size);
    wire::write16(message, 0, wire::read16(query, 0));
    wire::write16(message, 2, wire::flag_qr | (wire::read16(query, 2) & flags_kept));
    message[3] = static_cast<std::uint8_t>(rcode);
    if (request.question_end > 0) {
        message[5] = 1;
        const auto question =
            query.subspan(wire::header_size, request.question_end - wire::header_size);
        message.insert(message.end(), question.begin(), question.end());
    }
    return message;
}

void append_opt(Message& response, const wire::Request& request) {
    if (!request.edns) return;
    const std::uint8_t opt[] = {0, 0, zones::rr::OPT, payload[0], payload[1], 0, 0, 0, 0, 0, 0};
    response.insert(response.end(), std::begin(opt), std::end(opt));
    wire::write16(response, additional_count,
                  wire::read16(response, additional_count) + std::size_t{1});
}

ZoneMessage::ZoneMessage(const ZoneFace& face, const wire::Request& request)
    : face_{&face},
      apex_{wire::header_size + request.name.length() - face.apex.length()},
      message_{begin_response(request, wire::Rcode::NoError)} {
    wire::write16(message_, 2, wire::read16(message_, 2) | std::size_t{wire::flag_aa});
}

void ZoneMessage::put(std::size_t value, unsigned octets) {
    geo::append_number(message_, value, octets);
}

void ZoneMessage::put(wire::Octets octets) {
    message_.insert(message_.end(), octets.begin(), octets.end());
}

void ZoneMessage::begin_record(std::string_view owner, zones::RrType type) {
    while (!owner.empty()) {
        const auto label = owner.substr(0, owner.find('.'));
        put(label.size(), 1);
        message_.insert(message_.end(), label.begin(), label.end());
        owner.remove_prefix(std::min(label.size() + 1, owner.size()));
    }
    put_apex();
    put(type, 2);
    put(static_cast<std::size_t>(wire::RrClass::IN), 2);
    put(static_cast<std::size_t>(face_->times.refresh.count()), 4);
    put(0, 2);
    rdata_ = message_.size();
}

void ZoneMessage::finish_record(Section section) {
    wire::write16(message_, rdata_ - 2, message_.size() - rdata_);
    const auto count = section == Section::Answer ? answer_count : authority_count;
    wire::write16(message_, count, wire::read16(message_, count) + std::size_t{1});
}

void ZoneMessage::add_soa(Serial serial, Section section) {
    begin_record({}, rr::SOA);
    put(face_->name_server.wire());
    put(0, 1);  // nobody reads mail about it
    put(serial, 4);
    const auto& times = face_->times;
    for (const auto time : {times.refresh, times.retry, times.expire, times.refresh})
        put(static_cast<std::size_t>(time.count()), 4);
    finish_record(section);
}

void ZoneMessage::add_name_server() {
    begin_record({}, rr::NS);
    put(face_->name_server.wire());
    finish_record(Section::Answer);
}

void ZoneMessage::add_text(const ZoneRecord& record) {
    begin_record(record.owner, rr::TXT);
    put(record.text.size(), 1);
    message_.insert(message_.end(), record.text.begin(), record.text.end());
    finish_record(Section::Answer);
}

void ZoneMessage::set_rcode(wire::Rcode rcode) {
    message_[3] = static_cast<std::uint8_t>((message_[3] & 0xF0) | static_cast<unsigned>(rcode));
}

Message answer_query(const MeasurementZone& zone, const wire::Request& request) {
    const auto& face = zone.face();
    ZoneMessage message{face, request};
    const auto owner = relative_owner(request.name, face.apex);
    const auto asks = [&](zones::RrType type) {
        return request.type == type || request.type == rr::ANY;
    };
    const auto before = message.size();
    if (owner.empty()) {
        if (asks(rr::SOA)) message.add_soa(zone.serial());
        if (asks(rr::NS)) message.add_name_server();
    } else if (const auto* text = zone.find(owner); text != nullptr) {
        if (asks(rr::TXT)) message.add_text({owner, *text});
    } else if (!zone.has_below(owner)) {
        message.set_rcode(wire::Rcode::NXDomain);
    }
    if (message.size() == before) message.add_soa(zone.serial(), ZoneMessage::Section::Authority);
    auto response = message.take();
    append_opt(response, request);
    return response;
}

}  // namespace transfer
