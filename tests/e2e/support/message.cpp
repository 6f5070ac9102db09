// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/message.hpp"

#include "tests/support/random_space.hpp"

#include <ldns/ldns.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace e2e {
namespace {

constexpr std::uint16_t subnet_option = 8;
constexpr std::uint16_t keepalive_option = 11;

void put16(Octets& octets, std::size_t value) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value));
}

void put_name(Octets& octets, std::string_view name) {
    while (!name.empty() && name != ".") {
        const auto label = name.substr(0, name.find('.'));
        octets.push_back(static_cast<std::uint8_t>(label.size()));
        octets.insert(octets.end(), label.begin(), label.end());
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    octets.push_back(0);
}

Octets options_of(const Query& query) {
    Octets options;
    if (!query.subnet.empty()) {
        const auto prefix = support::prefix(query.subnet);
        Octets address((prefix.length + 7U) / 8);
        geo::write_octets(prefix.address, address);
        put16(options, subnet_option);
        put16(options, 4 + address.size());
        put16(options, prefix.address.family == geo::Family::V4 ? 1 : 2);
        options.push_back(prefix.length);
        options.push_back(0);
        options.insert(options.end(), address.begin(), address.end());
    }
    if (query.keepalive) {
        put16(options, keepalive_option);
        put16(options, 0);
    }
    return options;
}

struct Free {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
    void operator()(char* text) const { std::free(text); }
    void operator()(ldns_edns_option_list* options) const {
        ldns_edns_option_list_deep_free(options);
    }
};
using Text = std::unique_ptr<char, Free>;

std::string name_of(const ldns_rr* record) {
    return Text{ldns_rdf2str(ldns_rr_owner(record))}.get();
}

std::vector<std::string> read_section(const ldns_rr_list* records) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const auto* record = ldns_rr_list_rr(records, i);
        auto line = name_of(record) + " " + Text{ldns_rr_type2str(ldns_rr_get_type(record))}.get();
        for (std::size_t field = 0; field < ldns_rr_rd_count(record); ++field) {
            line += " ";
            line += Text{ldns_rdf2str(ldns_rr_rdf(record, field))}.get();
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

void read_options(ldns_pkt* packet, Reply& reply) {
    // Belongs to the packet, which makes it when it is asked for the first time.
    const auto* options = ldns_pkt_edns_get_option_list(packet);
    for (std::size_t i = 0; i < ldns_edns_option_list_get_count(options); ++i) {
        const auto* option = ldns_edns_option_list_get_option(options, i);
        const std::span data{ldns_edns_get_data(option), ldns_edns_get_size(option)};
        const auto code = static_cast<std::uint16_t>(ldns_edns_get_code(option));
        if (code == subnet_option && data.size() >= 4) reply.scope = data[3];
        if (code == keepalive_option && data.size() == 2)
            reply.keepalive = unsigned{data[0]} << 8 | data[1];
    }
}

}  // namespace

Octets to_octets(const Query& query) {
    Octets octets;
    put16(octets, query.id);
    put16(octets, query.recursion ? 0x0100 : 0);
    const bool edns = query.edns || !query.subnet.empty() || query.keepalive;
    for (const std::size_t count :
         {std::size_t{1}, std::size_t{0}, std::size_t{0}, std::size_t{edns}})
        put16(octets, count);
    put_name(octets, query.name);
    put16(octets, static_cast<std::size_t>(ldns_get_rr_type_by_name(query.type.c_str())));
    put16(octets, 1);
    if (!edns) return octets;
    const auto options = options_of(query);
    octets.push_back(0);
    put16(octets, 41);
    put16(octets, 1232);
    put16(octets, 0);
    put16(octets, 0);
    put16(octets, options.size());
    octets.insert(octets.end(), options.begin(), options.end());
    return octets;
}

std::vector<std::string> Reply::data() const {
    std::vector<std::string> data;
    for (const auto& line : answer)
        data.push_back(line.substr(line.find(' ', line.find(' ') + 1) + 1));
    return data;
}

Reply read_reply(std::span<const std::uint8_t> octets) {
    ldns_pkt* raw = nullptr;
    const auto status = ldns_wire2pkt(&raw, octets.data(), octets.size());
    if (status != LDNS_STATUS_OK)
        throw std::runtime_error{std::string{"ldns: "} + ldns_get_errorstr_by_id(status)};
    const std::unique_ptr<ldns_pkt, Free> packet{raw};
    Reply reply;
    reply.id = ldns_pkt_id(raw);
    reply.rcode = Text{ldns_pkt_rcode2str(ldns_pkt_get_rcode(raw))}.get();
    reply.response = ldns_pkt_qr(raw);
    reply.authoritative = ldns_pkt_aa(raw);
    reply.truncated = ldns_pkt_tc(raw);
    if (ldns_rr_list_rr_count(ldns_pkt_question(raw)) > 0)
        reply.question = name_of(ldns_rr_list_rr(ldns_pkt_question(raw), 0));
    reply.answer = read_section(ldns_pkt_answer(raw));
    reply.authority = read_section(ldns_pkt_authority(raw));
    if (ldns_pkt_edns(raw)) read_options(raw, reply);
    return reply;
}

}  // namespace e2e
