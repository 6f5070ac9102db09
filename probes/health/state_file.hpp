// SPDX-License-Identifier: Apache-2.0
#pragma once
// What survives a restart: the states of targets, what was drained by hand and the words on it that
// nodes tell each other, and what several nodes last agreed on. Text, a record a line. Instants are ages in milliseconds before the moment of writing, since the clock that they
// are measured by does not survive:
//
//   isochrone-state 1
//   written SINCE_BOOT BOOT_ID WALL                         all in seconds
//   target up|down|unknown AGE HELD DOWN,DOWN,… KEY         HELD: time left; "-": none
//   drain ZONE EDGE AGE LEFT                                LEFT: "-": without an end
//   here ZONE EDGE AGE LEFT                                 the same, at this node alone
//   word ZONE EDGE SAID UNTIL                               as drain_record.hpp has it; "-": never
//   agreed ZONE EDGE up|down yes|no AGE ASKED               yes: home did not answer behind it;
//                                                           ASKED: the digest of its check
//   end
//
// Fields are printable; blanks, "%" and all that is not ASCII are written as %20; nothing is "-".

#include "geo/base/moment.hpp"
#include "probes/check/tracker.hpp"
#include "probes/health/drain_record.hpp"
#include "probes/health/quorum.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

/// At which nodes an edge is drained.
enum class Reach : std::uint8_t { AllNodes, ThisNode };

struct Drain {
    std::string zone;
    std::string edge;
    Time since;
    std::optional<Time> until;  // nothing: until somebody ends it
    Reach reach = Reach::AllNodes;
};

struct SavedAgreement {
    std::string zone;
    LastAgreed last;
};

struct SavedState {
    std::vector<SavedTarget> targets;
    std::vector<Drain> drains;
    std::vector<SavedAgreement> agreements{};
    std::vector<DrainRecord> words{};
};

[[nodiscard]] std::string write_state(const SavedState& state, const Moment& at);

/// Reads whatever octets there are. A damaged line is skipped, and `fault` says so in a sentence;
/// it is empty when all is well. Targets are left out, and so unknown, when more than `max_age` has
/// gone by since the writing, or nobody can tell how much, and so is what was agreed. Drains are what a human wants: they stay
/// until their end has passed; when nobody can tell, no time has gone by for them.
[[nodiscard]] SavedState read_state(std::string_view text, const Moment& at,
                                    std::chrono::seconds max_age, std::string& fault);

}  // namespace probes
