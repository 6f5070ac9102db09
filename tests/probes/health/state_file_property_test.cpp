// SPDX-License-Identifier: Apache-2.0
// Random states come back; files that are cut short or damaged at random do no harm.

#include "probes/health/state_file.hpp"
#include "tests/probes/health/saved_states.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace health_state_file_property_test {

using namespace probes_test;
using namespace std::chrono_literals;
using probes::Drain;
using probes::SavedState;
using probes::SavedTarget;
using probes::State;
using std::chrono::seconds;

namespace {

std::string random_octets(support::Generator& generator) {
    std::string text(support::draw(generator, 0, 40), ' ');
    for (auto& c : text) c = static_cast<char>(support::draw(generator, 0, 255));
    return text;
}

/// Of whole milliseconds.
std::chrono::milliseconds random_span(support::Generator& generator, std::uint64_t longest) {
    return std::chrono::milliseconds{
        support::draw(generator, 0, longest >> support::draw(generator, 0, 30))};
}

SavedTarget random_target(support::Generator& generator) {
    SavedTarget target;
    target.key = random_octets(generator);
    auto& memory = target.memory;
    memory.state = static_cast<State>(support::draw(generator, 0, 2));
    memory.since = writing.steady - random_span(generator, 1'000'000'000'000);
    for (auto i = support::draw(generator, 0, 5); i > 0; --i) {
        memory.downs.push_back(writing.steady - random_span(generator, 100'000'000));
    }
    std::ranges::sort(memory.downs);
    if (memory.state == State::Down && support::draw(generator, 0, 1) == 0) {
        memory.held_until = writing.steady + 601s + random_span(generator, 100'000'000);
    }
    return target;
}

SavedState random_state(support::Generator& generator) {
    SavedState state;
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        state.targets.push_back(random_target(generator));
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        Drain drain;
        drain.zone = random_octets(generator);
        drain.edge = random_octets(generator);
        drain.since = writing.steady - random_span(generator, 1'000'000'000'000);
        if (support::draw(generator, 0, 1) == 0) {
            drain.until = writing.steady + 601s + random_span(generator, 100'000'000'000);
        }
        if (support::draw(generator, 0, 1) == 0) drain.reach = probes::DrainReach::ThisNode;
        state.drains.push_back(drain);
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        probes::DrainWord word;
        word.said = std::chrono::milliseconds{support::draw(generator, 0, 1'000'000'000'000'000)};
        word.over = support::draw(generator, 0, 1) == 0;
        if (!word.over && support::draw(generator, 0, 1) == 0)
            word.until = seconds{support::draw(generator, 0, 1'000'000'000'000)};
        state.words.push_back({random_octets(generator), random_octets(generator), word});
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        probes::LastAgreed last;
        last.edge = random_octets(generator);
        last.state = support::draw(generator, 0, 1) == 0 ? State::Up : State::Down;
        last.lost_home = support::draw(generator, 0, 1) == 0;
        last.held = writing.steady - random_span(generator, 1'000'000'000);
        state.agreements.push_back({random_octets(generator), std::move(last)});
    }
    return state;
}

}  // namespace

TEST_CASE("any state comes back as it was written") {
    support::Generator generator{5};
    for (int run = 0; run < 500; ++run) {
        const auto state = random_state(generator);
        const auto text = probes::write_state(state, writing);
        check_equal(read_well(text, after(seconds{support::draw(generator, 0, 600)})), state);
    }
}

TEST_CASE("a state that is cut short loses what is behind the cut, and says so") {
    const auto whole = read_well(example_text, writing);
    for (std::size_t length = 0; length < example_text.size(); ++length) {
        CAPTURE(length);
        std::string fault;
        const auto state = read(example_text.substr(0, length), writing, fault);
        CHECK_FALSE(fault.empty());
        REQUIRE(state.targets.size() <= whole.targets.size());
        REQUIRE(state.drains.size() <= whole.drains.size());
        REQUIRE(state.agreements.size() <= whole.agreements.size());
        auto head = whole;
        head.targets.resize(state.targets.size());
        head.drains.resize(state.drains.size());
        head.words.resize(state.words.size());
        head.agreements.resize(state.agreements.size());
        check_equal(state, head);
    }
}

TEST_CASE("no octets break the reader, and what it reads can be written and read again") {
    support::Generator generator{99};
    const std::string tempting = "0123456789-, %\ntargetdrainupdownwrittenend";
    std::size_t survived = 0;
    for (int run = 0; run < 5'000; ++run) {
        auto text = run % 10 == 0 ? "isochrone-state 1\n" + random_octets(generator)
                                  : probes::write_state(random_state(generator), writing);
        for (auto i = support::draw(generator, 0, 4); i > 0 && !text.empty(); --i) {
            const auto at = support::draw(generator, 0, text.size() - 1);
            const auto octet = support::draw(generator, 0, 1) == 0
                                   ? static_cast<char>(support::draw(generator, 0, 255))
                                   : tempting[support::draw(generator, 0, tempting.size() - 1)];
            if (support::draw(generator, 0, 2) == 0) {
                text.erase(at, support::draw(generator, 1, 20));
            } else {
                text[at] = octet;
            }
        }
        const auto moment = support::draw(generator, 0, 1) == 0 ? after(10s) : rebooted(10s);
        std::string fault;
        const auto state = read(text, moment, fault);
        survived += state.targets.size() + state.drains.size();
        for (const auto& target : state.targets) REQUIRE(target.memory.since <= moment.steady);
        for (const auto& drain : state.drains) REQUIRE(drain.since <= moment.steady);
        const auto again = read_well(probes::write_state(state, moment), moment);
        REQUIRE(again.targets.size() == state.targets.size());
        REQUIRE(again.drains.size() == state.drains.size());
        REQUIRE(again.words == state.words);
        REQUIRE(again.agreements.size() == state.agreements.size());
    }
    CHECK(survived > 5'000);
}

}  // namespace health_state_file_property_test
