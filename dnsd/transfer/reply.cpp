// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/reply.hpp"

#include "dnsd/transfer/requests.hpp"
#include "dnsd/wire/record_reader.hpp"

#include <algorithm>

namespace transfer {
namespace {

namespace rr = zones::rr;

/// Calls visit(record) for each record of class IN, or OPT, up to the first that is broken.
template <class Visit>
void each_record(const Message& message, Visit visit) {
    auto reader = wire::RecordReader::open(message);
    wire::Record record;
    while (reader && reader->left() > 0 && reader->next(record)) {
        const bool in = record.rr_class == static_cast<std::uint16_t>(wire::RrClass::IN);
        if (in || record.type == rr::OPT) visit(record);
    }
}

std::optional<geo::Address> address_in(const wire::Record& record) {
    if (record.type == rr::A && record.rdata.size() == 4)
        return geo::address_from(geo::Family::V4, record.rdata);
    if (record.type == rr::AAAA && record.rdata.size() == 16)
        return geo::address_from(geo::Family::V6, record.rdata);
    return std::nullopt;
}

std::string joined_strings(wire::Octets rdata) {
    std::string text;
    while (!rdata.empty() && rdata.size() > rdata[0]) {
        const auto string = rdata.subspan(1, rdata[0]);
        text.append(string.begin(), string.end());
        rdata = rdata.subspan(1 + string.size());
    }
    return text;
}

}  // namespace

wire::Rcode Reply::rcode() const noexcept {
    return came() ? static_cast<wire::Rcode>(message[3] & 0xF) : wire::Rcode::NoError;
}

bool Reply::has_opt() const {
    bool found = false;
    each_record(message, [&](const wire::Record& record) { found |= record.type == rr::OPT; });
    return found;
}

std::vector<zones::Name> Reply::name_servers(const zones::Name& zone) const {
    std::vector<zones::Name> found;
    each_record(message, [&](const wire::Record& record) {
        if (record.type != rr::NS || record.section == wire::Section::Additional ||
            !(record.owner == zone))
            return;
        auto at = static_cast<std::size_t>(record.rdata.data() - message.data());
        zones::Name name;
        if (wire::read_name(message, at, name) && std::ranges::find(found, name) == found.end())
            found.push_back(name);
    });
    std::ranges::sort(found, {}, &zones::Name::text);
    return found;
}

std::vector<geo::Address> Reply::addresses(const zones::Name& name) const {
    std::vector<geo::Address> found;
    each_record(message, [&](const wire::Record& record) {
        const auto address = address_in(record);
        if (address && record.owner == name) found.push_back(*address);
    });
    return found;
}

std::vector<geo::Address> Reply::answered_addresses() const {
    std::vector<geo::Address> found;
    each_record(message, [&](const wire::Record& record) {
        const auto address = address_in(record);
        if (address && record.section == wire::Section::Answer) found.push_back(*address);
    });
    return found;
}

std::optional<zones::Serial> Reply::serial(const zones::Name& zone) const {
    std::optional<zones::Serial> found;
    each_record(message, [&](const wire::Record& record) {
        const auto serial = soa_serial(record);
        if (serial && record.section == wire::Section::Answer && record.owner == zone)
            found = serial;
    });
    return found;
}

std::vector<std::string> Reply::texts() const {
    std::vector<std::string> found;
    each_record(message, [&](const wire::Record& record) {
        if (record.type == rr::TXT && record.section == wire::Section::Answer)
            found.push_back(joined_strings(record.rdata));
    });
    return found;
}

std::string rcode_text(wire::Rcode rcode) {
    switch (rcode) {
        case wire::Rcode::NoError:
            return "NOERROR";
        case wire::Rcode::FormErr:
            return "FORMERR";
        case wire::Rcode::ServFail:
            return "SERVFAIL";
        case wire::Rcode::NXDomain:
            return "NXDOMAIN";
        case wire::Rcode::NotImp:
            return "NOTIMP";
        case wire::Rcode::Refused:
            return "REFUSED";
        case wire::Rcode::NotAuth:
            return "NOTAUTH";
        case wire::Rcode::YXDomain:
        case wire::Rcode::BadVers:
        case wire::Rcode::BadCookie:
            break;
    }
    return "RCODE " + std::to_string(static_cast<unsigned>(rcode));
}

}  // namespace transfer
