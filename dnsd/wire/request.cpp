// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/request.hpp"

#include "dnsd/wire/cookie.hpp"

namespace wire {
namespace {

/// Steps over a name, compressed or not; returns 0 when it runs past the end of the message.
std::size_t skip_name(Octets message, std::size_t at) noexcept {
    while (at < message.size()) {
        const auto head = message[at];
        if (head == 0) return at + 1;
        if (head >= 0xC0) return at + 2 <= message.size() ? at + 2 : 0;
        if (head > 63) return 0;
        at += head + std::size_t{1};
    }
    return 0;
}

/// Steps over `count` questions; returns 0 when they run past the end of the message.
std::size_t skip_questions(Octets message, unsigned questions) noexcept {
    auto at = header_size;
    for (; questions > 0; --questions) {
        at = skip_name(message, at);
        if (at == 0 || message.size() - at < 4) return 0;
        at += 4;
    }
    return at;
}

/// RFC 6891 §6.1.2. False calls for FORMERR.
bool read_options(Octets options, Edns& edns) noexcept {
    for (std::size_t at = 0; at < options.size();) {
        if (options.size() - at < 4) return false;
        const auto code = static_cast<OptionCode>(read16(options, at));
        const std::size_t length = read16(options, at + 2);
        if (options.size() - at - 4 < length) return false;
        const auto option = options.subspan(at + 4, length);
        at += 4 + length;
        switch (code) {
            case OptionCode::Nsid:
                edns.nsid = true;
                break;
            case OptionCode::Keepalive:
                edns.keepalive = true;
                break;
            case OptionCode::ClientSubnet:
                edns.subnet = read_client_subnet(option);
                if (!edns.subnet) return false;
                break;
            case OptionCode::Cookie:
                if (!edns.cookie.empty()) break;  // RFC 7873 §5.2: the first one counts
                if (!well_formed_cookie(option)) return false;
                edns.cookie = option;
                break;
            case OptionCode::ExtendedError:
            default:
                break;  // unknown options are ignored, not echoed
        }
    }
    return true;
}

Rcode read_opt(Octets message, std::size_t fixed, Request& request) noexcept {
    if (request.edns) return Rcode::FormErr;  // RFC 6891 §6.1.1: at most one
    auto& edns = request.edns.emplace();
    edns.payload = read16(message, fixed + 2);
    edns.version = message[fixed + 5];
    edns.dnssec_ok = (message[fixed + 6] & 0x80) != 0;
    if (edns.version != 0) return Rcode::BadVers;
    const auto options = message.subspan(fixed + 10, read16(message, fixed + 8));
    return read_options(options, edns) ? Rcode::NoError : Rcode::FormErr;
}

/// False calls for FORMERR.
bool read_question(Octets message, Request& request) noexcept {
    // Nothing before a question could be pointed to, so its name is uncompressed.
    if (!request.name.assign(message.subspan(header_size))) return false;
    const std::size_t at = header_size + request.name.length();
    if (message.size() - at < 4) return false;
    request.type = read16(message, at);
    request.rr_class = read16(message, at + 2);
    request.question_end = at + 4;
    return true;
}

}  // namespace

Rcode read_request(Octets message, Request& request) noexcept {
    request.message = message;
    request.type = 0;
    request.rr_class = 0;
    request.question_end = 0;
    request.edns.reset();
    request.tsig_at = 0;
    const auto questions = read16(message, 4);
    auto result = Rcode::NoError;
    auto at = header_size;
    if (questions == 1) {
        if (!read_question(message, request)) return Rcode::FormErr;
        at = request.question_end;
    } else if (questions > 1) {
        result = Rcode::FormErr;  // RFC 9619: no more than one
        at = skip_questions(message, questions);
        if (at == 0) return result;
    }

    const unsigned before = read16(message, 6) + unsigned{read16(message, 8)};
    const unsigned records = before + read16(message, 10);
    for (unsigned i = 0; i < records; ++i) {
        const auto begin = at;
        const bool root = at < message.size() && message[at] == 0;
        at = skip_name(message, at);
        if (at == 0 || message.size() - at < 10) return Rcode::FormErr;
        const std::size_t length = read16(message, at + 8);
        if (message.size() - at - 10 < length) return Rcode::FormErr;
        const auto type = read16(message, at);
        if (type == zones::rr::OPT) {
            if (!root || i < before) return Rcode::FormErr;
            const auto opt = read_opt(message, at, request);
            if (result == Rcode::NoError || opt == Rcode::FormErr) result = opt;
        } else if (type == zones::rr::TSIG && i >= before) {
            if (i + 1 < records) return Rcode::FormErr;  // RFC 8945 §5.2: TSIG comes last
            request.tsig_at = begin;
        }
        at += 10 + length;
    }
    // Without a question only a cookie has a meaning (RFC 7873 §5.4).
    const bool cookie_alone = request.edns && !request.edns->cookie.empty() && !request.is_signed();
    if (questions == 0 && result == Rcode::NoError && !cookie_alone) return Rcode::FormErr;
    return result;
}

}  // namespace wire
