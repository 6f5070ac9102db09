// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/answerer.hpp"

#include <array>
#include <new>
#include <utility>

namespace net {
namespace {

constexpr std::size_t response_size = 4096;  // the largest payload that can be configured

}  // namespace

/// Laid out once.
struct Answerer::Memory {
    // In one piece: each is gone through several times.
    std::array<engine::Query, batch_size> queries;
    std::array<Departure, batch_size> departures;
    // Responses lie back to back: they are short, so only a page or two is touched.
    std::array<std::uint8_t, batch_size * response_size> responses;
};

Answerer::Answerer(const ServerView& server, std::uint64_t seed, std::size_t lane, LateSender& late)
    : late_{late},
      observer_{server.observer},
      snapshot_{server.snapshots},
      random_{seed},
      memory_{std::make_unique_for_overwrite<Memory>()} {
    for (auto& query : memory_->queries) {
        query.client.lane = lane;
        query.client.seen = server.seen_in(lane);
        query.client.counters = server.counters_in(lane);
        query.client.limiter = &limiter_;
    }
}

Answerer::~Answerer() = default;

std::span<engine::Query> Answerer::places() noexcept {
    return memory_->queries;
}

std::span<const Departure> Answerer::answer(const Arrivals& arrivals) noexcept {
    const auto& snapshot = snapshot_.get();
    const auto count = arrivals.from.size();
    const bool more = count == batch_size;
    const auto queries = places().first(count);
    engine::read(snapshot, queries);
    std::span<std::uint8_t> room{memory_->responses};
    std::size_t answers = 0;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& from = arrivals.from[i];
        const auto size = engine::respond(snapshot, queries[i], random_, room.first(response_size));
        if (size == engine::deferred) {
            defer(queries[i], from);
        } else if (size > 0 &&
                   !(more && queries[i].slips && held_.hold(from, room.first(size), arrivals.at))) {
            memory_->departures[answers++] = {.octets = room.first(size), .to = &from};
            room = room.subspan(size);
        }
        if (size == 0 || queries[i].slips) ++refused;
    }
    refused_ = refused;
    due_ = !more || held_.due(arrivals.at) || held_.room() < batch_size;
    return std::span{memory_->departures}.first(answers);
}

std::span<const Departure> Answerer::take_held() noexcept {
    std::size_t taken = 0;
    for (; taken < batch_size && !held_.empty(); ++taken) {
        auto& reply = held_.take();
        memory_->departures[taken] = {.octets = reply.response(), .to = &reply.to};
    }
    return std::span{memory_->departures}.first(taken);
}

void Answerer::defer(const engine::Query& query, const ReturnAddress& from) noexcept {
    try {
        observer_.observe({query.message.begin(), query.message.end()}, query.client.elsewhere(),
                          [&late = late_, from](const engine::Answer& answer) {
                              if (!answer.message.empty()) late.send_late(answer.message, from);
                          });
    } catch (const std::bad_alloc&) {
        // Observers ask again; all other queries are answered without heap memory.
    }
}

}  // namespace net
