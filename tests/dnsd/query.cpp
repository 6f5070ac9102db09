// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/query.hpp"

#include "tests/support/random_space.hpp"

#include <ldns/ldns.h>

#include <memory>
#include <stdexcept>

namespace support {

Bytes without_question(const Opt& opt) {
    Bytes message{0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    append(message, to_bytes(opt));
    return message;
}

void append(Bytes& to, const Bytes& what) {
    to.insert(to.end(), what.begin(), what.end());
}

void put16(Bytes& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}

void set16(Bytes& in, std::size_t at, std::size_t value) {
    in.at(at) = static_cast<std::uint8_t>(value >> 8);
    in.at(at + 1) = static_cast<std::uint8_t>(value);
}

Bytes name_bytes(std::string_view text) {
    ldns_rdf* raw = nullptr;
    if (ldns_str2rdf_dname(&raw, std::string{text}.c_str()) != LDNS_STATUS_OK)
        throw std::invalid_argument{"no name: " + std::string{text}};
    const std::unique_ptr<ldns_rdf, decltype(&ldns_rdf_deep_free)> name{raw, ldns_rdf_deep_free};
    return {ldns_rdf_data(raw), ldns_rdf_data(raw) + ldns_rdf_size(raw)};
}

std::uint16_t type_number(const std::string& mnemonic) {
    const auto type = ldns_get_rr_type_by_name(mnemonic.c_str());
    if (type == 0) throw std::invalid_argument{"no type: " + mnemonic};
    return static_cast<std::uint16_t>(type);
}

Bytes to_bytes(const Opt& opt) {
    Bytes bytes{0};
    put16(bytes, 41);
    put16(bytes, opt.payload);
    bytes.insert(bytes.end(), {0, opt.version});
    put16(bytes, opt.flags);
    Bytes options;
    for (const auto& [code, content] : opt.options) {
        put16(options, code);
        put16(options, content.size());
        append(options, content);
    }
    put16(bytes, options.size());
    append(bytes, options);
    return bytes;
}

Bytes to_bytes(const Query& query) {
    Bytes bytes;
    put16(bytes, query.id);
    put16(bytes, query.flags);
    for (const std::size_t count :
         std::initializer_list<std::size_t>{1, 0, 0, query.opt.has_value()})
        put16(bytes, count);
    append(bytes, name_bytes(query.name));
    put16(bytes, type_number(query.type));
    put16(bytes, query.rr_class);
    if (query.opt) append(bytes, to_bytes(*query.opt));
    return bytes;
}

Option client_subnet(const geo::Prefix& prefix, std::uint8_t scope) {
    const auto family = prefix.address.family;
    Bytes content{0, static_cast<std::uint8_t>(family == geo::Family::V4 ? 1 : 2), prefix.length,
                  scope};
    Bytes octets((prefix.length + 7U) / 8);
    write_octets(prefix.address, octets);
    append(content, octets);
    return {8, content};
}

Option client_subnet(std::string_view text, std::uint8_t scope) {
    return client_subnet(prefix(text), scope);
}

Query query_from(std::string name, std::string type, std::string_view subnet) {
    Query query{.name = std::move(name), .type = std::move(type)};
    if (!subnet.empty()) query.opt = Opt{.options = {client_subnet(subnet)}};
    return query;
}

}  // namespace support
