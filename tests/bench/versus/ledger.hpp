// SPDX-License-Identifier: Apache-2.0
#pragma once
// What has been asked and not been answered, and what came of all that was asked.

#include "tests/bench/versus/questions.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace versus {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_waiting = 60'000;  // of the 65,536 ids

enum class Check : std::uint8_t { Answer, QuestionOnly };

class Ledger {
 public:
    /// Makes room for the latencies of `expected` answers, so that no page of it is missing later.
    Ledger(const Questions& questions, Check check, std::size_t expected);

    /// Writes the next query and returns its size. At most `most_waiting` may wait for answers.
    std::size_t ask(std::span<std::uint8_t, largest_query> out, Clock::time_point now);
    /// Takes what has come. Whether it was the answer to a query that waits, right or wrong.
    bool take(Octets message, Clock::time_point now);
    /// Gives up what has waited for a second. Cheap enough for ten times a second.
    void give_up_overdue(Clock::time_point now);
    void give_up_all();

    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::size_t asked() const noexcept { return asked_; }
    /// A line of JSON. Latencies in microseconds, of what was answered; `flooded` datagrams were sent
    /// meanwhile.
    [[nodiscard]] std::string report(std::chrono::duration<double> took, std::size_t flooded);

 private:
    struct Slot {
        Clock::time_point sent;
        std::uint32_t question = 0;
        bool waits = false;
    };
    void give_up(Slot& slot);
    [[nodiscard]] double latency_at(double share);

    const Questions& questions_;
    Check check_;
    std::vector<Slot> slots_;               // by id
    std::vector<std::uint32_t> latencies_;  // ns
    std::uint16_t next_id_ = 0;
    std::uint32_t next_question_ = 0;
    std::size_t waiting_ = 0;
    std::size_t asked_ = 0;
    std::size_t answered_ = 0;
    std::size_t wrong_ = 0;
    std::size_t lost_ = 0;
    std::size_t stray_ = 0;  // answers to nothing that waits
};

}  // namespace versus
