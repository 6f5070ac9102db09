// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/answer.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

std::string tidy(char* raw) {
    std::string text = raw == nullptr ? "?" : raw;
    std::free(raw);
    std::ranges::replace(text, '\t', ' ');
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

Lines lines_of(const ldns_rr_list* records) {
    Lines lines;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i)
        lines.push_back(tidy(ldns_rr2str(ldns_rr_list_rr(records, i))));
    return lines;
}

/// ldns_wire2pkt does not say what stands behind the last record.
void check_end(std::span<const std::uint8_t> response) {
    std::size_t at = 12;
    const auto count = [&](std::size_t where) {
        return static_cast<unsigned>(response[where] << 8 | response[where + 1]);
    };
    const unsigned questions = count(4);
    const unsigned records = questions + count(6) + count(8) + count(10);
    for (unsigned i = 0; i < records; ++i) {
        ldns_rr* record = nullptr;
        const auto section = i < questions ? LDNS_SECTION_QUESTION : LDNS_SECTION_ANSWER;
        if (ldns_wire2rr(&record, response.data(), response.size(), &at, section) != LDNS_STATUS_OK)
            throw std::runtime_error{"a record cannot be read"};
        ldns_rr_free(record);
    }
    if (at != response.size()) throw std::runtime_error{"octets behind the last record"};
}

Opt opt_of(ldns_pkt* packet) {
    Opt opt{.payload = ldns_pkt_edns_udp_size(packet),
            .version = ldns_pkt_edns_version(packet),
            .flags = ldns_pkt_edns_do(packet) ? std::uint16_t{0x8000} : std::uint16_t{0}};
    const auto* data = ldns_pkt_edns_data(packet);
    if (data == nullptr) return opt;
    const std::span<const std::uint8_t> octets{ldns_rdf_data(data), ldns_rdf_size(data)};
    for (std::size_t at = 0; at < octets.size();) {
        if (octets.size() - at < 4) throw std::runtime_error{"half an option"};
        const auto code = static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
        const auto length = static_cast<std::size_t>(octets[at + 2] << 8 | octets[at + 3]);
        if (octets.size() - at - 4 < length) throw std::runtime_error{"an option is cut short"};
        const auto content = octets.subspan(at + 4, length);
        opt.options.push_back({code, {content.begin(), content.end()}});
        at += 4 + length;
    }
    return opt;
}

std::string rcode_of(unsigned number) {
    if (number == 16) return "BADVERS";
    return tidy(ldns_pkt_rcode2str(static_cast<ldns_pkt_rcode>(number)));
}

std::string word(const std::string& line, std::size_t number) {
    std::istringstream words{line};
    std::string found;
    for (std::size_t i = 0; i <= number; ++i) words >> found;
    return found;
}

}  // namespace

Answer decode(std::span<const std::uint8_t> response) {
    Answer answer;
    if (response.empty()) return answer;
    ldns_pkt* raw = nullptr;
    const auto status = ldns_wire2pkt(&raw, response.data(), response.size());
    if (status != LDNS_STATUS_OK) throw std::runtime_error{ldns_get_errorstr_by_id(status)};
    const Packet packet{raw, ldns_pkt_free};
    check_end(response);
    answer.bytes.assign(response.begin(), response.end());
    answer.id = ldns_pkt_id(raw);
    answer.flags = static_cast<std::uint16_t>(response[2] << 8 | response[3]);
    answer.question = lines_of(ldns_pkt_question(raw));
    answer.answer = lines_of(ldns_pkt_answer(raw));
    answer.authority = lines_of(ldns_pkt_authority(raw));
    answer.additional = lines_of(ldns_pkt_additional(raw));
    unsigned rcode = answer.flags & 0xFU;
    if (ldns_pkt_edns(raw)) {
        answer.opt = opt_of(raw);
        rcode |= static_cast<unsigned>(ldns_pkt_edns_extended_rcode(raw)) << 4;
    }
    answer.rcode = rcode_of(rcode);
    return answer;
}

std::optional<Bytes> Answer::option(std::uint16_t code) const {
    if (!opt) return std::nullopt;
    const auto found = std::ranges::find(opt->options, code, &Option::code);
    if (found == opt->options.end()) return std::nullopt;
    return found->content;
}

int Answer::scope() const {
    const auto subnet = option(8);
    return subnet ? subnet->at(3) : -1;
}

int Answer::extended_error() const {
    const auto error = option(15);
    return error ? error->at(0) << 8 | error->at(1) : -1;
}

std::string type_of(const std::string& line) {
    return word(line, 3);
}

std::string owner_of(const std::string& line) {
    return word(line, 0);
}

Lines Answer::data(const std::string& type) const {
    Lines found;
    for (const auto& line : answer) {
        if (type_of(line) != type) continue;
        found.push_back(line.substr(line.find(" IN " + type + " ") + type.size() + 5));
    }
    return found;
}

Lines sorted(Lines lines) {
    std::ranges::sort(lines);
    return lines;
}

}  // namespace support
