// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"

#include "dnsd/engine/chaos.hpp"
#include "dnsd/engine/cookie.hpp"
#include "dnsd/engine/lookup.hpp"
#include "dnsd/engine/observation.hpp"
#include "dnsd/engine/render.hpp"
#include "dnsd/engine/trace.hpp"
#include "dnsd/wire/request.hpp"
#include "dnsd/wire/response.hpp"

#include <algorithm>
#include <cstdint>

namespace engine {
namespace {

using wire::Rcode;

/// How long a response may be, OPT included.
std::size_t limit_for(const Snapshot& snapshot, const wire::Request& request,
                      const Client& client) noexcept {
    if (client.transport == Transport::Tcp) return wire::max_message;
    if (!request.edns) return wire::min_payload;
    return std::clamp<std::size_t>(request.edns->payload, wire::min_payload, snapshot.udp_payload);
}

wire::OptContent opt_content(const Snapshot& snapshot, const wire::Edns& edns,
                             const Client& client) noexcept {
    wire::OptContent content;
    if (edns.nsid && snapshot.identity.open_to(client.address)) {
        content.nsid = snapshot.identity.name;
    }
    if (edns.keepalive && client.transport == Transport::Tcp) {
        content.keepalive = snapshot.keepalive;
    }
    return content;
}

/// Judges the query's cookie and makes the one to answer with.
CookieReply read_cookie(const Snapshot& snapshot, const wire::Edns& edns,
                        const Client& client) noexcept {
    if (edns.cookie.empty() || snapshot.cookie_secrets.empty()) return {};
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(client.now).count();
    return answer_cookie(snapshot.cookie_secrets, edns.cookie, client.address,
                         static_cast<std::uint32_t>(now));
}

/// Decides whether an error may go to the client's network, and to all networks together. None
/// slips: neither TCP nor a cookie would change an error.
RateLimiter::Action limit_error(const RateLimits& limits, const Client& client) noexcept {
    const auto passes = [&](const RateKey& key, const RateLimit& limit) {
        auto& limiter = *client.limiter;
        return limit.none() || limiter.check(limiter.place_of(key), AnswerKind::Error, client.now,
                                             limit, 0) == RateLimiter::Action::Pass;
    };
    // Errors over one network's limit do not count against the limit of all.
    const bool pass =
        passes(rate_key(client.address), limits.errors) && passes(everyone, limits.all_errors);
    return pass ? RateLimiter::Action::Pass : RateLimiter::Action::Drop;
}

/// Decides whether an answer of this kind may go to the network of a client that is limited.
RateLimiter::Action limit(const Snapshot& snapshot, const Query& query, AnswerKind kind) noexcept {
    const auto& client = query.client;
    const auto& limits = snapshot.limits;
    const auto action = kind == AnswerKind::Error
                            ? limit_error(limits, client)
                            : client.limiter->check(query.rate_place, kind, client.now,
                                                    limits.answers, limits.slip);
    if (action != RateLimiter::Action::Pass && client.counters != nullptr)
        client.counters->count(action);
    return action;
}

AnswerKind kind_of(const Query& query, const wire::Response& response) noexcept {
    if (response.rcode() == Rcode::NXDomain) return AnswerKind::NxDomain;
    if (response.rcode() != Rcode::NoError) return AnswerKind::Error;
    if (response.has_answers() || query.served == nullptr) return AnswerKind::Positive;
    const bool cut = query.lookup.found == zones::Zone::Found::Delegation;
    return cut ? AnswerKind::Referral : AnswerKind::NoData;
}

/// Shrinks an answer over the limit to enough for an honest client to come back by TCP, or with the
/// cookie that it gets here (RFC 7873 §5.2.3).
void shrink(wire::Response& response, CookieState cookie) noexcept {
    if (cookie == CookieState::None) {
        response.truncate();
        response.set_rcode(Rcode::NoError);
    } else {
        response.clear();
        response.clear_flags(wire::flag_aa | wire::flag_tc);
        response.set_rcode(Rcode::BadCookie);
    }
}

/// Applies the limit. Returns false when there is to be no response.
bool keep_to_limit(const Snapshot& snapshot, Query& query, wire::Response& response) noexcept {
    if (!query.limited || query.cookie == CookieState::Good) return true;
    const auto action = limit(snapshot, query, kind_of(query, response));
    query.slips = action == RateLimiter::Action::Slip;
    if (query.slips) shrink(response, query.cookie);
    return action != RateLimiter::Action::Drop;
}

/// Reads a request with an opcode other than QUERY: only who signed it and whether it has OPT.
/// Returns false when the message is no request.
[[gnu::noinline]] bool read_other(Query& query) noexcept {
    const auto message = query.message;
    if (message.size() < wire::header_size || (message[2] & 0x80) != 0) return false;
    auto& request = query.request;
    const auto fault = wire::read_request(message, request);
    query.fault = fault == Rcode::BadVers ? fault : Rcode::NoError;
    request.question_end = 0;
    return true;
}

Rcode refusal_of(wire::Octets message) noexcept {
    const auto opcode = static_cast<wire::Opcode>(message[2] >> 3 & 0xF);
    const bool known = opcode == wire::Opcode::Notify || opcode == wire::Opcode::Update;
    return known ? Rcode::Refused : Rcode::NotImp;
}

/// Reads the client's cookie and returns what OPT will have besides what is found later. Keeps room
/// in the response for both. `cookie` holds the octets that the returned content refers to.
wire::OptContent begin_opt(const Snapshot& snapshot, Query& query, wire::Response& response,
                           CookieReply& cookie) noexcept {
    const auto& request = query.request;
    const auto& client = query.client;
    wire::OptContent content;
    if (request.edns) {
        cookie = read_cookie(snapshot, *request.edns, client);
        content = opt_content(snapshot, *request.edns, client);
        if (cookie.state != CookieState::None) content.cookie = cookie.cookie;
        // The extended error that may be added later takes these octets.
        response.reserve(wire::opt_size(request, content) + 6);
    }
    if (client.counters != nullptr) client.counters->count(cookie.state);
    query.cookie = cookie.state;
    return content;
}

/// Responds to a signed message. A sender without a key of ours gets an error like any other, and
/// it counts as one. A function of its own: inlined, the variables that it passes by reference
/// would have to lie in memory for all other queries too.
[[gnu::noinline]] std::size_t respond_to_signed(const Snapshot& snapshot, Query& query,
                                                std::span<std::uint8_t> out) noexcept {
    using wire::TsigFault;
    wire::Response response{query.request, out, limit_for(snapshot, query.request, query.client)};
    CookieReply cookie;
    const auto content = begin_opt(snapshot, query, response, cookie);
    const auto fault = snapshot.signatures == nullptr ? TsigFault::BadKey
                                                      : snapshot.signatures->judge(query.message);
    if (fault == TsigFault::None) return deferred;
    response.set_rcode(Rcode::NotAuth);
    if (!keep_to_limit(snapshot, query, response)) return 0;
    // The answer to this one is signed: a sender with a wrong clock still has the key.
    if (fault == TsigFault::BadTime) return deferred;
    return response.refuse_signature(fault, content, snapshot.udp_payload);
}

/// Notes a finding that depends on the client, for those who ask why and those who measure.
void note(const Query& query, const Steering& steering, Trace* trace) noexcept {
    const auto& client = query.client;
    if (!steering.locating.by_subnet && client.seen != nullptr)
        client.seen->note(steering.locating.address, query.origin());
    if (trace != nullptr) trace->steering = steering;
}

void count(const Query& query, const AnswerSet& answer) noexcept {
    if (query.served->board == nullptr) return;
    for (const auto edge : answer.edges) query.served->board->count(query.client.lane, edge);
}

/// Answers from the query's zone: writes one finding after the other, until an answer is complete
/// or its message is full. Returns false when another thread must answer.
bool answer(const Query& query, Findings& findings, wire::Response& response,
            wire::OptContent& content, Trace* trace) noexcept {
    if (trace != nullptr) trace->zone = query.served;
    response.set_flags(wire::flag_aa);
    Renderer renderer{*query.served->zone, query.request, query.client.transport, response};
    auto finding = findings.first();
    const auto* observed = finding.as<Observed>();
    if (observed != nullptr && observed->observation == nullptr) return false;
    bool fits = renderer.write(finding);
    for (; fits && findings.goes_on(); fits = renderer.write(finding)) finding = findings.next();
    if (const auto& steering = findings.steering()) {
        note(query, *steering, trace);
        content.scope = steering->scope;
    }
    if (!fits) return true;
    if (const auto* steered = finding.as<SteeredSet>()) count(query, steered->answer);
    if (observed != nullptr) content.scope = observed->observation->scope;
    return true;
}

}  // namespace

// Flattened, as `read` is.
[[gnu::flatten]] std::size_t respond(const Snapshot& snapshot, Query& query, geo::Random& random,
                                     std::span<std::uint8_t> out, Trace* trace,
                                     const Observation* observation) noexcept {
    const auto& request = query.request;
    const auto& client = query.client;
    const bool asks = is_query(query.message);
    if (!asks && !read_other(query)) return 0;
    if (request.is_signed()) return respond_to_signed(snapshot, query, out);
    wire::Response response{request, out, limit_for(snapshot, request, client)};
    CookieReply cookie;
    auto content = begin_opt(snapshot, query, response, cookie);

    if (query.fault != Rcode::NoError) {
        response.set_rcode(query.fault);
    } else if (!asks) {
        response.set_rcode(refusal_of(query.message));
    } else if (request.question_end == 0) {
        // RFC 7873 §5.4: the cookie is all that was asked for.
        if (snapshot.cookie_secrets.empty()) response.set_rcode(Rcode::FormErr);
    } else if (request.rr_class == static_cast<std::uint16_t>(wire::RrClass::CH)) {
        answer_chaos(snapshot.identity, request, client.address, response);
    } else if (request.rr_class != static_cast<std::uint16_t>(wire::RrClass::IN)) {
        response.set_rcode(Rcode::Refused);
    } else if (query.served == nullptr) {
        response.set_rcode(Rcode::Refused);
        content.error = wire::ExtendedError::NotAuthoritative;
    } else if (request.type == zones::rr::AXFR || request.type == zones::rr::IXFR) {
        response.set_rcode(Rcode::Refused);
    } else {
        Findings findings{snapshot, query, random, observation};
        if (!answer(query, findings, response, content, trace)) return deferred;
    }
    if (!keep_to_limit(snapshot, query, response)) return 0;
    return response.finish(content, snapshot.udp_payload);
}

std::size_t respond(const Snapshot& snapshot, wire::Octets message, const Client& client,
                    geo::Random& random, std::span<std::uint8_t> out, Trace* trace,
                    const Observation* observation) noexcept {
    Query query;
    query.message = message;
    query.client = client;
    read(snapshot, std::span{&query, 1});
    return respond(snapshot, query, random, out, trace, observation);
}

}  // namespace engine
