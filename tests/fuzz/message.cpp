// SPDX-License-Identifier: Apache-2.0
// A message from anybody: octets in, octets out. An input is
//   which world · bit 0 TCP, bit 1 signatures are read, bit 2 an observer · which client · message
#include "dnsd/engine/observation.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/dnsd/measured_world.hpp"
#include "tests/dnsd/nodes/node.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/random_space.hpp"

#include <ldns/ldns.h>

#include <memory>
#include <optional>

using support::Bytes;

namespace {

constexpr const char* clients[] = {"127.0.0.1", "20.1.2.3",    "20.1.3.9",    "20.5.0.1",
                                   "24.0.0.1",  "2a00:1:2::1", "2600::1",     "::ffff:16.1.2.3",
                                   "10.0.0.1",  "2001:db8::1", "64:ff9b::1:1"};

const std::vector<support::World>& worlds() {
    static const auto all = [] {
        auto made = support::everything_in_all_health();
        made.push_back(support::measured_world());
        return made;
    }();
    return all;
}

constexpr unsigned reads_signatures = 2;
constexpr unsigned observers = 4;

/// The snapshots of all worlds with each of these switches.
const engine::Snapshot& snapshot_of(std::size_t world, unsigned switches) {
    static const auto all = [] {
        std::vector<engine::Snapshot> made;
        for (const auto& each : worlds()) {
            for (const unsigned set :
                 {0U, reads_signatures, observers, reads_signatures | observers}) {
                made.push_back(each.snapshot);
                if ((set & reads_signatures) != 0)
                    made.back().signatures = transfer::signatures_of(support::shared_keys());
                if ((set & observers) == 0) continue;
                made.back().observers = {support::prefix("0.0.0.0/0"), support::prefix("::/0")};
            }
        }
        return made;
    }();
    return all[world * 4 + (switches >> 1 & 3)];
}

/// A snapshot and a client to ask it.
struct Asked {
    std::size_t world;
    unsigned switches;
    const engine::Snapshot* snapshot;
    engine::Client client;

    [[nodiscard]] bool over_tcp() const { return client.transport == engine::Transport::Tcp; }
    [[nodiscard]] std::size_t respond(fuzz::Octets message, std::span<std::uint8_t> out,
                                      const engine::Observation* observation = nullptr) const {
        geo::Random random{7};
        return engine::respond(*snapshot, message, client, random, out, nullptr, observation);
    }
};

Asked asked_of(fuzz::Input& input) {
    static const auto addresses = [] {
        std::vector<geo::Address> read;
        for (const auto* text : clients) read.push_back(support::address(text));
        return read;
    }();
    const auto world = input.octet() % worlds().size();
    const auto switches = input.octet();
    const auto transport = (switches & 1) != 0 ? engine::Transport::Tcp : engine::Transport::Udp;
    const auto& address = addresses[input.octet() % addresses.size()];
    return {world,
            switches,
            &snapshot_of(world, switches),
            {.address = address, .transport = transport}};
}

std::size_t limit_of(const Asked& asked) {
    return asked.over_tcp() ? wire::max_message : asked.snapshot->udp_payload;
}

/// Room for a response. What is behind it must stay as it is.
class Room {
 public:
    [[nodiscard]] std::span<std::uint8_t> of(const Asked& asked) {
        limit_ = limit_of(asked);
        std::ranges::fill(behind(), untouched);
        return octets_;
    }
    [[nodiscard]] fuzz::Octets checked(std::size_t size) {
        fuzz::expect(size <= limit_, "a response is no longer than its room");
        for (const auto octet : behind())
            fuzz::expect(octet == untouched, "nothing is written behind the limit");
        return std::span{octets_}.first(size);
    }

 private:
    static constexpr std::size_t guard = 64;
    static constexpr std::uint8_t untouched = 0xA5;
    [[nodiscard]] std::span<std::uint8_t> behind() {
        return std::span{octets_}.subspan(limit_, guard);
    }

    std::size_t limit_ = 0;
    Bytes octets_ = Bytes(wire::max_message + guard);
};

struct Free {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, Free>;

Packet read(fuzz::Octets message) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, message.data(), message.size()) != LDNS_STATUS_OK) return nullptr;
    return Packet{packet};
}

/// What the client takes, by the second opinion. Without one, or of a query that is broken further
/// on, it may be either.
std::size_t payload_of(const ldns_pkt* query, const Asked& asked) {
    if (asked.over_tcp()) return wire::max_message;
    if (query == nullptr) return asked.snapshot->udp_payload;
    if (!ldns_pkt_edns(query)) return wire::min_payload;
    return std::clamp<std::size_t>(ldns_pkt_edns_udp_size(query), wire::min_payload,
                                   asked.snapshot->udp_payload);
}

/// Where the first question ends; it is not compressed.
std::optional<std::size_t> question_end(fuzz::Octets message) {
    std::size_t at = wire::header_size;
    while (at < message.size() && message[at] != 0 && message[at] < 64) at += message[at] + 1U;
    at += 5;
    return at <= message.size() ? std::optional{at} : std::nullopt;
}

bool same_question(fuzz::Octets message, fuzz::Octets response) {
    const auto end = question_end(response);
    if (!end || *end > message.size()) return false;
    const auto question = [&](fuzz::Octets octets) {
        return octets.subspan(wire::header_size, *end - wire::header_size);
    };
    return std::ranges::equal(question(message), question(response));
}

void check_header(fuzz::Octets message, fuzz::Octets response, const Asked& asked) {
    using fuzz::expect;
    expect(message.size() >= wire::header_size, "what has no header gets no response");
    expect((message[2] & 0x80) == 0, "a response gets no response");
    expect(response.size() >= wire::header_size, "a response has a header");
    expect(wire::read16(message, 0) == wire::read16(response, 0), "the id is that of the query");
    expect((response[2] & 0x80) != 0, "a response says that it is one");
    expect((message[2] & 0x78) == (response[2] & 0x78), "the opcode is that of the query");
    expect((response[3] & 0xC0) == 0, "recursion is not available, and Z is zero");
    expect((response[2] & 2) == 0 || !asked.over_tcp(), "nothing is truncated over TCP");
}

void check_question(fuzz::Octets message, const ldns_pkt* query, fuzz::Octets response) {
    using fuzz::expect;
    const auto questions = wire::read16(response, 4);
    const auto rcode = response[3] & 0xF;
    expect(questions <= 1, "a response has one question or none");
    if (questions == 1)
        expect(same_question(message, response), "the question is that of the query");
    else  // BADVERS, say, or a cookie alone (RFC 7873 §5.4)
        expect(wire::read16(response, 6) == 0 && wire::read16(response, 8) == 0,
               "without a question there is no answer");
    const bool plain = query != nullptr && ldns_pkt_get_opcode(query) == LDNS_PACKET_QUERY;
    if (plain && ldns_pkt_qdcount(query) == 1 && questions == 0)
        expect(rcode == LDNS_RCODE_FORMERR, "a question is repeated, or it is malformed");
}

void check_subnet(const support::Answer& answer, bool asked_with_edns) {
    fuzz::expect(!answer.opt || asked_with_edns, "OPT comes only when the query had it");
    const auto subnet = answer.option(8);
    if (!subnet) return;
    fuzz::expect(subnet->size() >= 4, "a client subnet is whole");
    const auto width = (*subnet)[1] == 1 ? 32 : 128;
    fuzz::expect((*subnet)[2] <= width && (*subnet)[3] <= width, "a prefix fits its family");
}

void check(fuzz::Octets message, fuzz::Octets response, const Asked& asked) {
    if (response.empty()) return;
    check_header(message, response, asked);
    const auto query = read(message);
    check_question(message, query.get(), response);
    fuzz::expect(response.size() <= payload_of(query.get(), asked),
                 "a response is no longer than the client takes");
    // Throws if ldns cannot read all of it.
    const auto answer = support::decode(response);
    check_subnet(answer, query == nullptr || ldns_pkt_edns(query.get()));
    fuzz::expect(answer.opt || response.size() <= wire::min_payload || asked.over_tcp(),
                 "without OPT 512 octets are the limit");
}

Bytes response_to(fuzz::Octets message, const Asked& asked,
                  const engine::Observation* observation = nullptr) {
    static Room room;
    const auto size = asked.respond(message, room.of(asked), observation);
    if (size == engine::deferred) return {};
    const auto response = room.checked(size);
    check(message, response, asked);
    return {response.begin(), response.end()};
}

/// As the control thread answers what was deferred.
void observe(fuzz::Octets message, Asked asked) {
    asked.snapshot = &snapshot_of(asked.world, asked.switches & ~reads_signatures);
    static const engine::Observation observation{
        .lines = {std::string(255, 'x'), "", "edge=newyork state=up"}, .scope = 24};
    static Room room;
    const auto size = asked.respond(message, room.of(asked), &observation);
    fuzz::expect(size != engine::deferred, "what was observed is not deferred again");
    check(message, room.checked(size), asked);
}

/// The message among others, some of them made from it: each is answered as if it came alone.
void check_batch(fuzz::Octets message, const Asked& asked) {
    static const auto plain = support::to_bytes(support::query_from("geo.example.", "A", ""));
    static const auto located =
        support::to_bytes(support::query_from("weighted.example.", "A", "20.1.2.0/24"));
    Bytes changed{message.begin(), message.end()};
    if (!changed.empty()) changed.back() ^= 1;
    const fuzz::Octets messages[] = {plain,   message, message.first(message.size() / 2),
                                     located, changed, message};
    engine::Query batch[std::size(messages)];
    for (std::size_t i = 0; i < std::size(messages); ++i) {
        batch[i].message = messages[i];
        batch[i].client = asked.client;
    }
    engine::read(*asked.snapshot, batch);
    for (auto& query : batch) {
        static Room together;
        static Room alone;
        geo::Random random{7};
        const auto size = engine::respond(*asked.snapshot, query, random, together.of(asked));
        fuzz::expect(size == asked.respond(query.message, alone.of(asked)),
                     "a batch is answered as its queries alone");
        if (size == engine::deferred) continue;
        fuzz::expect(std::ranges::equal(together.checked(size), alone.checked(size)),
                     "a batch is answered as its queries alone");
    }
}

}  // namespace

/// ldns 1.8.3 keeps the records that it had read before a faulty one (ldns_wire2pkt), here those of
/// queries for the second opinion. The server reads no stranger's message by ldns.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:ldns_rr_new";
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const auto asked = asked_of(input);
    // At the end of an allocation, so that a read past it is seen.
    const Bytes message(input.rest().begin(), input.rest().end());
    const auto response = response_to(message, asked);
    fuzz::expect(response == response_to(message, asked), "the same gets the same response");
    observe(message, asked);
    check_batch(message, asked);
    return 0;
}
