// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/response.hpp"

#include "zones/name/octets.hpp"

#include <algorithm>
#include <cstring>

namespace wire {
namespace {

constexpr std::size_t pointer_limit = 0x4000;  // offsets that a compression pointer can hold
constexpr std::size_t opt_head = 11;
constexpr std::size_t option_head = 4;

}  // namespace

Response::Response(const Request& request, std::span<std::uint8_t> out, std::size_t limit) noexcept
    : request_{request}, out_{out}, limit_{limit} {
    if (request.question_end == 0) return;
    // The question goes back as it came, with the case of its letters.
    put(request.message.subspan(header_size, request.question_end - header_size));
}

void Response::put(std::size_t value) noexcept {
    write16(out_, size_, value);
    size_ += 2;
}

void Response::put(Octets octets) noexcept {
    zones::copy_octets(out_.data() + size_, octets.data(), octets.size());
    size_ += octets.size();
}

bool Response::add(Section section, const zones::WireSet& set, std::size_t owner,
                   std::size_t apex) noexcept {
    if (!room_for(set.octets.size()) || owner >= pointer_limit) return false;
    const auto begin = size_;
    put(set.octets);
    if (owner != header_size) {
        for (auto at = begin; at < size_; at = next_record(at)) write16(out_, at, 0xC000 | owner);
    }
    for (const auto fixup : set.fixups) {
        const auto at = begin + fixup;
        write16(out_, at, 0xC000 | (apex + read16(out_, at)));
    }
    count(section, set.rr_count);
    return true;
}

bool Response::add(Section section, std::size_t owner, zones::RrType type, RrClass rr_class,
                   std::uint32_t ttl, Octets rdata) noexcept {
    if (!room_for(12 + rdata.size()) || owner >= pointer_limit) return false;
    put(0xC000 | owner);
    put(std::size_t{type});
    put(static_cast<std::size_t>(rr_class));
    put(ttl >> 16);
    put(ttl & 0xFFFF);
    put(rdata.size());
    put(rdata);
    count(section, 1);
    return true;
}

bool Response::has_rdata(std::size_t record, Octets rdata) const noexcept {
    for (; record < size_; record = next_record(record)) {
        const auto found = out_.subspan(rdata_at(record), read16(out_, record + 10));
        if (std::ranges::equal(found, rdata)) return true;
    }
    return false;
}

void Response::set_ttl(std::size_t record, std::uint32_t ttl) noexcept {
    for (; record < size_; record = next_record(record)) {
        write16(out_, record + 6, ttl >> 16);
        write16(out_, record + 8, ttl & 0xFFFF);
    }
}

std::size_t Response::copy_name(std::size_t at, std::span<std::uint8_t> to) const noexcept {
    std::size_t length = 0;
    for (;;) {
        const std::size_t head = out_[at];
        if (head >= 0xC0) {
            at = read16(out_, at) & (pointer_limit - 1);
            continue;
        }
        if (length + head + 1 > to.size()) return 0;
        std::memcpy(to.data() + length, out_.data() + at, head + 1);
        length += head + 1;
        at += head + 1;
        if (head == 0) return length;
    }
}

std::size_t Response::suffix_at(std::size_t at, std::size_t labels) const noexcept {
    for (;;) {
        if (out_[at] >= 0xC0) {
            at = read16(out_, at) & (pointer_limit - 1);
        } else if (labels == 0) {
            return at;
        } else {
            at += out_[at] + std::size_t{1};
            --labels;
        }
    }
}

void Response::clear() noexcept {
    size_ = request_.question_end == 0 ? header_size : request_.question_end;
    for (auto& counter : counts_) counter = 0;
}

void Response::truncate() noexcept {
    clear();
    flags_ |= flag_tc;
}

std::size_t Response::finish(const OptContent& content, std::uint16_t payload) noexcept {
    if (request_.edns) write_opt(content, payload);
    return write_header();
}

std::size_t Response::refuse_signature(TsigFault fault, const OptContent& content,
                                       std::uint16_t payload) noexcept {
    const auto tsig = read_tsig_record(request_.message, request_.tsig_at);
    const bool told = tsig && fault != TsigFault::Malformed;
    rcode_ = told ? Rcode::NotAuth : Rcode::FormErr;
    if (request_.edns) write_opt(content, payload);
    if (told) write_unsigned(*tsig, fault);
    return write_header();
}

/// TSIG comes last (RFC 8945 §5.1).
void Response::write_unsigned(const TsigRecord& tsig, TsigFault fault) noexcept {
    const auto rdata = tsig.algorithm.length() + tsig_fixed_rdata;
    if (size_ + tsig.key.length() + 10 + rdata > limit_) {
        flags_ |= flag_tc;
        return;
    }
    put(tsig.key.wire());
    put(std::size_t{zones::rr::TSIG});
    put(std::size_t{tsig_class});
    put(0);  // TTL
    put(0);
    put(rdata);
    put(tsig.algorithm.wire());
    for (const unsigned shift : {32U, 16U, 0U}) put(tsig.time >> shift & 0xFFFF);
    put(std::size_t{tsig.fudge});
    put(0);  // no MAC
    put(read16(request_.message, 0));
    put(static_cast<std::size_t>(fault));
    put(0);  // no other data
    count(Section::Additional, 1);
}

std::size_t Response::write_header() noexcept {
    const auto asked = read16(request_.message, 2);
    const auto flags =
        flags_ | (asked & (0x7800U | flag_rd)) | (static_cast<unsigned>(rcode_) & 0xFU);
    write16(out_, 0, read16(request_.message, 0));
    write16(out_, 2, flags);
    write16(out_, 4, request_.question_end == 0 ? 0 : 1);
    for (std::size_t i = 0; i < 3; ++i) write16(out_, 6 + 2 * i, counts_[i]);
    return size_;
}

std::size_t opt_size(const Request& request, const OptContent& content) noexcept {
    if (!request.edns) return 0;
    std::size_t size = opt_head;
    if (request.edns->subnet) size += option_head + request.edns->subnet->option.size();
    if (!content.nsid.empty()) size += option_head + content.nsid.size();
    if (content.keepalive) size += option_head + 2;
    if (content.error != ExtendedError::None) size += option_head + 2;
    if (!content.cookie.empty()) size += option_head + content.cookie.size();
    return size;
}

void Response::write_opt(const OptContent& content, std::uint16_t payload) noexcept {
    out_[size_++] = 0;  // the root
    put(std::size_t{zones::rr::OPT});
    put(std::size_t{payload});
    out_[size_++] = static_cast<std::uint8_t>(static_cast<unsigned>(rcode_) >> 4);
    out_[size_++] = 0;  // version
    put(request_.edns->dnssec_ok ? 0x8000 : 0);
    put(opt_size(request_, content) - opt_head);
    const auto option = [&](OptionCode code, std::size_t length) {
        put(static_cast<std::size_t>(code));
        put(length);
    };
    if (const auto& subnet = request_.edns->subnet) {
        option(OptionCode::ClientSubnet, subnet->option.size());
        put(subnet->option);
        out_[size_ - subnet->option.size() + 3] = content.scope;
    }
    if (!content.cookie.empty()) {
        option(OptionCode::Cookie, content.cookie.size());
        put(content.cookie);
    }
    if (!content.nsid.empty()) {
        option(OptionCode::Nsid, content.nsid.size());
        std::memcpy(out_.data() + size_, content.nsid.data(), content.nsid.size());
        size_ += content.nsid.size();
    }
    if (content.keepalive) {
        option(OptionCode::Keepalive, 2);
        put(std::size_t{*content.keepalive});
    }
    if (content.error != ExtendedError::None) {
        option(OptionCode::ExtendedError, 2);
        put(static_cast<std::size_t>(content.error));
    }
    count(Section::Additional, 1);
}

}  // namespace wire
