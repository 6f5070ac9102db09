// SPDX-License-Identifier: Apache-2.0
#pragma once
// Replies as servers send them, without a server.

#include "dnsd/transfer/reply.hpp"
#include "dnsd/transfer/requests.hpp"

#include <string>

namespace doctor_test_support {

[[nodiscard]] inline zones::Name name_of(const std::string& text) {
    return zones::Name::from_text(text, zones::Name{}).value();
}

/// Writes a reply to a query for a name. Records go into the message in the order of the calls,
/// which is that of the sections.
class ReplyWriter {
 public:
    explicit ReplyWriter(const std::string& name, std::uint16_t flags = 0)
        : message_{transfer::plain_query(name_of(name), 1, zones::rr::NS,
                                         std::size_t{wire::flag_qr} | flags, 1232)} {
        opt_.assign(message_.end() - 11, message_.end());
        message_.resize(message_.size() - 11);
        wire::write16(message_, 10, 0);
    }
    ReplyWriter& answer_soa(const std::string& owner, std::uint32_t serial) {
        std::vector<std::uint8_t> data(22);
        wire::write16(data, 2, serial >> 16);
        wire::write16(data, 4, serial & 0xFFFF);
        return add(6, owner, zones::rr::SOA, data);
    }
    ReplyWriter& authority_ns(const std::string& owner, const std::string& server) {
        const auto name = name_of(server);
        return add(8, owner, zones::rr::NS, {name.wire().begin(), name.wire().end()});
    }
    ReplyWriter& glue(const std::string& owner, const std::string& text) {
        const auto address = geo::read_address(text).value();
        const bool v4 = address.family == geo::Family::V4;
        std::vector<std::uint8_t> data(v4 ? 4 : 16);
        geo::write_octets(address, data);
        return add(10, owner, v4 ? zones::rr::A : zones::rr::AAAA, data);
    }
    ReplyWriter& opt() {
        message_.insert(message_.end(), opt_.begin(), opt_.end());
        count(10);
        return *this;
    }
    [[nodiscard]] transfer::Reply reply() const { return {.message = message_, .fault = {}}; }

 private:
    void count(std::size_t at) {
        wire::write16(message_, at, std::size_t{1} + wire::read16(message_, at));
    }
    ReplyWriter& add(std::size_t section, const std::string& owner, zones::RrType type,
                     const std::vector<std::uint8_t>& data) {
        const auto name = name_of(owner);
        message_.insert(message_.end(), name.wire().begin(), name.wire().end());
        std::vector<std::uint8_t> fixed(10);
        wire::write16(fixed, 0, type);
        wire::write16(fixed, 2, 1);
        wire::write16(fixed, 8, data.size());
        message_.insert(message_.end(), fixed.begin(), fixed.end());
        message_.insert(message_.end(), data.begin(), data.end());
        count(section);
        return *this;
    }

    transfer::Message message_;
    std::vector<std::uint8_t> opt_;
};

[[nodiscard]] inline transfer::Reply silent(const std::string& fault = "timed out") {
    return {.message = {}, .fault = fault};
}

}  // namespace doctor_test_support
