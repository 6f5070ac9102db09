// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/versus/ledger.hpp"

#include <algorithm>
#include <iomanip>
#include <limits>
#include <sstream>

namespace versus {
namespace {

constexpr std::size_t ids = 1 << 16;
constexpr std::chrono::seconds patience{1};
constexpr std::chrono::milliseconds soon_limit{1};

}  // namespace

Ledger::Ledger(const Questions& questions, Check check, std::size_t expected)
    : questions_{questions}, check_{check}, slots_(ids), latencies_(expected) {
    latencies_.clear();
}

std::size_t Ledger::ask(std::span<std::uint8_t, largest_query> out, Clock::time_point now) {
    while (slots_[next_id_].waits) ++next_id_;
    slots_[next_id_] = {.sent = now, .question = next_question_, .waits = true};
    const auto query = questions_[next_question_].query;
    std::ranges::copy(query, out.begin());
    out[0] = static_cast<std::uint8_t>(next_id_ >> 8);
    out[1] = static_cast<std::uint8_t>(next_id_);
    ++next_id_;
    if (++next_question_ == questions_.size()) next_question_ = 0;
    ++waiting_;
    ++asked_;
    return query.size();
}

bool Ledger::take(Octets message, Clock::time_point now) {
    if (message.size() < header_size) return ++stray_, false;
    auto& slot = slots_[read16(message, 0)];
    const auto& question = questions_[slot.question];
    if (!slot.waits || !answers(message, question)) return ++stray_, false;
    slot.waits = false;
    --waiting_;
    if (check_ == Check::Answer && !right(message, question)) return ++wrong_, true;
    ++answered_;
    const auto latency = std::chrono::nanoseconds{now - slot.sent}.count();
    latencies_.push_back(static_cast<std::uint32_t>(
        std::min<std::int64_t>(latency, std::numeric_limits<std::uint32_t>::max())));
    return true;
}

void Ledger::give_up(Slot& slot) {
    slot.waits = false;
    --waiting_;
    ++lost_;
}

void Ledger::give_up_overdue(Clock::time_point now) {
    if (waiting_ == 0) return;
    for (auto& slot : slots_) {
        if (slot.waits && now - slot.sent > patience) give_up(slot);
    }
}

void Ledger::give_up_all() {
    for (auto& slot : slots_) {
        if (slot.waits) give_up(slot);
    }
}

double Ledger::latency_at(double share) {
    if (latencies_.empty()) return 0;
    const auto rank =
        static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies_.size() - 1));
    const auto place = latencies_.begin() + rank;
    std::nth_element(latencies_.begin(), place, latencies_.end());
    return *place / 1000.0;
}

std::string Ledger::report(std::chrono::duration<double> took, std::size_t flooded) {
    const auto soon = std::ranges::count_if(
        latencies_, [](auto latency) { return std::chrono::nanoseconds{latency} <= soon_limit; });
    std::ostringstream text;
    text << std::fixed << std::setprecision(3) << R"({"seconds": )" << took.count()
         << R"(, "asked": )" << asked_ << R"(, "answered": )" << answered_ << R"(, "within_1ms": )"
         << soon << R"(, "wrong": )" << wrong_ << R"(, "lost": )" << lost_ << R"(, "stray": )"
         << stray_ << R"(, "flooded": )" << flooded << R"(, "p50": )" << latency_at(0.5)
         << R"(, "p99": )" << latency_at(0.99) << R"(, "p999": )" << latency_at(0.999)
         << R"(, "longest": )" << latency_at(1) << "}";
    return text.str();
}

}  // namespace versus
