// SPDX-License-Identifier: Apache-2.0
#include "zones/file/soa_reader.hpp"

#include "zones/file/zone_ttls.hpp"
#include "zones/json/duration.hpp"
#include "zones/name/record.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace zones {
namespace {

void put32(std::vector<std::uint8_t>& to, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}

WrittenName read_mailbox(const std::optional<Json>& value, const WrittenName& origin) {
    if (!value) return WrittenName::from_text("hostmaster", origin).value_or(origin);
    const auto text = value->string("a mail address");
    if (!text) return origin;
    // The part before the @ is one label (RFC 1035 §8), dots and all.
    std::string local;
    std::size_t at = 0;
    for (; at < text->size() && (*text)[at] != '@'; ++at) {
        if ((*text)[at] == '.') local += '\\';
        local += (*text)[at];
        if ((*text)[at] == '\\' && at + 1 < text->size()) local += (*text)[++at];
    }
    const auto name =
        at == text->size()
            ? WrittenName::from_text(*text, origin)
            : WrittenName::from_text(local + "." + std::string{text->substr(at + 1)} + ".", origin);
    if (!name) value->expected("a mail address, as in \"hostmaster@example.com\"");
    return name.value_or(origin);
}

}  // namespace

void SoaReader::note_record(const Json& where) {
    if (root_.find("soa")) where.key_fault("the zone has \"soa\" already; one of them must go");
    has_record_ = true;
    serial_of_ = SerialOf::Zone;
}

/// The default SOA, changed where "soa" says so. RFC 1912 §2.2 has the usual times; negative
/// answers are short here, so that a name that comes to life is seen soon.
void SoaReader::read(const WrittenName& origin, Contents& contents) {
    if (has_record_) return;
    const auto soa = root_.find("soa");
    if (soa && !soa->object("an object of the SOA's fields")) return;
    if (soa) {
        soa->allow_keys(
            {"primary", "mailbox", "serial", "refresh", "retry", "expire", "negative_ttl", "ttl"});
    }
    const auto field = [&](std::string_view key) { return soa ? soa->find(key) : std::nullopt; };
    const auto time = [&](std::string_view key, std::uint32_t otherwise) {
        const auto value = field(key);
        return value ? read_seconds(*value).value_or(otherwise) : otherwise;
    };
    if (const auto serial = field("serial")) {
        serial_of_ = SerialOf::Zone;
        serial_ = static_cast<std::uint32_t>(
            serial->integer(0, 0xFFFFFFFF, "an integer from 0 to 4294967295").value_or(0));
    }
    Rdata rdata;
    const auto put = [&](const WrittenName& name) {
        rdata.octets.insert(rdata.octets.end(), name.wire().begin(), name.wire().end());
    };
    put(read_primary(field("primary"), origin));
    put(read_mailbox(field("mailbox"), origin));
    put32(rdata.octets, serial_);
    put32(rdata.octets, time("refresh", 7200));
    put32(rdata.octets, time("retry", 900));
    put32(rdata.octets, time("expire", 1209600));
    put32(rdata.octets, time("negative_ttl", 60));
    const std::span<const std::uint8_t> octets{rdata.octets};
    contents.add(origin.folded(), rr::SOA, time("ttl", ZoneTtls::usual), {&octets, 1},
                 soa.value_or(root_).position());
}

/// Returns the name that "primary" has, else the first name server.
WrittenName SoaReader::read_primary(const std::optional<Json>& value,
                                    const WrittenName& origin) const {
    if (value) {
        const auto text = value->string("a name");
        const auto name = text ? WrittenName::from_text(*text, origin) : std::nullopt;
        if (text && !name) value->expected("a name");
        return name.value_or(origin);
    }
    const auto servers = root_.find("nameservers");
    const auto members = servers ? servers->members() : std::vector<Json::Member>{};
    if (members.empty()) return origin;
    return WrittenName::from_text(members.front().key, origin).value_or(origin);
}

}  // namespace zones
