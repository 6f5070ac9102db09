// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/signed_queries.hpp"

#include "dnsd/transfer/requests.hpp"
#include "dnsd/wire/request.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace transfer {
namespace {

namespace asio = boost::asio;
namespace rr = zones::rr;
using wire::Rcode;

constexpr unsigned most_waiting = 64;  // queries for the control thread; more get SERVFAIL

/// Answers a query whose time of signing is too far from our clock (RFC 8945 §5.2.3).
Message refuse_time(wire::Octets plain, TsigChain& chain) {
    wire::Request request;
    static_cast<void>(wire::read_request(plain, request));
    auto response = begin_response(request, Rcode::NotAuth);
    append_opt(response, request);
    chain.sign(response, unix_now(), TsigFault::BadTime);
    return response;
}

class JudgeOfKeys final : public engine::Signatures {
 public:
    explicit JudgeOfKeys(std::shared_ptr<const Keys> keys) : keys_{std::move(keys)} {}

    [[nodiscard]] TsigFault judge(wire::Octets query) const noexcept override {
        try {
            const auto tsig = read_tsig(query);
            if (!tsig) return TsigFault::Malformed;
            const auto* key = keys_->find(tsig->key);
            return key == nullptr ? TsigFault::BadKey : TsigChain{*key}.verify(query, unix_now());
        } catch (const std::exception&) {  // no memory for it
            return TsigFault::BadSig;
        }
    }

 private:
    std::shared_ptr<const Keys> keys_;
};

}  // namespace

std::shared_ptr<const engine::Signatures> signatures_of(std::shared_ptr<const Keys> keys) {
    return std::make_shared<const JudgeOfKeys>(std::move(keys));
}

/// A query that has been verified; counted until it is gone.
struct SignedQueries::Question {
    Question(std::shared_ptr<std::atomic<unsigned>> counter, Message octets,
             const SignatureStamp& signature, const engine::Client& from, Reply to, TsigChain signs)
        : waiting{std::move(counter)},
          query{std::move(octets)},
          stamp{signature},
          client{from},
          reply{std::move(to)},
          chain{std::move(signs)} {}
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    ~Question() { --*waiting; }

    std::shared_ptr<std::atomic<unsigned>> waiting;
    Message query;  // without its TSIG
    SignatureStamp stamp;
    engine::Client client;
    Reply reply;
    TsigChain chain;
    wire::Request request{};
    Rcode fault = Rcode::NoError;

    [[nodiscard]] std::size_t limit(const engine::Snapshot& snapshot) const {
        if (client.transport == engine::Transport::Tcp) return wire::max_message;
        const std::size_t payload = request.edns ? request.edns->payload : wire::min_payload;
        return std::clamp<std::size_t>(payload, wire::min_payload, snapshot.udp_payload);
    }
    /// Signs the response and sends it. Without room for the signature, sends the question alone,
    /// with TC (RFC 8945 §5.3).
    void send(Message response, std::size_t limit) {
        if (response.size() + chain.size() > limit) {
            const auto flags = wire::read16(response, 2);
            response = begin_response(request, Rcode::NoError);
            append_opt(response, request);
            wire::write16(response, 2, flags | std::size_t{wire::flag_tc});
        }
        chain.sign(response, unix_now());
        reply({.message = std::move(response)});
    }
    void send(Rcode rcode) {
        auto response = begin_response(request, rcode);
        append_opt(response, request);
        send(std::move(response), wire::max_message);
    }
};

void SignedQueries::observe(std::vector<std::uint8_t> query, engine::Client client, Reply reply) {
    const auto tsig = read_tsig(query);
    if (!tsig) return next_.observe(std::move(query), client, std::move(reply));
    const auto* key = keys_ == nullptr ? nullptr : keys_->find(tsig->key);
    if (key == nullptr) return reply({});
    const auto plain = without_tsig(query, *tsig);
    TsigChain chain{*key};
    const auto fault = chain.verify(query, unix_now());
    if (fault == TsigFault::BadTime) return reply({.message = refuse_time(plain, chain)});
    if (fault != TsigFault::None) return reply({});
    client.known = true;
    const auto question = std::make_shared<Question>(waiting_, plain, stamp_of(*tsig), client,
                                                     std::move(reply), std::move(chain));
    const bool busy = waiting_->fetch_add(1) >= most_waiting;  // behind what may throw
    question->fault = wire::read_request(question->query, question->request);
    if (busy) return question->send(Rcode::ServFail);
    asio::post(context_, [this, question] { answer(question); });
}

void SignedQueries::answer(const QuestionPtr& question) {
    const auto opcode = static_cast<wire::Opcode>(question->query[2] >> 3 & 0xF);
    const auto& request = question->request;
    if (question->fault != Rcode::NoError) return answer_others(question);
    if (opcode == wire::Opcode::Notify) return answer_notify(question);
    if (opcode == wire::Opcode::Query && exchange_ != nullptr &&
        request.name.within(exchange_->zone().face().apex) &&
        request.rr_class == static_cast<std::uint16_t>(wire::RrClass::IN))
        return answer_own_zone(question);
    answer_others(question);
}

/// RFC 1996 §3.11.
void SignedQueries::answer_notify(const QuestionPtr& question) {
    const bool known =
        exchange_ != nullptr && exchange_->hear(question->request.name, question->stamp);
    if (!known) return question->send(Rcode::NotAuth);
    auto response = begin_response(question->request, Rcode::NoError);
    response[2] |= wire::flag_aa >> 8;
    append_opt(response, question->request);
    question->send(std::move(response), wire::max_message);
}

void SignedQueries::answer_own_zone(const QuestionPtr& question) {
    const auto& request = question->request;
    if (request.type == rr::AXFR || request.type == rr::IXFR) {
        if (!(request.name == exchange_->zone().face().apex)) return question->send(Rcode::NotAuth);
        return transfer(question);
    }
    question->send(answer_query(exchange_->zone(), request),
                   question->limit(*snapshots_.current()));
}

void SignedQueries::transfer(const QuestionPtr& question) {
    const auto& zone = exchange_->zone();
    const auto& request = question->request;
    const bool udp = question->client.transport == engine::Transport::Udp;
    std::optional<std::vector<Piece>> pieces;
    if (request.type == rr::IXFR) {
        const auto serial = read_ixfr_serial(question->query);
        if (!serial) return question->send(Rcode::FormErr);
        // RFC 1995 §2: if the changes have no room in a datagram, the newest SOA goes alone.
        pieces = udp ? zone.since(zone.serial()) : zone.since(*serial);
    } else if (udp) {
        return question->send(Rcode::FormErr);  // RFC 5936 §4.2
    }
    auto place = TransferPlace::take(transfers_);
    if (place == nullptr) return question->send(Rcode::ServFail);
    if (!pieces) pieces = zone.whole();
    auto outgoing = std::make_shared<Outgoing>(zone.face(), question->query, std::move(*pieces),
                                               question->chain, std::move(place));
    if (udp) return question->reply({.message = outgoing->next()});
    question->reply({.message = {}, .rest = std::move(outgoing)});
}

void SignedQueries::answer_others(const QuestionPtr& question) {
    const auto snapshot = snapshots_.current();
    const auto limit = question->limit(*snapshot);
    Message response(wire::max_message);
    geo::Random random{std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(question->query.data()), question->query.size()})};
    const auto size =
        engine::respond(*snapshot, question->query, question->client, random, response);
    if (size == engine::deferred) {
        const auto sign = [question, limit](engine::Answer answer) {
            question->send(std::move(answer.message), limit);
        };
        return next_.observe(question->query, question->client, sign);
    }
    if (size == 0) return question->reply({});
    response.resize(size);
    question->send(std::move(response), limit);
}

}  // namespace transfer
