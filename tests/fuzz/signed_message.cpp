// SPDX-License-Identifier: Apache-2.0
// Messages with and without signatures. An input is
//   bit 0 TCP · message
// The message comes as it is, and signed by a key that is known: then its answer is signed too, and
// belongs to it.
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "dnsd/transfer/requests.hpp"
#include "dnsd/wire/record_reader.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/nodes/node.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

using support::Bytes;
using transfer::TsigFault;

namespace {

/// A node without peers and sockets, that answers for all zones there are and its own.
class Answerer {
 public:
    Answerer() {
        queries_.trust(keys_);
        queries_.serve(&exchange_);
        for (int i = 0; i < 40; ++i) {
            const auto text = "rtt=" + std::to_string(10 + i) + "ms " + std::string(200, 'x');
            transfer::Changes changes;
            changes.set["203-0-" + std::to_string(i) + "-0/24.clients"] = text;
            exchange_.publish(changes);
        }
    }

    /// All messages of the answer; nothing when there is none, or it needs no signature.
    std::vector<Bytes> ask(const Bytes& query, engine::Transport transport) {
        std::optional<engine::Answer> answer;
        engine::Client client;
        client.transport = transport;
        geo::Random random{7};
        if (engine::respond(*snapshots_.current(), query, client, random, room_) !=
            engine::deferred)
            return {};
        queries_.observe(query, client, [&](engine::Answer given) { answer = std::move(given); });
        context_.restart();
        context_.poll();
        fuzz::expect(answer.has_value(), "each query is replied to");
        std::vector<Bytes> messages;
        if (!answer->message.empty()) messages.push_back(answer->message);
        if (answer->rest == nullptr) return messages;
        for (auto next = answer->rest->next(); !next.empty(); next = answer->rest->next())
            messages.push_back(std::move(next));
        return messages;
    }

    [[nodiscard]] const transfer::TsigKey& key() const { return keys_->first(); }
    [[nodiscard]] std::size_t payload() const { return snapshots_.current()->udp_payload; }

 private:
    [[nodiscard]] std::shared_ptr<const engine::Snapshot> snapshot() const {
        auto made = std::make_shared<engine::Snapshot>(support::everything().snapshot);
        made->signatures = transfer::signatures_of(keys_);
        return made;
    }

    Bytes room_ = Bytes(wire::max_message);
    boost::asio::io_context context_{1};
    std::shared_ptr<const transfer::Keys> keys_ = support::shared_keys();
    engine::Snapshots snapshots_{snapshot()};
    support::NobodyElse nobody_;
    transfer::SignedQueries queries_{context_, snapshots_, nobody_};
    transfer::Exchange exchange_{
        context_, keys_, {support::apex_of("a"), support::apex_of("ns"), {}}, {}};
};

void walk(fuzz::Octets message) {
    auto reader = wire::RecordReader::open(message);
    wire::Record record;
    while (reader && reader->left() > 0 && reader->next(record)) {
        fuzz::expect(record.at < message.size(), "a record is in its message");
        fuzz::expect(
            record.rdata.data() >= message.data() &&
                record.rdata.data() + record.rdata.size() <= message.data() + message.size(),
            "RDATA is in its message");
    }
    static_cast<void>(transfer::read_ixfr_serial(message));
}

void read_as_it_is(const Bytes& message, const transfer::TsigKey& key) {
    walk(message);
    const auto tsig = transfer::read_tsig(message);
    fuzz::expect(tsig || tsig.error() != TsigFault::None, "no signature has a reason");
    if (tsig) {
        fuzz::expect(transfer::without_tsig(message, *tsig).size() == tsig->at,
                     "a message ends where its signature began");
    }
    fuzz::expect(transfer::TsigChain{key}.verify(message, 1'700'000'000) != TsigFault::None,
                 "nobody guesses a signature");
}

void check_size(fuzz::Octets plain, fuzz::Octets answer, std::size_t payload) {
    wire::Request request;
    const bool read = wire::read_request(plain, request) == wire::Rcode::NoError;
    const std::size_t asked = read && request.edns ? request.edns->payload : wire::min_payload;
    fuzz::expect(answer.size() <= std::clamp<std::size_t>(asked, wire::min_payload, payload),
                 "an answer is no longer than the client takes");
}

/// All of it are records.
bool is_whole(fuzz::Octets message) {
    auto reader = wire::RecordReader::open(message);
    wire::Record record;
    while (reader && reader->left() > 0) {
        if (!reader->next(record)) return false;
    }
    return reader && reader->at_end();
}

void ask_signed(Answerer& answerer, const Bytes& message, engine::Transport transport) {
    if (message.size() < wire::header_size) return;
    auto query = message;
    const bool countable = wire::read16(query, 10) < 0xFFFF;
    if (!countable) return;
    transfer::TsigChain chain{answerer.key()};
    chain.sign(query, transfer::unix_now());
    const auto tsig = transfer::read_tsig(query);
    // What is no message may become one by what is appended.
    const bool whole = is_whole(message);
    if (tsig && whole)
        fuzz::expect(transfer::without_tsig(query, *tsig) == message,
                     "a signature leaves no trace");
    for (const auto& answer : answerer.ask(query, transport)) {
        static_cast<void>(support::decode(answer));
        if (transport == engine::Transport::Udp) check_size(message, answer, answerer.payload());
        if (tsig && whole)
            fuzz::expect(chain.verify(answer, transfer::unix_now()) == TsigFault::None,
                         "the answer is signed");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Answerer answerer;
    fuzz::Input input{data, size};
    const auto transport =
        (input.octet() & 1) != 0 ? engine::Transport::Tcp : engine::Transport::Udp;
    const Bytes message(input.rest().begin(), input.rest().end());
    read_as_it_is(message, answerer.key());
    for (const auto& answer : answerer.ask(message, transport))
        static_cast<void>(support::decode(answer));
    ask_signed(answerer, message, transport);
    return 0;
}
